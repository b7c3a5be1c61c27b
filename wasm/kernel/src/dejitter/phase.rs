//! Sets the phase of the lattice free behind gaps after which samples lie between its places.
//!
//! A device that was off, or a sensor that was restarted, samples on at any phase. Each side of a gap is followed by a
//! line whose rate wanders as much as its blocks show; where the two lines, led on to the gap, differ by no whole
//! number of periods beyond what their scatter explains, the lattice ends there.

use super::blocks::Block;
use super::open::Resolved;
use super::smooth::{likely_wander, line_at_end, Ending, Observed};
use super::tracker::Jump;

/// Gaps that may end with another phase: places and ns that they leave out at least.
const LONG_PLACES: i64 = 32;
const LONG_NS: f64 = 1e8;
/// Blocks on either side that are looked at, at least and at most.
const FEWEST: usize = 5;
const SIDE: usize = 300;
/// Standard deviations from which a phase is another one, and the least share of a period.
const SURE: f64 = 4.0;
const LEAST_PHASE: f64 = 1e-3;
/// Wander of a rate that may hide in the noise: relative standard deviation after a second.
const HIDDEN_WANDER: f64 = 3e-9;
/// Error of a clock model between blocks, ns.
const MODEL_NS: f64 = 2e4;

/// Blocks on both sides of a gap; those after it last block first, with places and times counted backwards.
struct Sides {
    before: Vec<Observed>,
    after: Vec<Observed>,
}

fn is_long(jump: &Jump, period: f64) -> bool {
    jump.open || jump.change >= LONG_PLACES && jump.change as f64 * period >= LONG_NS
}

fn observe(blocks: &[Block], origin: &Block, sigma: f64) -> Vec<Observed> {
    let observe = |block: &Block| Observed {
        place: block.place.saturating_sub(origin.place) as f64 + block.place_mean,
        time: block.time.saturating_sub(origin.time) as f64 + block.time_mean,
        variance: sigma * sigma / block.count,
    };
    blocks.iter().map(observe).collect()
}

fn backwards(mut blocks: Vec<Observed>) -> Vec<Observed> {
    blocks.reverse();
    blocks.iter_mut().for_each(|block| (block.place, block.time) = (-block.place, -block.time));
    blocks
}

fn are_in_order(blocks: &[Observed]) -> bool {
    blocks.windows(2).all(|pair| pair[0].place < pair[1].place)
}

impl Sides {
    /// None where too little is seen of a side.
    fn new(before: &[Block], after: &[Block], sigma: f64) -> Option<Sides> {
        if before.len().min(after.len()) < FEWEST {
            return None;
        }
        let before = &before[before.len().saturating_sub(SIDE)..];
        let origin = before[before.len() - 1];
        let before = observe(before, &origin, sigma);
        let after = backwards(observe(&after[..after.len().min(SIDE)], &origin, sigma));
        (are_in_order(&before) && are_in_order(&after)).then_some(Sides { before, after })
    }

    /// By how much later than on the lattice the samples after the gap are, and the standard deviation of that.
    fn lateness(&self, wander: f64, period: f64) -> (f64, f64) {
        let before = line_at_end(&self.before, period, wander);
        let after = line_at_end(&self.after, period, wander);
        let places = -self.after[self.after.len() - 1].place - self.before[self.before.len() - 1].place;
        let led = before.ahead(places, wander, period);
        // The line that was followed backwards: its times have the other sign, its rate has not.
        let late = -after.time - led.time;
        let faster = after.period - led.period;
        let ([a, b, c], [d, e, f]) = (led.covariance, after.covariance);
        // Both sides have one rate, which the difference of the two tells more of.
        let shared = (b - e) / (c + f);
        let variance = (a + d - shared * (b - e)).max(0.0);
        let widened = Ending::misfit_of(&before, &after);
        (late - shared * faster, (variance * widened + MODEL_NS * MODEL_NS).sqrt())
    }

    fn likely_wander(&self, period: f64) -> f64 {
        likely_wander(&self.before, period).max(likely_wander(&self.after, period))
    }

    /// Whether the samples after the gap lie between the places of the lattice.
    fn differ(&self, wander: f64, period: f64, systematic: f64) -> bool {
        let (late, sigma) = self.lateness(wander, period);
        let off = late - (late / period).round() * period;
        let deviation = (sigma * sigma + 2.0 * systematic).sqrt();
        off.abs() > (SURE * deviation).max(LEAST_PHASE * period)
    }
}

/// Sets phases free. Period, noise of a block's sample, and variance of block means that more samples do not lower.
pub fn free_phases(blocks: &[Block], jumps: &[Jump], resolved: &mut [Resolved], stamps: (f64, f64, f64)) {
    let (period, sigma, systematic) = stamps;
    let long: Vec<usize> = (0..jumps.len()).filter(|&index| is_long(&jumps[index], period)).collect();
    let bound = |row: i64| blocks.partition_point(|block| block.row < row);
    let mut first = 0;
    for (at, &index) in long.iter().enumerate() {
        let middle = bound(jumps[index].row);
        let last = long.get(at + 1).map_or(blocks.len(), |&next| bound(jumps[next].row));
        if !resolved[index].new_lattice {
            let sides = Sides::new(&blocks[first.min(middle)..middle], &blocks[middle..last.max(middle)], sigma);
            let differ = |sides: Sides| {
                sides.differ(HIDDEN_WANDER, period, systematic)
                    && sides.differ(sides.likely_wander(period).max(HIDDEN_WANDER), period, systematic)
            };
            resolved[index].new_lattice = sides.is_some_and(differ);
        }
        if jumps[index].open || resolved[index].new_lattice {
            first = middle;
        }
    }
}
