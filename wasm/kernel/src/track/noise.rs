//! How much each reading is expected to scatter, learnt from the readings themselves.

use std::collections::VecDeque;

/// Readings on either side among which the quickest round trip counts as the floor.
const SIDE: usize = 64;
/// Median of the square of a standard normal number.
const MEDIAN_SQUARE: f64 = 0.4549;
/// Square of a standard normal number that 80 % stay below.
const UPPER_SQUARE: f64 = 1.6424;
/// Differences that the scatter is taken from at most.
const SAMPLE: usize = 8192;
/// Differences over longer than this many typical intervals say more of the clock than of the readings.
const NEAR: f64 = 4.0;
/// What a reading of unknown scatter is worth when no other tells, ns.
pub const UNKNOWN_SIGMA: f64 = 1e6;
/// Least scatter that is believed, ns.
const LEAST_SIGMA: f64 = 100.0;
/// Parts of a recording in which the ways there and back must differ alike to be corrected for.
const PARTS: usize = 4;
/// Least share of the excess round trip that one way must have for that.
const ONE_SIDED: f64 = 0.5;

/// What is given of each reading, in file order.
pub struct Quality<'a> {
    pub x: &'a [f64],
    pub y: &'a [f64],
    /// ns, NaN where unknown; may be empty.
    pub round_trips: &'a [f64],
    /// ns, NaN where unknown; may be empty.
    pub sigmas: &'a [f64],
}

/// Expected scatter of readings.
pub struct Noise {
    pub variance: Vec<f64>,
    /// What slow round trips shift each reading by, to be taken off; empty when nothing is known of it.
    pub shift: Vec<f64>,
    /// Half of the round trip beyond the quickest ones nearby; NaN where unknown, empty when nowhere known.
    pub excess: Vec<f64>,
    /// Variance of a reading whose scatter is not given and that was not held up.
    pub base: f64,
}

/// The scatter of readings whose difference has a known typical slope.
pub fn estimate(quality: &Quality, slope: f64) -> Noise {
    let count = quality.x.len();
    let excess = half_excess(quality.round_trips);
    let pairs = near_pairs(quality, slope);
    let held = |i: usize| excess.get(i).copied().filter(|e| e.is_finite()).unwrap_or(0.0);
    let mut noise = Noise { variance: Vec::new(), shift: Vec::new(), excess: Vec::new(), base: 0.0 };
    let mut share = 1.0;
    if let Some(one_sided) = asymmetry(&pairs, &excess) {
        noise.shift = (0..count).map(|i| one_sided * held(i)).collect();
        share = remaining(&pairs, &excess, one_sided);
    }
    let shifted: Vec<Pair> = pairs
        .iter()
        .map(|pair| match noise.shift.as_slice() {
            [] => *pair,
            shift => Pair { change: pair.change - (shift[pair.index] - shift[pair.index - 1]), ..*pair },
        })
        .collect();
    let known = |i: usize| quality.sigmas.get(i).copied().filter(|sigma| *sigma > 0.0 && sigma.is_finite());
    let given = |i: usize| share * share * held(i) * held(i) + known(i).map_or(0.0, |sigma| sigma * sigma);
    let free = |i: usize| if known(i).is_some() { 0.0 } else { 1.0 };
    noise.base = base_variance(&shifted, given, free);
    noise.variance = (0..count).map(|i| (given(i) + free(i) * noise.base).max(1.0)).collect();
    noise.excess = excess;
    noise
}

/// Change from a reading to the next, less drift.
#[derive(Clone, Copy)]
struct Pair {
    /// The later one.
    index: usize,
    change: f64,
}

fn near_pairs(quality: &Quality, slope: f64) -> Vec<Pair> {
    let Quality { x, y, .. } = *quality;
    let mut runs: Vec<f64> = x.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    if runs.is_empty() {
        return Vec::new();
    }
    let middle = runs.len() / 2;
    let typical = *runs.select_nth_unstable_by(middle, f64::total_cmp).1;
    let stride = runs.len().div_ceil(SAMPLE).max(1);
    (1..x.len())
        .step_by(stride)
        .filter(|&i| (x[i] - x[i - 1]).abs() <= NEAR * typical)
        .map(|index| Pair { index, change: y[index] - y[index - 1] - slope * (x[index] - x[index - 1]) })
        .collect()
}

