//! Counts missing samples of a regular stream from its time stamps alone.
//!
//! The lateness of a sample is its stamp minus its place on a lattice of the sample period. Packets, stalls
//! and jitter make single samples late; a lost sample makes every later one late by a period. So a long
//! interval is a gap only when the smallest lateness after it exceeds the smallest before it.

use crate::period::Period;
use std::collections::VecDeque;

/// Gaps that are kept with their place.
const KEPT_GAPS: usize = 1000;
/// Lookahead in time; a stall that empties its queue within it is not a gap.
const WINDOW_NS: f64 = 4e9;
/// A step back by more than this restarts the lattice.
const RESTART_NS: f64 = 1e9;
/// Lateness in periods from which a sample is missing.
const MISSING_FROM: f64 = 0.75;

/// A place where samples are missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Row of the first sample after it.
    pub row: f64,
    pub from: i64,
    pub to: i64,
    pub missing: f64,
}

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    pub count: f64,
    pub missing: f64,
    pub longest_ns: f64,
    pub first: Vec<Gap>,
}

/// Places samples on a lattice, in file order.
#[derive(Clone)]
pub struct Lattice {
    period: f64,
    packets: bool,
    window: usize,
    ahead: VecDeque<(i64, f64)>,
    last: Option<(i64, f64)>,
    base: i64,
    /// Place of the last sample relative to the base.
    place: f64,
    floor_before: f64,
    floor_now: f64,
    in_floor: usize,
    /// Time and lattice places that passed without a restart.
    passed_ns: f64,
    passed: f64,
    pub gaps: Gaps,
}

impl Lattice {
    pub fn new(period: Period) -> Lattice {
        Lattice {
            period: period.ns,
            packets: period.lag > 1,
            window: ((WINDOW_NS / period.ns) as usize).clamp(64, 4096),
            ahead: VecDeque::new(),
            last: None,
            base: 0,
            place: 0.0,
            floor_before: f64::INFINITY,
            floor_now: f64::INFINITY,
            in_floor: 0,
            passed_ns: 0.0,
            passed: 0.0,
            gaps: Gaps::default(),
        }
    }

    /// Adds the next sample.
    pub fn add(&mut self, time: i64, row: f64) {
        self.ahead.push_back((time, row));
        if self.ahead.len() > self.window {
            self.examine();
        }
    }

    /// Examines the samples that were waiting for later ones.
    pub fn finish(&mut self) {
        while !self.ahead.is_empty() {
            self.examine();
        }
    }

    /// Mean distance of lattice places in ns.
    pub fn mean_period(&self) -> f64 {
        if self.passed > 0.0 && self.passed_ns > 0.0 {
            self.passed_ns / self.passed
        } else {
            self.period
        }
    }

    fn examine(&mut self) {
        let Some((time, row)) = self.ahead.pop_front() else {
            return;
        };
        match self.last {
            Some((last, _)) if time.saturating_sub(last) as f64 > -RESTART_NS => {
                self.place_sample(time, row, last)
            }
            _ => self.restart(time),
        }
        self.last = Some((time, row));
        self.note_lateness(self.lateness(time, self.place));
    }

    fn restart(&mut self, time: i64) {
        self.base = time;
        self.place = 0.0;
        self.floor_before = f64::INFINITY;
        self.floor_now = f64::INFINITY;
        self.in_floor = 0;
    }

    fn place_sample(&mut self, time: i64, row: f64, last: i64) {
        let interval = time.saturating_sub(last) as f64;
        let missing = if interval > 1.5 * self.period {
            self.missing_before(time, interval)
        } else {
            0.0
        };
        self.place += 1.0 + missing;
        if missing > 0.0 {
            self.note_gap(Gap { row, from: last, to: time, missing });
        }
        self.passed_ns += interval;
        self.passed += 1.0 + missing;
    }

    fn lateness(&self, time: i64, place: f64) -> f64 {
        time.saturating_sub(self.base) as f64 - place * self.period
    }

