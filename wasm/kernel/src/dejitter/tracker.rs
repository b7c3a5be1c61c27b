//! Follows the lattice through the stamps of a stream and decides which place each row has.

use super::blocks::{Block, Blocks};
use super::chunk::{Chunk, CHUNK};
use super::found::{Found, Moved};
use super::line::Line;
use super::order::{Order, Slotted};
use super::paths::{gap_cost, Noise, Paths, BACK, CAP};
use super::slips::take_out;
use super::split::best_split;
use std::collections::VecDeque;

/// Rows that may wait for a decision.
const MOST_PENDING: usize = 4096;
/// Rows between looks at what all paths agree on.
const LOOK: usize = 64;
/// Standard deviations from which a shift of the lattice is no noise.
const SURE: f64 = 6.5;
/// Shifts below this share of a period are left to the line.
const LEAST_SHIFT: f64 = 0.1;
/// How fast the estimate of the noise follows.
const NOISE_RATE: f64 = 0.05;
/// Share of a period to which the place after a gap must be known.
const KNOWN: f64 = 0.08;
/// Jumps from this length on may be steps of the clock, which no block may span.
const STEP_NS: f64 = 4e6;
/// Places that a gap may pass over.
const FARTHEST: f64 = 1e7;

/// A place where the lattice does not simply run on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump {
    /// First row after it.
    pub row: i64,
    /// Places that are left out.
    pub change: i64,
    /// Delay in ns on top of it.
    pub offset: f64,
    /// The lattice was found again after it: the change is not known yet.
    pub open: bool,
    /// Stamps on both sides.
    pub from: i64,
    pub to: i64,
}

#[derive(Clone, Copy, Debug)]
pub struct Placed {
    pub row: i64,
    pub place: i64,
    pub time: i64,
    pub late: f64,
}

/// What the tracker starts from.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    pub period: f64,
    /// Standard deviation of the period.
    pub period_sigma: f64,
    pub phase_sigma: f64,
    pub sigma: f64,
    /// Least noise: what the coarseness of the stamps makes.
    pub least_sigma: f64,
    /// Coarseness of the stamps.
    pub step: f64,
    /// Cost of a gap.
    pub gap: f64,
    pub row: i64,
    /// When that row was due.
    pub time: i64,
}

/// Follows one stream.
#[derive(Clone, Debug)]
pub struct Tracker {
    pub noise: Noise,
    pub(super) least_sigma: f64,
    pub(super) step: f64,
    pub line: Line,
    pub paths: Paths,
    pub(super) pending: VecDeque<(i64, i64)>,
    pub(super) lost: usize,
    /// Rows are gone over again on a lattice that was just found.
    pub(super) resuming: bool,
    pub(super) shift: i64,
    /// Shift of the first row, which is only a matter of counting.
    pub first_shift: i64,
    pub(super) last: Option<i64>,
    /// The open chunk and the one before it.
    pub(super) chunk: Chunk,
    pub(super) held: Chunk,
    pub(super) blocks: Blocks,
    pub(super) order: Order,
    /// Samples that wait to be looked at together, from a row on.
    pub(super) ahead: Vec<i64>,
    pub(super) ahead_row: i64,
    pub(super) moved: Vec<Moved>,
    pub jumps: Vec<Jump>,
    pub placed: f64,
    pub misfits: f64,
    pub(super) squares: f64,
}

impl Tracker {
    pub fn new(start: Start) -> Tracker {
        let Start { period, period_sigma, phase_sigma, sigma, least_sigma, step, gap, row, time } = start;
        let noise = Noise { period, sigma: sigma.max(least_sigma), reach: 0, gap };
        let mut tracker = Tracker {
            noise,
            least_sigma,
            step,
            line: Line::new(time, row, period, phase_sigma, period_sigma),
            paths: Paths::new(row, noise.neighbours()),
            pending: VecDeque::new(),
            lost: 0,
            resuming: false,
            shift: 0,
            first_shift: 0,
            last: None,
            chunk: Chunk::default(),
            held: Chunk::default(),
            blocks: Blocks::new(period),
            order: Order::default(),
            ahead: Vec::new(),
            ahead_row: row,
            moved: Vec::new(),
            jumps: Vec::new(),
            placed: 0.0,
            misfits: 0.0,
            squares: 0.0,
        };
        tracker.set_reach();
        tracker
    }

    /// Adds the next sample in file order.
    pub fn add(&mut self, row: i64, time: i64) {
        self.add_all(row, &[time]);
    }

    /// Takes the next sample in file order.
    pub(super) fn add_single(&mut self, row: i64, time: i64) {
        if let Some(sample) = self.order.push(row, time, &self.noise) {
            self.take(sample);
        }
    }

