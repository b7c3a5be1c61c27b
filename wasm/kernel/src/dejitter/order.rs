//! Puts samples that were recorded out of order back into the order of their stamps.

use super::paths::Noise;
use std::collections::VecDeque;

/// Rows among which a sample finds its place.
const WINDOW: usize = 32;
/// Gain in nats from which two samples change places, by how often samples did so far: bounds, and samples before
/// the first that count as seen.
const FREQUENT: f64 = 7.0;
const RARE: f64 = 14.0;
const ASSUMED: f64 = 1e4;
/// Distance of neighbours in periods between which a sample is missing.
const HOLE: f64 = 1.5;

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
    samples: VecDeque<(i64, i64)>,
    slots: VecDeque<i64>,
    disturbed: bool,
    seen: f64,
    moved: f64,
    gain: f64,
}

impl Order {
    /// Adds the next sample in file order, and returns one whose slot is certain.
    pub fn push(&mut self, row: i64, time: i64, noise: &Noise) -> Option<Slotted> {
        if self.seen as usize % WINDOW == 0 {
            self.gain = (((self.seen + ASSUMED) / (self.moved + 0.5)).ln() + 2.0).clamp(FREQUENT, RARE);
        }
        self.seen += 1.0;
        let least = self.gain * noise.sigma * noise.sigma / noise.period;
        let earlier = |&(_, before): &(i64, i64)| before.saturating_sub(time) as f64 > least;
        self.slots.push_back(row);
        if self.samples.back().is_some_and(earlier) {
            let at = self.samples.iter().rposition(|sample| !earlier(sample)).map_or(0, |index| index + 1);
            // Farther back than the window reaches, the clock was set rather than the sample late.
            let at = if at == 0 { self.samples.len() } else { at };
            if at < self.samples.len() {
                self.disturbed = true;
                self.moved += 1.0;
            }
            self.samples.insert(at, (row, time));
        } else {
            self.samples.push_back((row, time));
        }
        (self.samples.len() > WINDOW).then(|| self.pop(noise)).flatten()
    }

    /// Returns the first of the samples that are held back.
    pub fn pop(&mut self, noise: &Noise) -> Option<Slotted> {
        let slot = self.slots.pop_front()?;
        if self.disturbed {
            self.restore(slot, noise);
        }
        let (row, time) = self.samples.pop_front()?;
        Some(Slotted { slot, row, time })
    }

    /// Takes a sample back to its slot when it was moved for a stamp that is late, not for its place.
    fn restore(&mut self, slot: i64, noise: &Noise) {
        self.disturbed = self.samples.iter().zip([slot].iter().chain(&self.slots)).any(|(a, b)| a.0 != *b);
        let at = self.samples.iter().position(|&(row, _)| row == slot).unwrap_or(0);
        if at == 0 || at + 1 >= self.samples.len() {
            return;
        }
        let apart = self.samples[at + 1].1.saturating_sub(self.samples[at - 1].1) as f64;
        if apart < HOLE * noise.period {
            if let Some(sample) = self.samples.remove(at) {
                self.samples.push_front(sample);
            }
        }
    }
}
