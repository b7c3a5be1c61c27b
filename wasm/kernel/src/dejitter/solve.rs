//! From block means and jumps to the lattice of a stream.

use super::blocks::Block;
use super::doubt::{doubt_of_places, excess, Residuals};
use super::found::{Found, Moved};
use super::jumps::{without_excursions, Counts};
use super::open::{resolve, Resolved};
use super::phase::free_phases;
use super::smooth::{smooth, Observed, Smoothed};
use super::tracker::Jump;

/// Standard deviation in periods up to which a number of missing samples is certain.
const CERTAIN: f64 = 0.15;
/// And of the times about it.
const CLEAR: f64 = 0.3;
/// Changes of phase that any stream may have, and the share of samples at which a lattice may break.
const FEW_BREAKS: f64 = 5.0;
const MOST_BREAKS: f64 = 2e-3;
/// Share of samples at which it may fall back for a while, as after stalls.
const MOST_UNDONE: f64 = 5e-3;
/// Share of a period from which a clock stepped, beside the share of time that it may drift.
const STEP: f64 = 0.1;
const DRIFT: f64 = 1e-3;
/// Least noise of a stamp in periods, so that stamps without any can be weighed.
const LEAST_NOISE: f64 = 1e-6;
/// Rows within which the lattice is found again once.
const ONCE: i64 = 192;
/// Share of gaps from which samples whose noise is such a share of their period have no lattice.
const MOST_GAPS: f64 = 0.04;
const BLURRED: f64 = 0.2;
/// Gaps from this length on may end with another phase.
const LONG_GAP_NS: f64 = 1e9;
/// Periods that differ by more are not believed, relative.
const RATE: f64 = 1e-2;
/// Rows on either side of a jump that show its size.
const SHOWING: i64 = 4096;

/// A place where samples are missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// First row after it.
    pub row: i64,
    pub missing: i64,
    /// Times of the samples on both sides.
    pub from: i64,
    pub to: i64,
    /// The noise of the stamps leaves no doubt about the number.
    pub certain: bool,
}

/// How to solve.
#[derive(Clone, Debug, Default)]
pub struct SolveOptions {
    /// Times of the blocks on another clock.
    pub times: Option<Vec<i64>>,
}

/// Rows from `row` on have the index row + shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub row: i64,
    pub shift: i64,
    pub lattice: usize,
}

/// A stretch with one phase.
#[derive(Clone, Debug)]
pub struct Lattice {
    /// To what places and times of the knots are relative.
    pub place: i64,
    pub time: i64,
    pub places: Vec<f64>,
    pub knots: Vec<Smoothed>,
}

/// Which place and which time each row has.
#[derive(Clone, Debug)]
pub struct Solution {
    pub pieces: Vec<Piece>,
    pub lattices: Vec<Lattice>,
    pub gaps: Vec<Gap>,
    pub counts: Counts,
    pub period: f64,
    pub stamp_sigma: f64,
    /// Place of the first row, from which indexes count.
    pub first_place: i64,
    /// By row.
    pub moved: Vec<Moved>,
}

impl Lattice {
    /// Change of time and of its standard deviation per place, from a knot on.
    pub fn slopes_at(&self, place: f64, knot: usize) -> (f64, f64) {
        let (here, at) = (self.knots[knot], self.places[knot]);
        match self.knots.get(knot + 1) {
            Some(next) if place >= at => {
                let distance = self.places[knot + 1] - at;
                ((next.time - here.time) / distance, (next.sigma - here.sigma) / distance)
            }
            _ => (here.period, 0.0),
        }
    }

    /// Time of a place relative to the lattice's, from a knot on.
    pub fn time_at(&self, place: f64, knot: usize) -> f64 {
        self.knots[knot].time + self.slopes_at(place, knot).0 * (place - self.places[knot])
    }

    /// Standard deviation of that time.
    pub fn sigma_at(&self, place: f64, knot: usize) -> f64 {
        self.knots[knot].sigma + self.slopes_at(place, knot).1 * (place - self.places[knot])
    }

    /// Index of the knot from which a place is reached.
    pub fn knot_at(&self, place: f64) -> usize {
        self.places.partition_point(|&other| other <= place).saturating_sub(1)
    }

