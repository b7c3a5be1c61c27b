//! What lines through block means do not tell: residuals beyond the noise of samples, and places of rows in doubt.

use super::found::Found;
use super::smooth::{Observed, Smoothed};
use super::tracker::Jump;

/// Blocks on either side among which residuals are compared with their noise.
const REACH: usize = 8;
/// Fewest blocks that can be compared.
const FEWEST: usize = 6;
/// Mean squares of standard scores up to which residuals may be noise, for windows of a few blocks.
const NOISE: f64 = 2.2;
/// Mean squares from which a line does not describe blocks, and residuals in standard deviations of a stamp.
const UNSTEADY: f64 = 4.0;
const WORSE_THAN_STAMPS: f64 = 0.4;
/// The same for coarse stamps without noise.
const COARSE: f64 = 2.0;
/// Residuals up to this share of a period do no harm.
const HARMLESS: f64 = 0.02;
/// Median of squared standard normal numbers.
const MEDIAN_SQUARE: f64 = 0.455;
/// Shares of rows in doubt from which sigmas tell so, and from which fully.
const FEW: f64 = 0.02;
const MANY: f64 = 0.05;

/// Variance of block means beyond what the noise of their samples explains, by block.
pub fn excess(observed: &[Observed], knots: &[Smoothed]) -> Vec<f64> {
    if observed.len() < FEWEST {
        return vec![0.0; observed.len()];
    }
    let square = |index: usize| (observed[index].time - knots[index].time).powi(2);
    let around = |index: usize| index.saturating_sub(REACH)..observed.len().min(index + REACH + 1);
    let at = |index: usize| {
        let window = around(index);
        let count = window.len() as f64;
        let scores: f64 = window.clone().map(|other| square(other) / observed[other].variance).sum();
        let squares: f64 = window.clone().map(square).sum();
        let expected: f64 = window.map(|other| observed[other].variance).sum();
        if scores > NOISE * count { ((squares - expected) / count).max(0.0) } else { 0.0 }
    };
    (0..observed.len()).map(at).collect()
}

/// Squared residuals of blocks, in units of their variance and as they are.
#[derive(Clone, Debug, Default)]
pub struct Residuals {
    scores: Vec<f64>,
    squares: Vec<f64>,
}

impl Residuals {
    pub fn add(&mut self, observed: &[Observed], knots: &[Smoothed]) {
        if observed.len() < FEWEST {
            return;
        }
        for (block, knot) in observed.iter().zip(knots) {
            let square = (block.time - knot.time).powi(2);
            self.squares.push(square);
            self.scores.push(square / block.variance);
        }
    }

    /// Whether most blocks lie nearly as far from their line as stamps do: what paces the samples is no steady clock.
    pub fn are_unsteady(mut self, found: &Found) -> bool {
        if self.scores.is_empty() {
            return false;
        }
        let typical = |values: &mut [f64]| {
            let middle = values.len() / 2;
            *values.select_nth_unstable_by(middle, f64::total_cmp).1 / MEDIAN_SQUARE
        };
        // Coarse stamps without noise are off by the same for many blocks.
        let share = if found.systematic > 0.0 { COARSE } else { WORSE_THAN_STAMPS };
        let bound = (share * found.stamp_sigma.max(found.sigma)).max(HARMLESS * found.period);
        typical(&mut self.scores) > UNSTEADY && typical(&mut self.squares) > bound * bound
    }
}

/// Variance of times by jumps whose rows or sizes the noise hides, where these are not few; noise in periods.
pub fn doubt_of_places(jumps: &[Jump], samples: f64, period: f64, noise: f64) -> f64 {
    let (mut rows, mut squares) = (0.0, 0.0);
    for (index, jump) in jumps.iter().enumerate().filter(|(_, jump)| !jump.open) {
        let places = jump.change.unsigned_abs().max(1) as f64;
        let before = if index > 0 { (jump.row - jumps[index - 1].row) as f64 } else { samples };
        let after = jumps.get(index + 1).map_or(samples, |next| (next.row - jump.row) as f64);
        let misplaced = rows_in_doubt(noise / places).min(samples);
        let miscounted = size_in_doubt(noise, before, after);
        rows += misplaced + miscounted;
        squares += places * places * misplaced + miscounted;
    }
    let share = ((rows / samples - FEW) / (MANY - FEW)).clamp(0.0, 1.0);
    if share > 0.0 { share * period * period * squares / samples } else { 0.0 }
}

/// Mean distance in rows between a change and where it is found (Hinkley 1970), with noise in units of the change.
fn rows_in_doubt(noise: f64) -> f64 {
    let square = noise * noise;
    3.0 * square * (-0.0875 / square).exp()
}

/// Rows that are a place off because those before and after a jump do not show its size.
fn size_in_doubt(noise: f64, before: f64, after: f64) -> f64 {
    let (before, after) = (before.max(1.0), after.max(1.0));
    let square = noise * noise * (1.0 / before + 1.0 / after);
    (-0.125 / square).exp() * (before + after)
}
