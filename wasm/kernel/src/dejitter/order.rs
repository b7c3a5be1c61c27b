//! Puts samples that were recorded out of order back into the order of their stamps.

use super::paths::Noise;
use std::collections::VecDeque;

/// Rows among which a sample finds its place.
const WINDOW: usize = 32;
/// Gain in nats from which two samples change places, by how often samples did so far: bounds, and samples before
/// the first that count as seen.
const FREQUENT: f64 = 7.0;
const RARE: f64 = 14.0;
const TOGETHER: f64 = 1.0;
const ASSUMED: f64 = 1e4;
/// Stamps farther apart than this are out of order whatever their noise.
const MOST_NS: f64 = 1e15;
/// Distance of neighbours in periods between which a sample is missing.
const HOLE: f64 = 1.4;

/// A sample in the slot of some row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slotted {
    pub slot: i64,
    pub row: i64,
    pub time: i64,
}

/// Holds the last rows back until their order is known.
#[derive(Clone, Debug, Default)]
pub struct Order {
    held: VecDeque<Slotted>,
    /// Some of them are not where they were recorded.
    disturbed: bool,
    /// The last sample was moved.
    inserting: bool,
    seen: usize,
    moved: f64,
    gain: f64,
}

impl Order {
    /// Adds the next sample in file order, and returns one whose slot is certain.
    #[inline]
    pub fn push(&mut self, row: i64, time: i64, noise: &Noise) -> Option<Slotted> {
        if self.seen % WINDOW == 0 {
            self.set_gain();
        }
        self.seen += 1;
        let back = self.held.back().map_or(0, |last| last.time.saturating_sub(time));
        self.held.push_back(Slotted { slot: row, row, time });
        if back > 0 {
            // A row behind one that came late is likely to belong to it.
            let gain = if self.inserting { TOGETHER } else { self.gain };
            self.inserting = self.insert(back_from(gain, noise));
        } else {
            self.inserting = false;
        }
        if self.held.len() > WINDOW { self.pop(noise) } else { None }
    }

    fn set_gain(&mut self) {
        self.gain = (((self.seen as f64 + ASSUMED) / (self.moved + 0.5)).ln() + 2.0).clamp(FREQUENT, RARE);
    }

    /// How far a stamp may lie behind the one before and stay where it is, in ns.
    pub fn least(&mut self, noise: &Noise) -> i64 {
        self.set_gain();
        back_from(self.gain, noise)
    }

    /// No sample is held back.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// No sample that is held back was moved.
    pub fn is_orderly(&self) -> bool {
        !self.disturbed && !self.inserting
    }

    /// Counts samples whose order is plain.
    pub fn pass(&mut self, count: usize) {
        self.seen += count;
    }

    /// Moves the last sample ahead of those that are later by more than noise.
    fn insert(&mut self, least: i64) -> bool {
        let last = self.held.len() - 1;
        let Slotted { row, time, .. } = self.held[last];
        let later = |sample: &Slotted| sample.time.saturating_sub(time) > least;
        let before = (0..last).rev().find(|&index| !later(&self.held[index]));
        // Farther back than the window reaches, the clock was set rather than the sample late.
        let Some(at) = before.map(|index| index + 1).filter(|&at| at < last) else {
            return false;
        };
        for index in (at..last).rev() {
            let Slotted { row, time, .. } = self.held[index];
            self.set(index + 1, row, time);
        }
        self.set(at, row, time);
        self.disturbed = true;
        self.moved += 1.0;
        true
    }

    fn set(&mut self, index: usize, row: i64, time: i64) {
        let slot = self.held[index].slot;
        self.held[index] = Slotted { slot, row, time };
    }

    /// Returns the first of the samples that are held back.
    #[inline]
    pub fn pop(&mut self, noise: &Noise) -> Option<Slotted> {
        if self.disturbed {
            self.restore(noise);
        }
        self.held.pop_front()
    }

    /// Takes a sample back to the first slot when it was moved for a stamp that is late, not for its place.
    fn restore(&mut self, noise: &Noise) {
        self.disturbed = self.held.iter().any(|sample| sample.slot != sample.row);
        let Some(&Slotted { slot, row, .. }) = self.held.front() else {
            return;
        };
        let hopped = self.held.iter().position(|sample| sample.slot == row).unwrap_or(0);
        if hopped > 1 {
            // Over more than one sample, of which one alone might be late.
            return;
        }
        let at = self.held.iter().position(|sample| sample.row == slot).unwrap_or(0);
        if at == 0 || at + 1 >= self.held.len() {
            return;
        }
        let apart = self.held[at + 1].time.saturating_sub(self.held[at - 1].time) as f64;
        if apart < HOLE * noise.period {
            let Slotted { row, time, .. } = self.held[at];
            for index in (0..at).rev() {
                let Slotted { row, time, .. } = self.held[index];
                self.set(index + 1, row, time);
            }
            self.set(0, row, time);
        }
    }
}

fn back_from(gain: f64, noise: &Noise) -> i64 {
    (gain * noise.sigma * noise.sigma / noise.period).min(MOST_NS) as i64
}