    /// Time of a place.
    pub fn time_of(&self, place: i64) -> i64 {
        let relative = place.saturating_sub(self.place) as f64;
        self.time.saturating_add(self.time_at(relative, self.knot_at(relative)).round() as i64)
    }
}

impl Solution {
    /// Solves what a survey gathered; none where the lattice breaks too often to be one.
    pub fn new(found: &Found, options: &SolveOptions) -> Option<Solution> {
        let mut blocks = found.blocks.clone();
        let mut jumps = found.jumps.clone();
        if let Some(times) = &options.times {
            let middles = times.len().min(blocks.len());
            move_blocks(&mut blocks, &times[..middles]);
            open_steps(&mut jumps, &times[middles..], found.period);
        }
        let sigma = (found.sigma * found.sigma + found.shared).sqrt().max(LEAST_NOISE * found.period);
        let (mut jumps, mut counts) = without_excursions(&jumps);
        if found.span > 1.0 {
            // The quickest of many packets know better how many were lost than those about the loss.
            jumps.iter_mut().for_each(|jump| jump.open = true);
        }
        // Where stamps slip by steps, what was lost is counted already.
        if found.shared == 0.0 {
            open_gaps(&mut jumps, found.period);
        }
        join_openings(&mut jumps, &mut blocks, found.period);
        let period = if found.span > 1.0 { period_between(&blocks, &jumps, found.period) } else { found.period };
        let mut resolved = resolve(&blocks, &jumps, (period, sigma), found.span > 1.0);
        // Of packets only the quickest are known, and they scatter to one side.
        if found.span == 1.0 {
            free_phases(&blocks, &jumps, &mut resolved, (period, sigma, found.systematic));
        }
        if breaks(found, &jumps, &resolved) {
            return None;
        }
        let pieces = pieces(found.first_shift, &jumps, &resolved);
        let mut residuals = Residuals::default();
        let members = members(&blocks, &jumps, &resolved);
        let hidden = hidden_variance(found, &jumps);
        let smoothed = |members: &Vec<(i64, Block)>| smooth_lattice(members, found, (sigma, hidden), &mut residuals);
        let lattices = members.iter().map(smoothed).collect();
        if residuals.are_unsteady(found) {
            return None;
        }
        let mut solution = Solution {
            pieces,
            lattices,
            gaps: Vec::new(),
            counts: Counts::default(),
            period: found.period,
            stamp_sigma: found.stamp_sigma,
            first_place: found.first_shift,
            moved: found.moved.clone(),
        };
        solution.gaps = solution.find_gaps(&jumps, &resolved, found);
        counts.dropped = solution.gaps.iter().map(|gap| gap.missing).sum();
        solution.moved.sort_by_key(|moved| moved.row);
        // Those that were recorded late; the others only made room.
        counts.reordered = solution.moved.iter().filter(|moved| moved.slot < moved.row).count() as i64;
        solution.counts = counts;
        solution.set_period();
        Some(solution)
    }

    fn set_period(&mut self) {
        let (mut time, mut places) = (0.0, 0.0);
        for lattice in self.lattices.iter().filter(|lattice| lattice.knots.len() > 1) {
            let last = lattice.knots.len() - 1;
            time += lattice.knots[last].time - lattice.knots[0].time;
            places += lattice.places[last] - lattice.places[0];
        }
        if places > 0.0 && time > 0.0 {
            self.period = time / places;
        }
    }

    /// The piece that holds a row.
    pub fn piece_of(&self, row: i64) -> usize {
        self.pieces.partition_point(|piece| piece.row <= row).saturating_sub(1)
    }

    /// First row and index of each stretch with one phase.
    pub fn segments(&self) -> Vec<(i64, i64)> {
        let starts = (0..self.pieces.len()).filter(|&at| at == 0 || self.pieces[at].lattice != self.pieces[at - 1].lattice);
        let pieces = starts.map(|at| self.pieces[at]);
        pieces.map(|piece| (piece.row.max(0), piece.row.max(0).saturating_add(piece.shift - self.first_place))).collect()
    }

    fn time_of_row(&self, row: i64) -> i64 {
        let piece = self.pieces[self.piece_of(row)];
        self.lattices[piece.lattice].time_of(row.saturating_add(piece.shift))
    }

