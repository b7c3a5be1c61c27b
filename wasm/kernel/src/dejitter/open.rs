//! Tells gaps from steps of the clock where the lattice was lost and found again.

use super::blocks::Block;
use super::tracker::Jump;

/// Blocks on either side that show phase and period.
const SIDE: usize = 30;
/// Blocks from which a side shows a period of its own.
const OWN_PERIOD: usize = 5;
/// Uncertainty of a period that others showed, and how far periods wander, relative.
const BORROWED: f64 = 2e-6;
const WANDER: f64 = 5e-8;
/// Phase in periods up to which a gap is a whole number of them, at least and at most.
const LEAST_PHASE: f64 = 1e-3;
/// Error of a clock model between blocks, ns.
const MODEL_NS: f64 = 2e4;
const MOST_PHASE: f64 = 0.3;
/// Standard deviations of that.
const SURE: f64 = 3.0;
/// Standard deviation in periods up to which the number is certain.
const CERTAIN: f64 = 0.15;

/// What became of a jump.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Resolved {
    /// Places left out beside the jump's own change.
    pub missing: i64,
    pub new_lattice: bool,
    pub certain: bool,
}

/// A line through the blocks of one side.
struct Side {
    block: Block,
    period: f64,
    /// Place and time of its middle, relative to the block's.
    place: f64,
    time: f64,
    variance: f64,
    period_variance: f64,
}

fn place_of(block: &Block, from: &Block) -> f64 {
    block.place.saturating_sub(from.place) as f64 + block.place_mean
}

fn time_of(block: &Block, from: &Block) -> f64 {
    block.time.saturating_sub(from.time) as f64 + block.time_mean
}

fn side(blocks: &[Block], period: f64, sigma: f64) -> Option<Side> {
    let first = *blocks.first()?;
    let count: f64 = blocks.iter().map(|block| block.count).sum();
    let mean = |value: &dyn Fn(&Block) -> f64| {
        blocks.iter().map(|block| value(block) * block.count).sum::<f64>() / count
    };
    let place = mean(&|block| place_of(block, &first));
    let time = mean(&|block| time_of(block, &first));
    let spread = mean(&|block| (place_of(block, &first) - place).powi(2)) * count;
    let slope = mean(&|block| (place_of(block, &first) - place) * (time_of(block, &first) - time)) * count / spread;
    let own = blocks.len() >= OWN_PERIOD && slope.is_finite();
    let borrowed = (BORROWED * period).powi(2);
    Some(Side {
        block: first,
        period: if own { slope } else { period },
        place,
        time,
        variance: sigma * sigma / count,
        period_variance: if own { (sigma * sigma / spread).min(borrowed * 25.0) } else { borrowed },
    })
}

/// How many places lie between two sides beyond those that the rows count, with its standard deviation.
fn places_between(before: &Side, after: &Side) -> (f64, f64) {
    let places = place_of(&after.block, &before.block) - after.block.place_mean + after.place - before.place;
    let time = time_of(&after.block, &before.block) - after.block.time_mean + after.time - before.time;
    let (u, v) = (1.0 / before.period_variance, 1.0 / after.period_variance);
    let period = (before.period * u + after.period * v) / (u + v);
    let steps = time / period;
    let wander = WANDER * period * (time.abs() / 1e9).sqrt();
    let variance = before.variance + after.variance + steps * steps * (1.0 / (u + v) + wander * wander);
    (steps - places, (variance + MODEL_NS * MODEL_NS).sqrt() / period)
}

fn judge(extra: f64, sigma: f64, change: i64, least_phase: f64) -> Resolved {
    let missing = extra.round();
    let least = -(change as f64);
    let bound = (SURE * sigma).clamp(least_phase, MOST_PHASE);
    if !(extra.abs() < 1e15) || missing < least || (extra - missing).abs() > bound {
        let missing = if extra.is_finite() { extra.clamp(least.min(1e15), 1e15).round() as i64 } else { 0 };
        return Resolved { missing, new_lattice: true, certain: false };
    }
    Resolved { missing: missing as i64, new_lattice: sigma > MOST_PHASE, certain: sigma < CERTAIN }
}

/// Decides on each jump; those that are not open stand as they are. Period and noise of a block's sample; whether
/// blocks are quickest packets.
pub fn resolve(blocks: &[Block], jumps: &[Jump], (period, sigma): (f64, f64), packets: bool) -> Vec<Resolved> {
    // Smallest delays scatter to one side, more than their standard deviation tells.
    let least_phase = if packets { MOST_PHASE } else { LEAST_PHASE };
    let row_of = |index: usize| jumps[index].row;
    let openings: Vec<usize> = (0..jumps.len()).filter(|&index| jumps[index].open).collect();
    let mut resolved = vec![Resolved { certain: true, ..Resolved::default() }; jumps.len()];
    for (at, &index) in openings.iter().enumerate() {
        let start = if at > 0 { row_of(openings[at - 1]) } else { i64::MIN };
        let end = openings.get(at + 1).map_or(i64::MAX, |&next| row_of(next));
        let bound = |row: i64| blocks.partition_point(|block| block.row < row);
        let (first, middle, last) = (bound(start), bound(row_of(index)), bound(end));
        let before = side(&blocks[first.max(middle.saturating_sub(SIDE))..middle], period, sigma);
        let after = side(&blocks[middle..last.min(middle + SIDE)], period, sigma);
        resolved[index] = match (before, after) {
            (Some(before), Some(after)) => {
                let (extra, deviation) = places_between(&before, &after);
                judge(extra, deviation, jumps[index].change, least_phase)
            }
            _ => Resolved { missing: 0, new_lattice: true, certain: false },
        };
    }
    resolved
}
