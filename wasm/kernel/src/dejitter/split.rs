//! Where within some samples the lattice moved.

use super::paths::Noise;
use super::tracker::Placed;

/// The first sample after the shift that explains most.
pub fn best_split(samples: &[Placed], noise: &Noise) -> usize {
    let half = noise.period.max(4.0 * noise.sigma);
    let value = |sample: &Placed| sample.late.clamp(-half, half);
    let total: f64 = samples.iter().map(value).sum();
    let count = samples.len() as f64;
    let (mut sum, mut best, mut gained) = (0.0, 0, total * total / count);
    for (index, sample) in samples.iter().enumerate().take(samples.len() - 1) {
        sum += value(sample);
        let before = (index + 1) as f64;
        let gain = (total - sum) * (total - sum) / (count - before);
        if gain > gained {
            (best, gained) = (index + 1, gain);
        }
    }
    best
}
