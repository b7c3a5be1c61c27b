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
    let mut sums = vec![0u16; width];
    let mut empty = Vec::with_capacity(bytes.len() / width);
    for (from, to) in bytes.chunks_exact(width).zip(spare.chunks_exact_mut(width)) {
        empty.push(from.iter().all(|&byte| byte == 0));
        if empty.last() == Some(&false) {
            smooth_row(from, &weights, &mut padded, &mut sums, to);
        }
    }
    smooth_down(spare, &empty, &weights, &mut sums, bytes);
}

/// Beyond it weights would be too small for their bits.
const MAX_SIGMA: f32 = 8.0;
/// Weights sum to `1 << BITS`, so that sums of weighted bytes fit into 16 bits.
const BITS: u32 = 8;

/// Half of the kernel from its middle on, up to three standard deviations.
fn weights(sigma: f32) -> Vec<u16> {
    let reach = (3.0 * sigma).ceil() as usize;
    let scale = f64::from(sigma) * f64::from(sigma);
    let raw: Vec<f64> = (0..=reach).map(|at| (-0.5 * (at * at) as f64 / scale).exp()).collect();
    let total = raw[0] + 2.0 * raw[1..].iter().sum::<f64>();
    let one = f64::from(1u16 << BITS);
    // Sums are rounded rather than weights, so that errors do not add up.
    let mut sum = 0.0;
    let mut weights: Vec<u16> = raw
        .iter()
        .map(|weight| {
            let before = (sum * one).round();
            sum += weight / total;
            ((sum * one).round() - before) as u16
        })
        .collect();
    let others: u16 = weights[1..].iter().sum();
    weights[0] = (1 << BITS) - 2 * others;
    weights
}

fn smooth_row(from: &[u8], weights: &[u16], padded: &mut [u8], sums: &mut [u16], to: &mut [u8]) {
    let reach = weights.len() - 1;
    let width = from.len();
    padded[..reach].fill(from[0]);
    padded[reach..reach + width].copy_from_slice(from);
    padded[reach + width..].fill(from[width - 1]);
    sums.fill(HALF);
    add_weighted(&padded[reach..reach + width], weights[0], sums);
    for (at, &weight) in weights.iter().enumerate().skip(1) {
        add_weighted(&padded[reach - at..reach - at + width], weight, sums);
        add_weighted(&padded[reach + at..reach + at + width], weight, sums);
    }
    round_into(sums, to);
}

fn smooth_down(from: &[u8], empty: &[bool], weights: &[u16], sums: &mut [u16], to: &mut [u8]) {
    let (rows, width) = (empty.len(), sums.len());
    for (row, to) in to.chunks_exact_mut(width).enumerate() {
        sums.fill(HALF);
        for (at, &weight) in weights.iter().enumerate() {
            let both = [row.saturating_sub(at), (row + at).min(rows - 1)];
            for &line in &both[usize::from(at == 0)..] {
                if !empty[line] {
                    add_weighted(&from[line * width..(line + 1) * width], weight, sums);
                }
            }
        }
        round_into(sums, to);
    }
}

/// Half of the last bit that is kept.
const HALF: u16 = 1 << (BITS - 1);

fn add_weighted(bytes: &[u8], weight: u16, sums: &mut [u16]) {
    sums.iter_mut().zip(bytes).for_each(|(sum, &byte)| *sum += weight * u16::from(byte));
}

fn round_into(sums: &[u16], to: &mut [u8]) {
    to.iter_mut().zip(sums).for_each(|(to, sum)| *to = (sum >> BITS) as u8);
}

#[cfg(test)]
mod tests {
    use super::gaussian;

    /// Sums over all pixels in double precision.
    fn slow(bytes: &[u8], width: usize, sigma: f64) -> Vec<f64> {
        let rows = bytes.len() / width;
        let reach = (3.0 * sigma).ceil() as i64;
        let weight = |d: i64| (-0.5 * (d * d) as f64 / (sigma * sigma)).exp();
        let total: f64 = (-reach..=reach).map(weight).sum();
        let at = |x: i64, y: i64| {
            let (x, y) = (x.clamp(0, width as i64 - 1), y.clamp(0, rows as i64 - 1));
            f64::from(bytes[y as usize * width + x as usize])
        };
        let mut smoothed = Vec::new();
        for y in 0..rows as i64 {
            for x in 0..width as i64 {
                let row = |j: i64| (-reach..=reach).map(|i| weight(i) * at(x + i, y + j)).sum::<f64>();
                let sum: f64 = (-reach..=reach).map(|j| weight(j) * row(j)).sum();
                smoothed.push(sum / (total * total));
            }
        }
        smoothed
    }

    #[test]
    fn is_the_weighted_mean() {
        let mut bytes: Vec<u8> = (0..30 * 21).map(|at| ((at * 7919) % 256) as u8).collect();
        bytes[30 * 9..30 * 14].fill(0);
        for sigma in [0.5f32, 1.0, 2.3, 4.0] {
            let expected = slow(&bytes, 30, f64::from(sigma));
            let mut found = bytes.clone();
            gaussian(&mut found, 30, sigma, &mut Vec::new());
            for (&found, expected) in found.iter().zip(expected) {
                // Weights have eight bits.
                assert!((f64::from(found) - expected).abs() < 2.0, "{sigma}: {found} {expected}");
            }
        }
    }

    #[test]
    fn keeps_what_is_even() {
        let mut bytes = vec![255; 50];
        gaussian(&mut bytes, 10, 1.7, &mut Vec::new());
        assert_eq!(bytes, vec![255; 50]);
    }
}