    fn find_gaps(&self, jumps: &[Jump], resolved: &[Resolved], found: &Found) -> Vec<Gap> {
        let noise = found.sigma.max(LEAST_NOISE * found.period) / found.period;
        let mut gaps = Vec::new();
        for (index, jump) in jumps.iter().enumerate() {
            let missing = jump.change + resolved[index].missing;
            if missing > 0 {
                let before = if index > 0 { jump.row - jumps[index - 1].row } else { SHOWING };
                let after = jumps.get(index + 1).map_or(SHOWING, |next| next.row - jump.row);
                let side = |rows: i64| 1.0 / rows.clamp(1, SHOWING) as f64;
                let shown = noise * (side(before) + side(after)).sqrt() < CERTAIN;
                let certain = resolved[index].certain && (shown || jump.open) && self.is_clear_about(jump.row);
                let (from, to) = (self.time_of_row(jump.row - 1), self.time_of_row(jump.row));
                gaps.push(Gap { row: jump.row, missing, from, to, certain });
            }
        }
        gaps
    }

    /// Whether the times of the rows about a jump are known to far less than a period.
    fn is_clear_about(&self, row: i64) -> bool {
        [row - 1, row].into_iter().all(|row| {
            let piece = self.pieces[self.piece_of(row)];
            let lattice = &self.lattices[piece.lattice];
            let relative = row.saturating_add(piece.shift).saturating_sub(lattice.place) as f64;
            let sigma = lattice.knots[lattice.knot_at(relative)].sigma;
            sigma < CLEAR * self.period
        })
    }
}

/// Whether phases change so often that samples follow a timer, not a lattice.
fn breaks(found: &Found, jumps: &[Jump], resolved: &[Resolved]) -> bool {
    let phases = resolved.iter().filter(|judged| judged.new_lattice).count();
    let back = jumps.iter().filter(|jump| jump.change < 0 && jump.from != jump.to).count();
    let undone = found.jumps.iter().filter(|jump| jump.change < 0 && jump.from != jump.to).count() as f64;
    let samples: f64 = found.blocks.iter().map(|block| block.count).sum::<f64>() * found.span;
    let breaks = (phases + back) as f64;
    // Stamps at any phase of a wrong period look like this.
    let gaps = jumps.iter().filter(|jump| jump.change > 0).count() as f64;
    if found.sigma > BLURRED * found.period && gaps > FEW_BREAKS + MOST_GAPS * samples {
        return true;
    }
    breaks > FEW_BREAKS && breaks > MOST_BREAKS * samples || undone > FEW_BREAKS + MOST_UNDONE * samples
}

fn move_blocks(blocks: &mut [Block], times: &[i64]) {
    for (block, &time) in blocks.iter_mut().zip(times) {
        block.time = time;
        block.time_mean = 0.0;
    }
}

/// Opens the jumps where the clock stepped, and moves their stamps.
fn open_steps(jumps: &mut [Jump], times: &[i64], period: f64) {
    let (before, after) = times.split_at(times.len() / 2);
    for (jump, (&from, &to)) in jumps.iter_mut().zip(before.iter().zip(after)) {
        let passed = jump.to.saturating_sub(jump.from) as f64;
        let step = to.saturating_sub(from) as f64 - passed;
        // Drift is no step.
        if step.abs() > STEP * period + DRIFT * passed.abs() {
            jump.open = true;
            jump.offset += jump.change as f64 * period;
        }
        (jump.from, jump.to) = (from, to);
    }
}

/// Makes one of openings that follow each other closely: the lattice was found at the second attempt.
fn join_openings(jumps: &mut Vec<Jump>, blocks: &mut Vec<Block>, period: f64) {
    let mut kept: Vec<Jump> = Vec::with_capacity(jumps.len());
    for jump in jumps.drain(..) {
        let first = kept.iter().rposition(|other| other.open).filter(|&at| jump.row - kept[at].row < ONCE);
        match first {
            Some(at) if jump.open && jump.change == 0 && jump.offset.abs() < 2.0 * period => {
                let change: i64 = kept[at..].iter().map(|other| other.change).sum();
                let start = kept[at].row;
                blocks.retain(|block| block.row < start || block.row >= jump.row);
                kept.truncate(at + 1);
                kept[at].change = change.saturating_add(jump.change);
                kept[at].offset += jump.offset;
            }
            _ => kept.push(jump),
        }
    }
    *jumps = kept;
}

