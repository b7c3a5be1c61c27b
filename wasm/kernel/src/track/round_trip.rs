//! Which probes were held up, told by their round trips.
//!
//! The round trips of quick probes scatter about a floor; those of probes that were held up lie anywhere above it.
//! Close to the floor the two cannot be told apart, so that each probe is given the probability that it was held up
//! and the time by which it then was: a mixture of a normal distribution and a uniform one, fitted by expectation
//! and maximisation (Dempster, Laird and Rubin 1977) in stretches over which the floor may differ.

/// Probes that share a floor.
const STRETCH: usize = 1024;
/// Fewest probes of which a floor is learnt.
const FEWEST: usize = 8;
/// Rounds of expectation and maximisation.
const ROUNDS: usize = 25;
/// Reach of the uniform part above the floor, in deviations.
const REACH: f64 = 8.0;
/// Least scatter of round trips that is believed, ns.
const LEAST: f64 = 1e3;

/// What a round trip says of a probe.
#[derive(Clone, Copy, Debug)]
pub struct HeldUp {
    /// Probability that the probe was held up.
    pub chance: f64,
    /// Half of the time by which it is expected to have been held up, and the deviation of that, ns.
    pub half: f64,
    pub deviation: f64,
}

impl HeldUp {
    const UNKNOWN: HeldUp = HeldUp { chance: f64::NAN, half: f64::NAN, deviation: f64::NAN };
}

/// What every round trip says; empty when none is known. Unknown ones are NaN.
pub fn judge(round_trips: &[f64]) -> Vec<HeldUp> {
    if !round_trips.iter().any(|&trip| is_known(trip)) {
        return Vec::new();
    }
    let stretches = round_trips.len().div_ceil(STRETCH);
    round_trips.chunks(round_trips.len().div_ceil(stretches)).flat_map(judge_stretch).collect()
}

fn is_known(trip: f64) -> bool {
    trip.is_finite() && (0.0..1e15).contains(&trip)
}

fn judge_stretch(trips: &[f64]) -> Vec<HeldUp> {
    let mut sorted: Vec<f64> = trips.iter().copied().filter(|&trip| is_known(trip)).collect();
    if sorted.len() < FEWEST {
        return vec![HeldUp::UNKNOWN; trips.len()];
    }
    sorted.sort_by(f64::total_cmp);
    let mixture = Mixture::of(&sorted);
    let say = |&trip: &f64| if is_known(trip) { mixture.say(trip) } else { HeldUp::UNKNOWN };
    trips.iter().map(say).collect()
}

/// Quick round trips about a floor, and slow ones above it.
#[derive(Clone, Copy, Debug)]
struct Mixture {
    floor: f64,
    sigma: f64,
    quick: f64,
    /// Slow round trips per ns.
    density: f64,
}

impl Mixture {
    fn of(sorted: &[f64]) -> Mixture {
        let floor = mode(sorted);
        let below: Vec<f64> = sorted.iter().filter(|&&trip| trip <= floor).map(|trip| floor - trip).collect();
        let sigma = (1.4826 * below[below.len() - 1 - (below.len() - 1) / 2]).max(LEAST);
        let count = sorted.len() as f64;
        let mut mixture = Mixture { floor, sigma, quick: 0.5 * count, density: 0.5 * count / (REACH * sigma) };
        for _ in 0..ROUNDS {
            mixture = mixture.improved(sorted);
        }
        mixture
    }

    fn improved(&self, sorted: &[f64]) -> Mixture {
        let top = self.floor + REACH * self.sigma;
        let (mut sum, mut sum_x, mut sum_xx, mut slow) = (0.0, 0.0, 0.0, 0.0);
        for &trip in sorted.iter().take_while(|&&trip| trip < top) {
            let quick = 1.0 - self.chance(trip);
            let x = trip - self.floor;
            sum += quick;
            sum_x += quick * x;
            sum_xx += quick * x * x;
            slow += 1.0 - quick;
        }
        if sum < 2.0 {
            return *self;
        }
        let mean = sum_x / sum;
        let sigma = (sum_xx / sum - mean * mean).max(0.0).sqrt().max(LEAST);
        Mixture { floor: self.floor + mean, sigma, quick: sum, density: slow / (REACH * self.sigma) }
    }