/// Half of how much longer each round trip took than the quickest nearby. Empty when none is known.
fn half_excess(round_trips: &[f64]) -> Vec<f64> {
    let usable = |value: f64| value.is_finite() && value >= 0.0;
    if !round_trips.iter().any(|&value| usable(value)) {
        return Vec::new();
    }
    let count = round_trips.len();
    let mut excess = Vec::with_capacity(count);
    let mut quickest: VecDeque<usize> = VecDeque::new();
    let mut next = 0;
    for (index, &own) in round_trips.iter().enumerate() {
        while next < count.min(index + SIDE + 1) {
            let value = round_trips[next];
            if usable(value) {
                while quickest.back().is_some_and(|&at| round_trips[at] >= value) {
                    quickest.pop_back();
                }
                quickest.push_back(next);
            }
            next += 1;
        }
        while quickest.front().is_some_and(|&at| at + SIDE < index) {
            quickest.pop_front();
        }
        let floor = quickest.front().map_or(f64::NAN, |&at| round_trips[at]);
        excess.push(if usable(own) { 0.5 * (own - floor) } else { f64::NAN });
    }
    excess
}

/// Variance of readings such that half of the changes between neighbours stay within what is expected.
fn base_variance(pairs: &[Pair], given: impl Fn(usize) -> f64, free: impl Fn(usize) -> f64) -> f64 {
    let terms: Vec<(f64, f64, f64)> = pairs
        .iter()
        .map(|&Pair { index, change }| {
            (change * change, given(index) + given(index - 1), free(index) + free(index - 1))
        })
        .filter(|&(_, _, free)| free > 0.0)
        .collect();
    if terms.is_empty() {
        return UNKNOWN_SIGMA * UNKNOWN_SIGMA;
    }
    let solved = quantile_variance(&terms, 0.5, MEDIAN_SQUARE);
    let solved = if solved > LEAST_SIGMA { solved } else { quantile_variance(&terms, 0.8, UPPER_SQUARE) };
    solved.max(LEAST_SIGMA * LEAST_SIGMA)
}

/// The variance at which a share of the squared changes lies below `expected` times their variance.
fn quantile_variance(terms: &[(f64, f64, f64)], share: f64, expected: f64) -> f64 {
    let mut wanted: Vec<f64> = terms
        .iter()
        .map(|&(square, given, free)| (square / expected - given) / free)
        .collect();
    let place = ((wanted.len() - 1) as f64 * share) as usize;
    *wanted.select_nth_unstable_by(place, f64::total_cmp).1
}

/// By what share of its half excess a slow reading is shifted, when all parts of the recording agree on that.
fn asymmetry(pairs: &[Pair], excess: &[f64]) -> Option<f64> {
    if excess.is_empty() || pairs.len() < 16 * PARTS {
        return None;
    }
    let parts: Vec<f64> = pairs.chunks(pairs.len().div_ceil(PARTS)).filter_map(|part| shared(part, excess)).collect();
    let least = parts.iter().copied().fold(f64::INFINITY, f64::min);
    let most = parts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let agree = parts.len() == PARTS && most - least < ONE_SIDED && (least > ONE_SIDED || most < -ONE_SIDED);
    agree.then(|| (parts.iter().sum::<f64>() / PARTS as f64).clamp(-1.0, 1.0))
}

/// Median of the change per change of the excess, over the half of the pairs where the excess changes most.
fn shared(pairs: &[Pair], excess: &[f64]) -> Option<f64> {
    let turn = |pair: &Pair| excess[pair.index] - excess[pair.index - 1];
    let mut some: Vec<&Pair> = pairs.iter().filter(|pair| turn(pair).is_finite()).collect();
    if some.len() < 16 {
        return None;
    }
    let middle = some.len() / 2;
    some.select_nth_unstable_by(middle, |a, b| turn(a).abs().total_cmp(&turn(b).abs()));
    let mut ratios: Vec<f64> = some[middle..].iter().filter(|pair| turn(pair) != 0.0).map(|pair| pair.change / turn(pair)).collect();
    if ratios.len() < 8 {
        return None;
    }
    let middle = ratios.len() / 2;
    Some(*ratios.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// Share of the excess by which slow readings still scatter after they were shifted back.
fn remaining(pairs: &[Pair], excess: &[f64], one_sided: f64) -> f64 {
    let mut ratios: Vec<f64> = pairs
        .iter()
        .filter_map(|pair| {
            let turn = excess[pair.index] - excess[pair.index - 1];
            let size = excess[pair.index].max(excess[pair.index - 1]);
            let off = pair.change - one_sided * turn;
            (size > 0.0).then(|| (off / size) * (off / size)).filter(|ratio| ratio.is_finite())
        })
        .collect();
    if ratios.is_empty() {
        return 1.0;
    }
    let quarter = ratios.len() / 4;
    let ratio = *ratios.select_nth_unstable_by(quarter, f64::total_cmp).1;
    (ratio / 0.1015).sqrt().clamp(0.02, 1.0)
}
