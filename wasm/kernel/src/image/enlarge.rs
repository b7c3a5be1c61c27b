//! Masks of cells as masks of pixels.

use super::hand_shape::Grid;
use super::runs::{encode, Cover, Patch};

/// Turns marked cells into run lengths of a picture of `width` by `height`, and tells what they cover.
pub fn encode_cells(
    cells: &[u8],
    grid: &Grid,
    (width, height): (usize, usize),
    pixels: &mut Vec<u8>,
    counts: &mut Vec<u32>,
) -> Cover {
    let mut patch = Patch { left: grid.left, top: grid.top, width: grid.columns, bytes: cells };
    if grid.step > 1 && !grid.is_empty() {
        patch.width = (grid.columns * grid.step).min(width - grid.left);
        let rows = (grid.rows * grid.step).min(height - grid.top);
        pixels.clear();
        pixels.resize(patch.width * rows, 0);
        enlarge(cells, grid, patch.width, pixels);
        patch.bytes = pixels;
    }
    encode(&patch, width, height, counts)
}

/// Marks the pixels where the cells, blended linearly, are at least half full.
fn enlarge(cells: &[u8], grid: &Grid, width: usize, pixels: &mut [u8]) {
    let columns = blends(width, grid.columns, grid.step);
    let rows = blends(pixels.len() / width, grid.rows, grid.step);
    let mut blended = vec![0f32; grid.columns];
    for (line, &(top, bottom, down)) in pixels.chunks_exact_mut(width).zip(&rows) {
        let cells = |row: usize| &cells[row * grid.columns..(row + 1) * grid.columns];
        for ((to, &upper), &lower) in blended.iter_mut().zip(cells(top)).zip(cells(bottom)) {
            *to = f32::from(upper) * (1.0 - down) + f32::from(lower) * down;
        }
        if blended.iter().all(|&cell| cell == 0.0) {
            continue;
        }
        for (pixel, &(left, right, across)) in line.iter_mut().zip(&columns) {
            let sum = blended[left] * (1.0 - across) + blended[right] * across;
            *pixel = u8::from(sum >= 127.5);
        }
    }
}

/// For each pixel of a line the two cells whose centres it lies between, and the share of the second.
fn blends(pixels: usize, cells: usize, step: usize) -> Vec<(usize, usize, f32)> {
    let place = |pixel: usize| ((pixel as f32 + 0.5) / step as f32 - 0.5).clamp(0.0, (cells - 1) as f32);
    (0..pixels)
        .map(|pixel| {
            let at = place(pixel);
            let first = at.floor() as usize;
            (first, (first + 1).min(cells - 1), at - first as f32)
        })
        .collect()
}