    /// How many samples are missing before a sample that came a long interval after the last one.
    fn missing_before(&self, time: i64, interval: f64) -> f64 {
        let few = self.ahead.len() < self.window.min(64) / 4;
        if self.packets && few && interval < self.period * self.window as f64 {
            return 0.0;
        }
        let before = self.floor_before.min(self.floor_now);
        let enough = before + MISSING_FROM * self.period;
        let mut near = self.lateness(time, self.place + 1.0);
        let mut far = f64::INFINITY;
        for (index, &(next, _)) in self.ahead.iter().enumerate() {
            if near.min(far) < enough {
                return 0.0;
            }
            let late = self.lateness(next, self.place + 2.0 + index as f64);
            if index < self.window / 4 {
                near = near.min(late);
            } else {
                far = far.min(late);
            }
        }
        // A sample that is less late than all that follow later came before the loss, in a late packet.
        if near.min(far) < enough || (self.packets && near < far - 0.5 * self.period && far.is_finite()) {
            return 0.0;
        }
        ((near.min(far) - before) / self.period).round()
    }

    fn note_gap(&mut self, gap: Gap) {
        self.gaps.count += 1.0;
        self.gaps.missing += gap.missing;
        let length = gap.to.saturating_sub(gap.from) as f64;
        self.gaps.longest_ns = self.gaps.longest_ns.max(length);
        if self.gaps.first.len() < KEPT_GAPS {
            self.gaps.first.push(gap);
        }
    }

    /// Follows the smallest lateness window by window, and the period with it.
    fn note_lateness(&mut self, late: f64) {
        self.floor_now = self.floor_now.min(late);
        self.in_floor += 1;
        if self.in_floor < self.window {
            return;
        }
        let rise = self.floor_now - self.floor_before;
        if rise.abs() < 0.5 * self.period {
            self.period += 0.1 * rise / self.window as f64;
        }
        // Lateness counts from here on, so that the changed period does not reach back.
        self.floor_before = self.floor_now - late;
        self.floor_now = f64::INFINITY;
        self.in_floor = 0;
        if let Some((time, _)) = self.last {
            self.base = time;
            self.place = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn count(period: f64, lag: usize, times: impl IntoIterator<Item = i64>) -> Gaps {
        let mut lattice = Lattice::new(Period { ns: period, lag });
        for (row, time) in times.into_iter().enumerate() {
            lattice.add(time, row as f64);
        }
        lattice.finish();
        lattice.gaps
    }

    #[test]
    fn every_single_drop_is_counted() {
        let mut random = Random::new(4);
        let kept: Vec<i64> = (0..100_000).filter(|&i| i == 99_999 || i == 0 || random.uniform() > 0.05).collect();
        let stamp = |i: &i64| i * 10_000_000 + (*i * 7_919) % 1_000_000;
        let gaps = count(10e6, 1, kept.iter().map(stamp));
        assert_eq!(gaps.missing, (100_000 - kept.len()) as f64);
        let expected = kept.windows(2).filter(|pair| pair[1] - pair[0] > 1).count();
        assert_eq!(gaps.count, expected as f64);
        assert_eq!(gaps.first.len(), 1000);
        let row = gaps.first[0].row as usize;
        assert_eq!(gaps.first[0].missing, (kept[row] - kept[row - 1] - 1) as f64);
    }

    #[test]
    fn a_stall_that_is_caught_up_is_no_gap() {
        let times = (0..2000i64).map(|i| if (500..600).contains(&i) { 6_000_000_000 + i } else { i * 10_000_000 });
        assert_eq!(count(10e6, 1, times).count, 0.0);
    }

    #[test]
    fn lost_packets_are_counted_among_late_ones() {
        let mut random = Random::new(5);
        let mut times = Vec::new();
        for packet in 0..4000i64 {
            let arrival = (packet * 8 + 7) * 7_812_500 + (random.exponential() * 20e6) as i64;
            if packet % 500 != 250 {
                times.extend([arrival; 8]);
            }
        }
        let gaps = count(7_812_500.0, 64, times);
        assert_eq!(gaps.missing, 8.0 * 8.0, "{:?}", gaps.first);
        assert_eq!(gaps.count, 8.0, "{:?}", gaps.first);
    }

    #[test]
    fn a_wrong_period_is_followed() {
        let gaps = count(1.0002e6, 1, (0..50_000i64).map(|i| i * 1_000_000));
        assert_eq!(gaps.count, 0.0);
        assert_eq!(count(0.9998e6, 1, (0..50_000i64).map(|i| i * 1_000_000)).count, 0.0);
    }

    #[test]
    fn wild_times_neither_panic_nor_hang() {
        let wild = [0, i64::MAX, i64::MIN + 1, 5, -5, i64::MAX, 0, 1, 2, 3];
        let gaps = count(1e6, 1, (0..5000).map(|i| wild[i * i % wild.len()]));
        assert!(gaps.missing.is_finite());
    }
}
