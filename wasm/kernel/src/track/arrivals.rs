//! How late the quickest arrivals of blocks still are.
//!
//! Of many transfers whose delays are exponential beyond the smallest, the quickest is late by an exponential time
//! as well, a share of the mean. Coarse stamps cut off or add up to a step of their own, of which the quickest of a
//! block takes the best. Both together decide where the course through the blocks lies above the smallest delay, and
//! how much blocks scatter: the scatter is seen, and tells the rest.

use super::noise::Noise;

/// Steps that clocks are known to count in, ns.
const STEPS: [i64; 4] = [1_000_000, 100_000, 10_000, 1_000];
/// Blocks that tell the step of their stamps.
const FEWEST: usize = 8;
/// Share of the scatter by which the level of the quickest arrivals may be off.
const DOUBT: f64 = 0.12;
/// Blocks that scatter by less than this share of a step do not tell where in it they lie.
const UNSEEN: f64 = 0.1;
/// One sigma of where in a step the host reads its clock, and the device its own, as shares of the step.
const HOST_DOUBT: f64 = 0.03;
const DEVICE_DOUBT: f64 = 0.2;
/// A normal deviation over the median of its size.
const NORMAL: f64 = 1.4826;
/// Points of numerical integrals.
const POINTS: usize = 400;

/// How arrivals are stamped, and what is known of their smallest delay.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Steps of the stamps of host and device, ns; 0 when fine.
    pub host_step: f64,
    pub device_step: f64,
    /// Bounds of the smallest delay, ns.
    pub low: f64,
    pub high: f64,
}

/// The largest known step of which all times are multiples; 0 for none.
pub fn step_of(times: impl Iterator<Item = i64> + Clone) -> f64 {
    if times.clone().take(FEWEST).count() < FEWEST {
        return 0.0;
    }
    let found = STEPS.iter().find(|&&step| times.clone().all(|time| time % step == 0));
    found.map_or(0.0, |&step| step as f64)
}

/// Mean and deviation of how late the quickest arrival of a block is.
#[derive(Clone, Copy, Debug)]
struct Lateness {
    mean: f64,
    deviation: f64,
}

/// Lateness when mean delay over transfers is `share`, counted from one step ahead of the smallest delay.
fn lateness(share: f64, step: f64) -> Lateness {
    if step <= 0.0 {
        return Lateness { mean: share, deviation: share };
    }
    let top = 12.0 * share + (24.0 * share * step).sqrt().min(12.0 * share + step);
    let width = top / POINTS as f64;
    let (mut first, mut second) = (0.0, 0.0);
    for point in 0..POINTS {
        let w = (point as f64 + 0.5) * width;
        let hazard = if w < step { w * w / (2.0 * step) } else { w - 0.5 * step };
        let survives = (-hazard / share).exp() * width;
        first += survives;
        second += 2.0 * w * survives;
    }
    Lateness { mean: first, deviation: (second - first * first).max(0.0).sqrt() }
}