    fn chance(&self, trip: f64) -> f64 {
        let z = (trip - self.floor) / self.sigma;
        let slow = self.density * below(z);
        let quick = self.quick * density(z) / self.sigma;
        if slow + quick > 0.0 { slow / (slow + quick) } else { f64::from(u8::from(z > 0.0)) }
    }

    fn say(&self, trip: f64) -> HeldUp {
        let z = (trip - self.floor) / self.sigma;
        let chance = self.chance(trip);
        // A normal distribution about the excess, cut off below zero.
        let ratio = density(z) / below(z).max(1e-300);
        let mean = z + ratio;
        let variance = (1.0 - ratio * mean).max(0.0);
        let second = variance + mean * mean;
        let spread = (chance * second - chance * chance * mean * mean).max(0.0).sqrt();
        HeldUp { chance, half: 0.5 * self.sigma * chance * mean, deviation: 0.5 * self.sigma * spread }
    }
}

/// Where sorted values lie densest: halves of them are halved again (Robertson and Cryer 1974).
fn mode(sorted: &[f64]) -> f64 {
    let mut part = sorted;
    while part.len() > 3 {
        let half = part.len().div_ceil(2);
        let width = |start: usize| part[start + half - 1] - part[start];
        let best = (0..=part.len() - half).min_by(|&a, &b| width(a).total_cmp(&width(b))).unwrap_or(0);
        part = &part[best..best + half];
    }
    part.iter().sum::<f64>() / part.len() as f64
}

/// Density of the standard normal distribution.
fn density(z: f64) -> f64 {
    0.398_942_280_401_432_7 * (-0.5 * z * z).exp()
}

/// Share of the standard normal distribution below, good to 1e-7 (Abramowitz and Stegun 1964, 26.2.17); far below by
/// its continued fraction, so that its ratio to the density stays right.
fn below(z: f64) -> f64 {
    if z < -5.0 {
        return density(z) / (-z + 1.0 / (-z + 2.0 / (-z + 3.0 / -z)));
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let series = t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = density(z) * series;
    if z > 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn held_up_probes_are_told_from_quick_ones() {
        for share in [0.0, 0.1, 0.4, 0.8] {
            let mut random = Random::new(7);
            let (mut truth, mut trips) = (Vec::new(), Vec::new());
            for _ in 0..1000 {
                let held = if random.uniform() < share { 5e6 * random.exponential() } else { 0.0 };
                truth.push(0.5 * held);
                trips.push(2e6 + 2e5 * random.normal() + held);
            }
            let said = judge(&trips);
            let bias = |near: fn(f64) -> bool| {
                let some: Vec<usize> = (0..1000).filter(|&i| near(trips[i])).collect();
                some.iter().map(|&i| said[i].half - truth[i]).sum::<f64>() / some.len().max(1) as f64
            };
            assert!(bias(|trip| trip < 2.5e6).abs() < 1.5e4, "{share}: {}", bias(|trip| trip < 2.5e6));
            assert!(bias(|trip| trip > 3e6).abs() < 3e4, "{share}: {}", bias(|trip| trip > 3e6));
        }
    }

    #[test]
    fn normal_probabilities() {
        for (z, expected) in [(0.0, 0.5), (1.0, 0.841_344_746), (-2.0, 0.022_750_132), (-6.0, 9.865_876e-10)] {
            assert!((below(z) / expected - 1.0).abs() < 1e-4, "{z}: {}", below(z));
        }
    }

    #[test]
    fn odd_round_trips() {
        assert!(judge(&[]).is_empty() && judge(&[f64::NAN, -1.0]).is_empty());
        assert!(judge(&[1.0, f64::NAN]).iter().all(|said| said.half.is_nan()));
        for said in judge(&[5e6; 50]) {
            assert!(said.half.is_finite() && said.deviation.is_finite());
        }
        let wild: Vec<f64> = (0..500).map(|i| 10f64.powi(i % 15)).collect();
        assert!(judge(&wild).iter().all(|said| said.half.is_finite() && said.deviation.is_finite()));
    }
}
