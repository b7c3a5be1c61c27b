//! How much each reading is expected to scatter, learnt from the readings themselves.

use super::round_trip::{judge, HeldUp};
use super::weights::local_slope;

/// Share of the readings that count as quick, and how many at least.
const QUICK_SHARE: f64 = 0.15;
const QUICK: usize = 24;
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
    /// Uncertainty of that which all readings share, ns.
    pub systematic: f64,
    /// What the round trips say; empty when none is known.
    pub held_up: Vec<HeldUp>,
    /// Variance of a reading whose scatter is not given and that was not held up.
    pub base: f64,
    /// Typical slope of the readings, ns/s.
    pub slope: f64,
}

/// The scatter of readings, from how much neighbours differ. Where round trips are known, from the quickest ones.
pub fn estimate(quality: &Quality) -> Noise {
    let held_up = judge(quality.round_trips);
    let chosen = quick(&held_up, quality.x.len());
    let at = |values: &[f64]| chosen.iter().map(|&i| values[i]).collect::<Vec<f64>>();
    let (x, y) = (at(quality.x), at(quality.y));
    let slope = local_slope(&x, &y);
    let held = |i: usize| held_up.get(i).map_or(0.0, |said| said.half * said.half + said.deviation * said.deviation);
    let known = |i: usize| quality.sigmas.get(i).copied().filter(|sigma| *sigma > 0.0 && sigma.is_finite());
    let known_held = |i: usize| Some(held(i)).filter(|held| held.is_finite()).unwrap_or(0.0);
    let given = |i: usize| known_held(i) + known(i).map_or(0.0, |sigma| sigma * sigma);
    let free = |i: usize| if known(i).is_some() { 0.0 } else { 1.0 };
    let terms: Vec<Term> = near_pairs(&x, &y, slope)
        .map(|(index, change)| {
            let (a, b) = (chosen[index - 1], chosen[index]);
            Term { square: change * change, given: given(a) + given(b), free: free(a) + free(b) }
        })
        .filter(|term| term.free > 0.0)
        .collect();
    let base = base_variance(&terms);
    let variance = (0..quality.x.len()).map(|i| (given(i) + free(i) * base).max(1.0)).collect();
    Noise { variance, shift: Vec::new(), systematic: 0.0, held_up, base, slope }
}

/// Readings whose round trips are among the quickest; all where those are not known.
fn quick(held_up: &[HeldUp], count: usize) -> Vec<usize> {
    let mut sizes: Vec<f64> = held_up.iter().map(|said| said.half).filter(|size| size.is_finite()).collect();
    if sizes.len() < 4 * QUICK {
        return (0..count).collect();
    }
    let place = (sizes.len() as f64 * QUICK_SHARE) as usize;
    let limit = *sizes.select_nth_unstable_by(place.max(QUICK), f64::total_cmp).1;
    (0..count).filter(|&i| held_up[i].half <= limit).collect()
}

/// The change between two neighbours, less drift: its square and how its variance is made up.
struct Term {
    square: f64,
    given: f64,
    /// How many times the variance that is looked for.
    free: f64,
}

/// Indexes of readings, not too long after the ones before, with the change since.
fn near_pairs<'a>(x: &'a [f64], y: &'a [f64], slope: f64) -> impl Iterator<Item = (usize, f64)> + 'a {
    let stride = x.len().div_ceil(SAMPLE).max(1);
    let mut runs: Vec<f64> = (1..x.len()).step_by(stride).map(|i| (x[i] - x[i - 1]).abs()).collect();
    let middle = runs.len() / 2;
    let typical = if runs.is_empty() { 0.0 } else { *runs.select_nth_unstable_by(middle, f64::total_cmp).1 };
    (1..x.len())
        .step_by(stride)
        .filter(move |&i| (x[i] - x[i - 1]).abs() <= NEAR * typical)
        .map(move |i| (i, y[i] - y[i - 1] - slope * (x[i] - x[i - 1])))
}

/// Variance of readings such that half of the changes between neighbours stay within what is expected.
fn base_variance(terms: &[Term]) -> f64 {
    if terms.is_empty() {
        return UNKNOWN_SIGMA * UNKNOWN_SIGMA;
    }
    let solved = quantile_variance(terms, 0.5, MEDIAN_SQUARE);
    // Of coarse stamps more than half may not change at all.
    let solved = if solved > LEAST_SIGMA { solved } else { quantile_variance(terms, 0.8, UPPER_SQUARE) };
    solved.max(LEAST_SIGMA * LEAST_SIGMA)
}

/// The variance at which a share of the squared changes lies below `expected` times their variance.
fn quantile_variance(terms: &[Term], share: f64, expected: f64) -> f64 {
    let mut wanted: Vec<f64> =
        terms.iter().map(|term| (term.square / expected - term.given) / term.free).collect();
    let place = ((wanted.len() - 1) as f64 * share) as usize;
    *wanted.select_nth_unstable_by(place, f64::total_cmp).1
}