/// The share at which blocks scatter by a deviation.
fn share_of(deviation: f64, step: f64) -> f64 {
    let (mut low, mut high) = (deviation * 1e-3, deviation * 4.0);
    if lateness(high, step).deviation < deviation {
        return high;
    }
    for _ in 0..40 {
        let middle = (low * high).sqrt();
        if lateness(middle, step).deviation < deviation {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low * high).sqrt()
}

/// Learns from residuals (NaN where there is none) of blocks of so many arrivals how late each is, and sets that and
/// its scatter. False when there is nothing to learn from.
pub fn learn(residuals: &[f64], counts: &[f64], link: &Link, noise: &mut Noise) -> bool {
    let known: Vec<usize> = (0..residuals.len()).filter(|&i| residuals[i].is_finite() && counts[i] >= 1.0).collect();
    let mut sorted: Vec<f64> = known.iter().map(|&i| counts[i]).collect();
    if sorted.len() < FEWEST {
        noise.shift = vec![link.low; residuals.len()];
        noise.systematic = doubt(link, noise.base.sqrt());
        return true;
    }
    let middle = sorted.len() / 2;
    let typical = *sorted.select_nth_unstable_by(middle, f64::total_cmp).1;
    let usual = known.iter().copied().filter(|&i| (0.5 * typical..=2.0 * typical).contains(&counts[i]));
    let deviation = spread(usual.map(|i| residuals[i]).collect());
    let coarse = link.host_step.max(link.device_step);
    let is_unseen = deviation < UNSEEN * coarse;
    let step = if is_unseen { 0.0 } else { coarse };
    // Stamps are taken for rounded: whether a recorder cuts them instead cannot be seen.
    let ahead = 0.5 * step;
    let share = share_of(deviation.max(1.0), step);
    let table = table(step, share);
    noise.shift = Vec::with_capacity(residuals.len());
    for (i, variance) in noise.variance.iter_mut().enumerate() {
        let ratio = typical / counts.get(i).copied().unwrap_or(1.0).clamp(1.0, 1e9);
        let late = look_up(&table, ratio);
        noise.shift.push(late.mean - ahead + link.low);
        *variance = (late.deviation * late.deviation).max(1.0);
    }
    noise.systematic = doubt(link, if is_unseen { coarse / (12f64.sqrt() * DOUBT) } else { deviation });
    true
}

/// What more blocks do not lessen.
fn doubt(link: &Link, deviation: f64) -> f64 {
    let delay = (link.high - link.low).max(0.0) / 3f64.sqrt();
    let stamps = (HOST_DOUBT * link.host_step).hypot(DEVICE_DOUBT * link.device_step);
    delay.hypot(stamps).hypot(DOUBT * deviation)
}

/// Robust standard deviation of a skew distribution: half of the width that holds 68 %.
fn spread(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let last = (values.len() - 1) as f64;
    let mut at = |share: f64| *values.select_nth_unstable_by((last * share) as usize, f64::total_cmp).1;
    let (low, high) = (at(0.1587), at(0.8413));
    if high > low { 0.5 * (high - low) } else { NORMAL * high.abs() }
}

/// Octaves by which blocks may hold fewer or more arrivals than usual.
const OCTAVES: usize = 12;

fn table(step: f64, share: f64) -> Vec<Lateness> {
    (0..=2 * OCTAVES).map(|at| lateness(share * 2f64.powi(at as i32 - OCTAVES as i32), step)).collect()
}

fn look_up(table: &[Lateness], ratio: f64) -> Lateness {
    let place = (ratio.log2() + OCTAVES as f64).clamp(0.0, (2 * OCTAVES) as f64 - 1e-9);
    let (left, part) = (place as usize, place.fract());
    let mix = |a: f64, b: f64| a + part * (b - a);
    let (a, b) = (table[left], table[left + 1]);
    Lateness { mean: mix(a.mean, b.mean), deviation: mix(a.deviation, b.deviation) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn lateness_of_simulated_blocks() {
        let mut random = Random::new(11);
        for (step, mean, count) in [(0.0, 20e6, 64), (1e6, 20e6, 64), (1e6, 20e6, 160), (1e6, 5e6, 8), (1e7, 20e6, 64)] {
            let blocks: Vec<f64> = (0..20_000)
                .map(|_| {
                    let one = |random: &mut Random| mean * random.exponential() - step * random.uniform();
                    (0..count).map(|_| one(&mut random)).fold(f64::INFINITY, f64::min) + step
                })
                .collect();
            let average = blocks.iter().sum::<f64>() / 20_000.0;
            let deviation = (blocks.iter().map(|b| (b - average) * (b - average)).sum::<f64>() / 20_000.0).sqrt();
            let said = lateness(mean / f64::from(count), step);
            assert!((said.mean / average - 1.0).abs() < 0.1, "{step} {count}: {} {average}", said.mean);
            assert!((said.deviation / deviation - 1.0).abs() < 0.12, "{step} {count}: {} {deviation}", said.deviation);
            let share = share_of(said.deviation, step);
            assert!((share * f64::from(count) / mean - 1.0).abs() < 0.01);
        }
    }

    #[test]
    fn steps_of_stamps() {
        let times = [1_000_000, 5_000_000, 2_000_000, 0, 7_000_000, 3_000_000, 9_000_000, 11_000_000];
        assert_eq!(step_of(times.iter().copied()), 1e6);
        assert_eq!(step_of(times[..3].iter().copied()), 0.0);
        assert_eq!(step_of((0..20).map(|i| i * 7 + 1)), 0.0);
    }
}
