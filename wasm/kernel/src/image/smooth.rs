//! Gaussian smoothing of bytes.

/// Smooths rows of `width` bytes; pixels beyond the edges repeat those at them. A standard deviation below a
/// quarter of a pixel, or none, changes nothing.
pub fn gaussian(bytes: &mut [u8], width: usize, sigma: f32, spare: &mut Vec<u8>) {
    if !(sigma >= 0.25) || width == 0 || bytes.len() < width {
        return;
    }
    let weights = weights(sigma.min(MAX_SIGMA));
    spare.clear();
    spare.resize(bytes.len(), 0);
    let mut padded = vec![0u8; width + 2 * (weights.len() - 1)];
    let mut sums = vec![0u32; width];
    for (from, to) in bytes.chunks_exact(width).zip(spare.chunks_exact_mut(width)) {
        smooth_row(from, &weights, &mut padded, &mut sums, to);
    }
    smooth_down(spare, width, &weights, &mut sums, bytes);
}

/// Beyond it the kernel would be longer than any hand is wide.
const MAX_SIGMA: f32 = 64.0;
/// Weights sum to `1 << BITS`.
const BITS: u32 = 16;

/// Half of the kernel from its middle on, up to three standard deviations.
fn weights(sigma: f32) -> Vec<u32> {
    let reach = (3.0 * sigma).ceil() as usize;
    let scale = f64::from(sigma) * f64::from(sigma);
    let raw: Vec<f64> = (0..=reach).map(|at| (-0.5 * (at * at) as f64 / scale).exp()).collect();
    let total = raw[0] + 2.0 * raw[1..].iter().sum::<f64>();
    let one = f64::from(1u32 << BITS);
    let mut weights: Vec<u32> = raw.iter().map(|weight| (weight / total * one).round() as u32).collect();
    // What rounding lost goes to the middle.
    let others: u32 = weights[1..].iter().sum();
    weights[0] = (1 << BITS) - 2 * others;
    weights
}

fn smooth_row(from: &[u8], weights: &[u32], padded: &mut [u8], sums: &mut [u32], to: &mut [u8]) {
    let reach = weights.len() - 1;
    let width = from.len();
    padded[..reach].fill(from[0]);
    padded[reach..reach + width].copy_from_slice(from);
    padded[reach + width..].fill(from[width - 1]);
    add_weighted(&padded[reach..reach + width], weights[0], sums, true);
    for (at, &weight) in weights.iter().enumerate().skip(1) {
        add_weighted(&padded[reach - at..reach - at + width], weight, sums, false);
        add_weighted(&padded[reach + at..reach + at + width], weight, sums, false);
    }
    round_into(sums, to);
}

fn smooth_down(from: &[u8], width: usize, weights: &[u32], sums: &mut [u32], to: &mut [u8]) {
    let rows = from.len() / width;
    let line = |row: usize| &from[row * width..(row + 1) * width];
    for (row, to) in to.chunks_exact_mut(width).enumerate() {
        add_weighted(line(row), weights[0], sums, true);
        for (at, &weight) in weights.iter().enumerate().skip(1) {
            add_weighted(line(row.saturating_sub(at)), weight, sums, false);
            add_weighted(line((row + at).min(rows - 1)), weight, sums, false);
        }
        round_into(sums, to);
    }
}

fn add_weighted(bytes: &[u8], weight: u32, sums: &mut [u32], is_first: bool) {
    for (sum, &byte) in sums.iter_mut().zip(bytes) {
        let before = if is_first { 1 << (BITS - 1) } else { *sum };
        *sum = before + weight * u32::from(byte);
    }
}

fn round_into(sums: &[u32], to: &mut [u8]) {
    to.iter_mut().zip(sums).for_each(|(to, sum)| *to = (sum >> BITS) as u8);
}
