//! Upright parts of a picture as they are, and smaller pictures.

use super::frame::Frame;

/// Copies the part that begins at `left` and `top`, `width` pixels a row; black where there is no picture.
pub fn cut(frame: &Frame, left: i64, top: i64, width: usize, rgb: &mut [u8]) {
    rgb.fill(0);
    if width == 0 {
        return;
    }
    let from = left.clamp(0, frame.width as i64);
    let to = left.saturating_add(width as i64).clamp(from, frame.width as i64);
    for (row, line) in rgb.chunks_exact_mut(3 * width).enumerate() {
        let y = top.saturating_add(row as i64);
        if from < to && y >= 0 && y < frame.height as i64 {
            let start = 3 * (y as usize * frame.width + from as usize);
            let bytes = 3 * (to - from) as usize;
            let at = 3 * (from - left) as usize;
            line[at..at + bytes].copy_from_slice(&frame.rgb[start..start + bytes]);
        }
    }
}

/// Writes a picture smaller by a whole factor: means of squares. Squares that reach over the edges are left out
/// where there are whole ones. Returns its width and height.
pub fn shrink(frame: &Frame, factor: usize, rgb: &mut Vec<u8>) -> (usize, usize) {
    let factor = factor.clamp(1, 4096).min(frame.width.max(1)).min(frame.height.max(1));
    let (width, height) = (frame.width / factor, frame.height / factor);
    rgb.clear();
    if factor == 1 {
        rgb.extend_from_slice(&frame.rgb[..3 * width * height]);
        return (width, height);
    }
    let mut sums = vec![0u32; 3 * width * factor];
    let mut short = vec![0u16; sums.len()];
    for row in 0..height {
        sums.fill(0);
        // Sums of 256 bytes fit into 16 bits, of which eight are added at once.
        for first in (0..factor).step_by(256) {
            short.fill(0);
            for y in row * factor + first..row * factor + factor.min(first + 256) {
                let line = &frame.rgb[3 * y * frame.width..][..short.len()];
                short.iter_mut().zip(line).for_each(|(sum, &byte)| *sum += u16::from(byte));
            }
            sums.iter_mut().zip(&short).for_each(|(sum, &part)| *sum += u32::from(part));
        }
        push_means(&sums, factor, rgb);
    }
    (width, height)
}

fn push_means(sums: &[u32], factor: usize, rgb: &mut Vec<u8>) {
    let count = (factor * factor) as u32;
    let scale = (1u64 << 32).div_ceil(u64::from(count));
    for square in sums.chunks_exact(3 * factor) {
        for part in 0..3 {
            let sum: u32 = square[part..].iter().step_by(3).sum();
            rgb.push(((u64::from(sum + count / 2) * scale) >> 32) as u8);
        }
    }
}
