//! Follows the many samples that plainly lie where the lattice runs on, a run of them at a time.
//!
//! What decides is the same as for single samples: the order of the stamps, and the cost of paths that jump. A path
//! that jumps by some places at the best row has gained the largest sum of differences up to now (Page 1954); while
//! no gain reaches the cost of a jump the lattice runs on, and where all gains are nought no other path is left.

use super::chunk::CHUNK;
use super::paths::{Noise, BACK, CAP};
use super::tracker::Tracker;

/// Rows that are looked at together, and those among which a later one may find its place.
const FRAME: usize = 1024;
const BEHIND: usize = 32;
/// Rows that are taken one by one before runs are tried again.
const SINGLE: usize = 32;
/// Share of a limit up to which samples are within it whatever the rounding.
const SURELY: f64 = 0.999_999;
/// Places that samples may seem to jump by.
const MOST_PLACES: usize = 8;

/// Gains of paths that jumped ahead and back by one place and more.
struct Gains {
    ahead: [f64; MOST_PLACES],
    back: [f64; MOST_PLACES],
    places: usize,
    /// Farthest sample that no path of more places explains better.
    most: f64,
}

impl Gains {
    fn new(noise: &Noise) -> Gains {
        let places = (noise.neighbours() as usize).clamp(1, MOST_PLACES);
        let most = (places as f64 + 0.5) * noise.period;
        Gains { ahead: [0.0; MOST_PLACES], back: [0.0; MOST_PLACES], places, most }
    }

    /// Adds a sample: whether the lattice may run on, and whether no other path is left.
    #[inline(always)]
    fn add(&mut self, late: f64, noise: &Noise) -> (bool, bool) {
        let loss = noise.loss(late);
        let (mut most_ahead, mut most_back) = (0.0f64, 0.0f64);
        for index in 0..self.places {
            let jump = (index + 1) as f64 * noise.period;
            let ahead = (self.ahead[index] + loss - noise.loss(late - jump)).max(0.0);
            let back = (self.back[index] + loss - noise.loss(late + jump)).max(0.0);
            (self.ahead[index], self.back[index]) = (ahead, back);
            (most_ahead, most_back) = (most_ahead.max(ahead), most_back.max(back));
        }
        let runs_on = late.abs() < self.most && noise.fits(late) && most_ahead < noise.gap && most_back < BACK;
        (runs_on, most_ahead + most_back == 0.0)
    }
}

impl Tracker {
    /// Adds the next samples in file order, on consecutive rows.
    pub fn add_all(&mut self, mut row: i64, mut times: &[i64]) {
        if row != self.ahead_row.saturating_add(self.ahead.len() as i64) {
            self.take_single(self.ahead.len());
        }
        if self.ahead.is_empty() {
            self.ahead_row = row;
        }
        while !times.is_empty() {
            let (now, later) = times.split_at(times.len().min(FRAME - self.ahead.len()));
            self.ahead.extend_from_slice(now);
            row = row.saturating_add(now.len() as i64);
            times = later;
            if self.ahead.len() == FRAME {
                self.take_ahead();
            }
        }
    }

    /// Takes the samples that were held back to be looked at together, but for those whose order is not clear yet.
    pub(super) fn take_ahead(&mut self) {
        let times = std::mem::take(&mut self.ahead);
        let first = self.ahead_row;
        let least = self.order.least(&self.noise);
        let (mut at, mut orderly) = (0, 0);
        while at + BEHIND < times.len() {
            if orderly <= at {
                orderly = at + 1 + in_order(&times[at..], least);
            }
            let clear = orderly.saturating_sub(BEHIND);
            if clear > at && self.is_calm() {
                let taken = self.run_on(first + at as i64, &times[at..clear]);
                at += taken;
                if taken > 0 {
                    continue;
                }
            }
            let end = times.len().min(at + SINGLE);
            for index in at..end {
                self.add_single(first + index as i64, times[index]);
            }
            at = end;
            let next = &times[at.saturating_sub(1)..];
            if next.len() > BEHIND && in_order(next, least) >= BEHIND && self.order.is_orderly() {
                self.take_held();
            }
        }
        self.ahead_row = first + at as i64;
        self.ahead.extend_from_slice(&times[at..]);
    }

    /// Takes the first of the samples that were held back one by one.
    pub(super) fn take_single(&mut self, count: usize) {
        let times: Vec<i64> = self.ahead.drain(..count).collect();
        for (row, time) in (self.ahead_row..).zip(times) {
            self.add_single(row, time);
        }
        self.ahead_row = self.ahead_row.saturating_add(count as i64);
    }

    /// No row waits for a decision.
    fn is_calm(&self) -> bool {
        self.last.is_some() && self.order.is_empty() && self.pending.is_empty() && self.paths.is_settled()
    }

    /// Puts rows while the lattice runs on, about to the end of a chunk, and returns how many they are.
    fn run_on(&mut self, row: i64, times: &[i64]) -> usize {
        let mut lates = [0.0; CHUNK];
        let room = CHUNK - self.chunk.len();
        let decided = self.decide(row, times, room, &mut lates);
        let (now, later) = times[..decided].split_at(decided.min(room));
        self.chunk.extend(row, row + self.shift, now, &lates);
        if let Some(&time) = now.last() {
            self.last = Some(time);
            self.lost = 0;
            self.order.pass(decided);
        }
        if now.len() == room {
            self.end_chunk();
        }
        for (row, &time) in (row + room as i64..).zip(later) {
            self.put(row, time);
        }
        decided
    }

    /// How many of the samples lie where the lattice runs on: as many as there is room for, and those after it that
    /// are needed to be sure. Writes how late the first of them are.
    fn decide(&self, row: i64, times: &[i64], room: usize, lates: &mut [f64; CHUNK]) -> usize {
        let (line, noise) = (self.line, self.noise);
        let plain = SURELY * (0.5 * noise.period).min((2.0 * CAP).sqrt() * noise.sigma);
        let mut gains = Gains::new(&noise);
        let (mut decided, mut none_gained) = (0, true);
        for (index, (&time, place)) in times.iter().zip(row + self.shift..).enumerate() {
            let late = line.lateness(time, place);
            if let Some(to) = lates.get_mut(index) {
                *to = late;
            }
            // It fits, and a path that jumps is farther off: where none has gained before, none does here.
            let is_plain = none_gained && late.abs() < plain;
            let (runs_on, settled) = if is_plain { (true, true) } else { gains.add(late, &noise) };
            if !runs_on {
                break;
            }
            none_gained = settled;
            if settled {
                decided = index + 1;
                if decided >= room {
                    break;
                }
            }
        }
        decided
    }
}

/// Stamps after the first that are no earlier than the one before by more than noise.
fn in_order(times: &[i64], least: i64) -> usize {
    let back = times.windows(2).position(|pair| pair[0].saturating_sub(pair[1]) > least);
    back.unwrap_or(times.len() - 1)
}