    /// Takes the samples that were held back for their order.
    pub(super) fn take_held(&mut self) {
        while let Some(sample) = self.order.pop(&self.noise) {
            self.take(sample);
        }
    }

    fn take(&mut self, sample: Slotted) {
        if sample.slot != sample.row {
            self.moved.push(Moved { row: sample.row, slot: sample.slot });
        }
        self.follow(sample.slot, sample.time);
    }

    /// Follows the next sample in the order of the lattice.
    pub(super) fn follow(&mut self, row: i64, time: i64) {
        if self.pending.is_empty() && self.paths.is_settled() && self.last.is_some() {
            let late = self.line.lateness(time, row + self.shift);
            if self.noise.is_plain(late) {
                self.lost = 0;
                return self.put(row, time);
            }
        }
        let explained = self.paths.step(row, self.line.lateness(time, row), &self.noise);
        self.pending.push_back((row, time));
        self.lost = if explained { 0 } else { self.lost + 1 };
        if self.lost > 0 && !self.resuming && self.lost % LOOK.min(self.needed()) == 0 && self.find_again() {
            return;
        }
        let full = self.pending.len() >= MOST_PENDING;
        if self.lost > 0 && !full {
            // Rows that fit nowhere may show where the lattice went on.
            return;
        }
        if self.paths.is_settled() {
            self.commit(i64::MAX);
        } else if self.pending.len() % LOOK == 0 {
            if full {
                self.paths.decide();
            }
            let agreed = self.paths.agreed();
            self.commit(agreed);
        }
    }

    /// Ends the stream.
    pub fn found(mut self) -> Found {
        self.finish();
        let stamps = (self.line.period, self.step, self.sigma());
        let slipped = take_out(&mut self.jumps, &mut self.blocks.done, stamps);
        let places = self.places();
        self.line.period *= 1.0 + if places > 0.0 { slipped.slips as f64 / places } else { 0.0 };
        Found {
            period: self.line.period,
            sigma: self.sigma(),
            span: 1.0,
            stamp_sigma: self.sigma(),
            systematic: self.systematic(),
            shared: slipped.shared,
            bias: 0.0,
            first_shift: self.first_shift,
            blocks: self.blocks.done,
            jumps: self.jumps,
            moved: self.moved,
        }
    }

    /// Decides on all that is pending.
    pub fn finish(&mut self) {
        self.take_ahead();
        self.take_single(self.ahead.len());
        self.take_held();
        self.paths.decide();
        self.commit(i64::MAX);
        self.end_chunk();
        self.flush_held();
        self.blocks.cut();
    }

    /// How unlikely the stamps are under this lattice: nats, up to a constant.
    pub fn cost(&self) -> f64 {
        let gaps = self.jumps.iter().filter(|jump| jump.change > 0).count() as f64;
        let others = self.jumps.len() as f64 - gaps;
        self.placed * self.sigma().ln()
            + gaps * gap_cost(gaps, self.placed, self.sigma() / self.line.period)
            + others * BACK
            + self.misfits * CAP
    }

    pub fn blocks(&self) -> &[Block] {
        &self.blocks.done
    }

    /// Standard deviation of the stamps about the lattice.
    pub fn sigma(&self) -> f64 {
        let fitting = self.placed - self.misfits;
        if fitting > 0.0 { (self.squares / fitting).sqrt() } else { self.noise.sigma }
    }

    /// Variance that the coarseness of stamps leaves however many there are.
    ///
    /// Noise blurs the steps, and so does a period that is no whole number of them; otherwise the rounding error
    /// is a slow sawtooth, whose mean vanishes with the number of teeth.
    fn systematic(&self) -> f64 {
        let rounding = self.step * self.step / 12.0 - self.sigma() * self.sigma();
        let steps = self.line.period / self.step;
        let teeth = self.places() * (steps - steps.round()).abs();
        if rounding > 0.0 { rounding / (teeth * teeth).max(1.0) } else { 0.0 }
    }

    /// Places from the first block to the last.
    fn places(&self) -> f64 {
        match (self.blocks.done.first(), self.blocks.done.last()) {
            (Some(first), Some(last)) => last.place.saturating_sub(first.place) as f64,
            _ => 0.0,
        }
    }

    /// Decides on the rows before one on which all paths agree.
    pub(super) fn commit(&mut self, until: i64) {
        let path = self.paths.best();
        let mut at = 0;
        let mut decided = None;
        while let Some(&(row, time)) = self.pending.front().filter(|&&(row, _)| row < until) {
            while path.get(at + 1).is_some_and(|&(start, _)| start <= row) {
                at += 1;
            }
            self.pending.pop_front();
            self.place(row, time, path[at].1);
            decided = Some(row);
        }
        if let Some(row) = decided {
            self.paths.forget(row);
        }
    }