/// Samplers may start again at any phase after a long gap, so that the blocks decide.
fn open_gaps(jumps: &mut [Jump], period: f64) {
    for jump in jumps.iter_mut().filter(|jump| jump.change as f64 * period >= LONG_GAP_NS) {
        jump.open = true;
    }
}

fn pieces(shift: i64, jumps: &[Jump], resolved: &[Resolved]) -> Vec<Piece> {
    let mut piece = Piece { row: i64::MIN, shift, lattice: 0 };
    let mut pieces = vec![piece];
    for (jump, judged) in jumps.iter().zip(resolved) {
        piece.row = jump.row;
        piece.shift = piece.shift.saturating_add(jump.change).saturating_add(judged.missing);
        piece.lattice += usize::from(judged.new_lattice);
        pieces.push(piece);
    }
    pieces
}

/// Period as whole blocks show it between which nothing is missing.
fn period_between(blocks: &[Block], jumps: &[Jump], otherwise: f64) -> f64 {
    let (mut places, mut passed) = (0.0, 0.0);
    for pair in blocks.windows(2) {
        let first = jumps.partition_point(|jump| jump.row <= pair[0].row);
        let together = jumps.get(first).is_none_or(|jump| jump.row > pair[1].row);
        if together && pair.iter().all(|block| block.count >= 1.0) {
            places += pair[1].place.saturating_sub(pair[0].place) as f64;
            passed += pair[1].time.saturating_sub(pair[0].time) as f64;
        }
    }
    let period = passed / places;
    if (period / otherwise - 1.0).abs() < RATE { period } else { otherwise }
}

/// The blocks of each lattice, with the places that were left out before each.
fn members(blocks: &[Block], jumps: &[Jump], resolved: &[Resolved]) -> Vec<Vec<(i64, Block)>> {
    let mut members = vec![Vec::new()];
    let mut last = 0;
    let (mut next, mut shift) = (0, 0i64);
    for block in blocks {
        while next < jumps.len() && jumps[next].row <= block.row {
            if resolved[next].new_lattice {
                members.push(Vec::new());
                last += 1;
            }
            shift = shift.saturating_add(resolved[next].missing);
            next += 1;
        }
        members[last].push((shift, *block));
    }
    members.extend(resolved[next..].iter().filter(|judged| judged.new_lattice).map(|_| Vec::new()));
    members
}

/// Variance of times that no number of samples lowers.
fn hidden_variance(found: &Found, jumps: &[Jump]) -> f64 {
    let sigma = found.sigma.max(LEAST_NOISE * found.period);
    let samples: f64 = found.blocks.iter().map(|block| block.count).sum();
    found.systematic + doubt_of_places(jumps, samples, found.period, sigma / found.period)
}

fn smooth_lattice(
    members: &[(i64, Block)],
    found: &Found,
    (sigma, hidden): (f64, f64),
    residuals: &mut Residuals,
) -> Lattice {
    let Some((shift, first)) = members.first() else {
        let knots = vec![Smoothed { time: 0.0, period: found.period, sigma }];
        return Lattice { place: 0, time: 0, places: vec![0.0], knots };
    };
    let (place, time) = (first.place.saturating_add(*shift), first.time);
    let observed = members.iter().map(|(shift, block)| Observed {
        place: block.place.saturating_add(*shift).saturating_sub(place) as f64 + block.place_mean,
        time: block.time.saturating_sub(time) as f64 + block.time_mean - found.bias,
        variance: sigma * sigma / block.count,
    });
    let mut observed: Vec<Observed> = observed.collect();
    let mut farthest = f64::NEG_INFINITY;
    observed.retain(|block| {
        let ahead = block.place > farthest;
        farthest = farthest.max(block.place);
        ahead
    });
    let mut knots = smooth(&observed, found.period);
    residuals.add(&observed, &knots);
    let excess = excess(&observed, &knots);
    for (knot, excess) in knots.iter_mut().zip(excess) {
        knot.sigma = (knot.sigma * knot.sigma + hidden + excess).sqrt();
    }
    Lattice { place, time, places: observed.iter().map(|block| block.place).collect(), knots }
}
