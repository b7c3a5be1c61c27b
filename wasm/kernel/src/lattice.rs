//! Counts missing samples of a regular stream from its time stamps alone.
//!
//! The lateness of a sample is its stamp minus its place on a lattice of the sample period. Packets, stalls
//! and jitter make single samples late; a lost sample makes every later one late by a period. So a long
//! interval is a gap only when the smallest lateness after it exceeds the smallest before it.

use crate::histogram::Histogram;
use crate::period::Period;
use std::collections::VecDeque;

/// Gaps that are kept with their place.
const KEPT_GAPS: usize = 1000;
/// Lookahead in time; a stall that empties its queue within it is not a gap.
const WINDOW_NS: f64 = 4e9;
/// Lookahead for packets in samples: enough of them for one to be quick.
const PACKET_WINDOW: usize = 2048;
/// Samples among which one that comes back shows that a jump was a single wrong stamp.
const LONE: usize = 3;
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

/// How a sample was placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// So many samples are missing before it.
    After(f64),
    /// The lattice starts anew with it.
    Restart,
    /// Its stamp is wrong and tells nothing.
    Lone,
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
#[derive(Clone, Debug)]
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
    windows: f64,
    /// Time and lattice places that passed without a restart.
    passed_ns: f64,
    passed: f64,
    /// Lateness beyond the floor, and that of the first window, whose floor is not known yet.
    lateness: Histogram,
    early: Vec<f64>,
    pub gaps: Gaps,
}

impl Lattice {
    pub fn new(period: Period) -> Lattice {
        Lattice {
            period: period.ns,
            packets: period.lag > 1,
            window: ((WINDOW_NS / period.ns) as usize)
                .clamp(if period.lag > 1 { PACKET_WINDOW } else { 64 }, 4096),
            ahead: VecDeque::new(),
            last: None,
            base: 0,
            place: 0.0,
            floor_before: f64::INFINITY,
            floor_now: f64::INFINITY,
            in_floor: 0,
            windows: 0.0,
            passed_ns: 0.0,
            passed: 0.0,
            lateness: Histogram::default(),
            early: Vec::new(),
            gaps: Gaps::default(),
        }
    }

    /// Adds the next sample.
    pub fn add(&mut self, time: i64, row: f64) {
        self.add_then(time, row, &mut |_, _, _| ());
    }

    /// Adds the next sample, and tells of earlier ones how they were placed: time, row and placement.
    pub fn add_then(&mut self, time: i64, row: f64, tell: &mut impl FnMut(i64, f64, Placement)) {
        self.ahead.push_back((time, row));
        if self.ahead.len() > self.window {
            self.examine(tell);
        }
    }

    /// Examines the samples that were waiting for later ones.
    pub fn finish(&mut self) {
        self.finish_then(&mut |_, _, _| ());
    }

    /// Examines the samples that were waiting for later ones, and tells how they were placed.
    pub fn finish_then(&mut self, tell: &mut impl FnMut(i64, f64, Placement)) {
        while !self.ahead.is_empty() {
            self.examine(tell);
        }
        self.flush_early(self.floor_now);
    }

    /// Half the width of the interval that holds 95 % of the stamps, over 1.96: about the sampling times where
    /// stamps scatter both ways, from the quickest arrival on where packets make them late.
    pub fn stamp_sigma(&self) -> f64 {
        if self.packets {
            return self.lateness.quantile(0.95) / 1.96;
        }
        (self.lateness.quantile(0.975) - self.lateness.quantile(0.025)) / 2.0 / 1.96
    }

    fn flush_early(&mut self, floor: f64) {
        for late in std::mem::take(&mut self.early) {
            self.lateness.add((late - floor).max(0.0) as u64);
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

    fn examine(&mut self, tell: &mut impl FnMut(i64, f64, Placement)) {
        let Some((time, row)) = self.ahead.pop_front() else {
            return;
        };
        if self.is_lone(time) {
            self.place += 1.0;
            tell(time, row, Placement::Lone);
            return;
        }
        let placement = match self.last {
            Some((last, _)) if time.saturating_sub(last) as f64 > -RESTART_NS => {
                Placement::After(self.place_sample(time, row, last))
            }
            _ => {
                self.restart(time);
                Placement::Restart
            }
        };
        tell(time, row, placement);
        self.last = Some((time, row));
        self.note_lateness(self.lateness(time, self.place));
    }

    /// A stamp far off between others that are not is wrong; it is passed over.
    fn is_lone(&self, time: i64) -> bool {
        let Some((last, _)) = self.last else {
            return false;
        };
        let jump = time.abs_diff(last);
        let comes_back = |&(next, _): &(i64, f64)| next.abs_diff(last) < jump / 2;
        jump as f64 > RESTART_NS && self.ahead.iter().take(LONE).any(comes_back)
    }

    fn restart(&mut self, time: i64) {
        self.flush_early(self.floor_now);
        self.base = time;
        self.place = 0.0;
        self.floor_before = f64::INFINITY;
        self.floor_now = f64::INFINITY;
        self.in_floor = 0;
    }

    fn place_sample(&mut self, time: i64, row: f64, last: i64) -> f64 {
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
        missing
    }

    fn lateness(&self, time: i64, place: f64) -> f64 {
        time.saturating_sub(self.base) as f64 - place * self.period
    }

    /// How many samples are missing before a sample that came a long interval after the last one.
    fn missing_before(&self, time: i64, interval: f64) -> f64 {
        if self.packets && self.ahead.len() < self.window / 4 && interval < WINDOW_NS {
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
        if self.floor_before.is_finite() {
            self.lateness.add((late - self.floor_before).max(0.0) as u64);
        } else {
            self.early.push(late);
        }
        if self.in_floor < self.window {
            return;
        }
        self.flush_early(self.floor_now);
        let rise = self.floor_now - self.floor_before;
        if rise.abs() < 0.5 * self.period {
            // The first windows correct the period most.
            self.windows += 1.0;
            self.period += (1.0 / self.windows).max(0.1) * rise / self.window as f64;
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
    fn the_spread_of_stamps_covers_them() {
        let mut random = Random::new(9);
        let even = (0..50_000i64).map(|i| i * 10_000_000 + (random.uniform() * 2e6) as i64);
        let mut lattice = Lattice::new(Period { ns: 10e6, lag: 1 });
        even.enumerate().for_each(|(row, time)| lattice.add(time, row as f64));
        lattice.finish();
        // A uniform spread of 2 ms: 95 % lie within 1.9 ms.
        assert!((lattice.stamp_sigma() / (0.95e6 / 1.96) - 1.0).abs() < 0.01);
    }

    #[test]
    fn lone_wrong_stamps_are_passed_over() {
        let times = (0..50_000i64).map(|i| match i % 100 {
            50 => i * i * 1_000_000,
            80 => -i * 1_000_000_000,
            _ => i * 10_000_000,
        });
        let gaps = count(10e6, 1, times);
        assert_eq!(gaps.missing, 0.0, "{:?}", &gaps.first);
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