    fn place(&mut self, row: i64, time: i64, shift: i64) {
        if self.last.is_none() {
            (self.shift, self.first_shift) = (shift, shift);
        }
        if shift != self.shift {
            let change = shift - self.shift;
            self.note_jump(Jump { row, change, offset: 0.0, open: false, from: 0, to: time });
            self.shift = shift;
            if change < 0 || change as f64 * self.noise.period >= STEP_NS {
                self.end_chunk();
                self.flush_held();
                self.blocks.cut();
            }
        }
        self.put(row, time);
    }

    /// Puts a row where the lattice runs on.
    pub(super) fn put(&mut self, row: i64, time: i64) {
        self.last = Some(time);
        let place = row + self.shift;
        self.chunk.push(Placed { row, place, time, late: self.line.lateness(time, place) });
        if self.chunk.len() >= CHUNK {
            self.end_chunk();
        }
    }

    pub(super) fn note_jump(&mut self, mut jump: Jump) {
        jump.from = self.last.unwrap_or(jump.to);
        self.jumps.push(jump);
    }

    /// Corrects the line by the mean of a chunk, unless the lattice moved within it.
    pub(super) fn end_chunk(&mut self) {
        let noise = self.noise;
        let sums = self.chunk.sums(|late| noise.fits(late));
        if sums.count > 0.0 {
            let place = self.chunk.samples()[0].place + (sums.place / sums.count).round() as i64;
            self.correct(place, sums.late / sums.count, sums.count);
        }
        self.follow_noise();
        self.set_reach();
        self.flush_held();
        std::mem::swap(&mut self.held, &mut self.chunk);
    }

    fn correct(&mut self, place: i64, mean: f64, count: f64) {
        let variance = (self.noise.sigma * self.noise.sigma + 2.0 * self.least_sigma * self.least_sigma) / count;
        let total = (variance + self.line.variance_at(place)).sqrt();
        if mean.abs() > (SURE * total).max(LEAST_SHIFT * self.noise.period).max(4.0 * self.least_sigma) {
            self.split(total);
        } else {
            self.line.update(place, mean, variance);
            self.noise.period = self.line.period;
        }
    }

    /// Moves the lattice from the row on where it moved.
    fn split(&mut self, sigma: f64) {
        let samples: Vec<Placed> = self.held.samples().iter().chain(self.chunk.samples()).copied().collect();
        let at = best_split(&samples, &self.noise);
        let after = &samples[at..];
        let mean = after.iter().map(|sample| sample.late).sum::<f64>() / after.len().max(1) as f64;
        let row = after[0].row;
        let from = if at > 0 { samples[at - 1].time } else { after[0].time };
        let jump = Jump { row, change: 0, offset: mean, open: true, from, to: after[0].time };
        let index = self.jumps.partition_point(|other| other.row <= row);
        self.jumps.insert(index, jump);
        self.held = Chunk::from(samples[..at].iter().copied());
        self.flush_held();
        self.blocks.cut();
        self.chunk = Chunk::from(after.iter().map(|sample| Placed { late: sample.late - mean, ..*sample }));
        self.line.shift(mean, sigma);
    }

    fn follow_noise(&mut self) {
        // Farther off it is no noise but a wrong stamp.
        let most = self.noise.period.max(6.0 * self.noise.sigma);
        let near = self.chunk.sums(|late| late.abs() < most);
        if near.count > 0.0 {
            let variance = near.squares / near.count;
            let rate = NOISE_RATE * near.count / CHUNK as f64;
            let old = self.noise.sigma * self.noise.sigma;
            self.noise.sigma = (old + rate * (variance - old)).sqrt().max(self.least_sigma);
        }
    }

    fn set_reach(&mut self) {
        let places = KNOWN * self.noise.period / self.line.period_sigma();
        self.noise.reach = places.min(FARTHEST) as i64;
    }

    pub(super) fn flush_held(&mut self) {
        let noise = self.noise;
        let all_fit = self.held.all_count(|late| noise.fits(late));
        let fitting = self.held.samples().iter().filter(|sample| all_fit || noise.fits(sample.late));
        let (mut squares, mut fits) = (self.squares, 0u32);
        self.blocks.add_all(fitting.inspect(|sample| {
            squares += sample.late * sample.late;
            fits += 1;
        }));
        let fits = f64::from(fits);
        let count = self.held.len() as f64;
        (self.squares, self.placed, self.misfits) = (squares, self.placed + count, self.misfits + count - fits);
        self.held.clear();
    }
}
