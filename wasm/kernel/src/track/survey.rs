//! Finds where the stamps of a stream jump by more than its spacing and jitter explain, while they pass by.
//!
//! A jump that exceeds the scatter of single intervals is seen at once. A smaller one shows as a lasting shift: the
//! stamps after it, less a constant spacing, lie off those before. Stamps are compared in two windows that slide
//! along, and the place where they differ most is kept.

use crate::sampling::MISSING;
use std::collections::VecDeque;

/// Stamps in each window.
const WINDOW: usize = 32;
/// Intervals that tell what is usual to begin with.
const EARLY: usize = 32;
/// Stamps of which a spacing is taken, and how many such spacings the typical one is the median of.
const BLOCK: usize = 64;
const BLOCKS: usize = 15;
/// A jump is larger than this many deviations of an interval, or of the shift between two windows.
const FAR: f64 = 6.0;
/// Stamps that the deviation of intervals follows.
const MEMORY: f64 = 256.0;
/// Least deviation that is believed, ns.
const LEAST: f64 = 20_000.0;
/// Jumps that are kept.
pub const MOST: usize = 1 << 15;

/// A place where stamps jump.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StampJump {
    /// Index of the sample after it.
    pub row: f64,
    /// Its stamp.
    pub device: i64,
    /// By how much more than usual the stamps advanced, ns.
    pub size: i64,
}

/// A stamp less regular spacing and earlier jumps.
#[derive(Clone, Copy)]
struct Level {
    row: f64,
    device: i64,
    value: f64,
}

/// Gathers jumps, batch by batch, in bounded memory.
#[derive(Clone)]
pub struct JumpSurvey {
    row: f64,
    /// The first stamps with their rows.
    early: Vec<(f64, i64)>,
    last: Option<i64>,
    /// Intervals of the current block and spacings of blocks before it.
    intervals: Vec<f64>,
    spacings: VecDeque<f64>,
    spacing: f64,
    /// Mean size of the difference of an interval from the spacing.
    scatter: f64,
    level: f64,
    window: VecDeque<Level>,
    /// Sums over the two windows.
    before: f64,
    after: f64,
    /// Where the windows differed most of late, and for how many stamps no more.
    peak: Option<(Level, f64)>,
    since: usize,
    jumps: Vec<StampJump>,
    /// Jumps smaller than this were not kept.
    floor: u64,
}

impl Default for JumpSurvey {
    fn default() -> JumpSurvey {
        JumpSurvey {
            row: 0.0,
            early: Vec::new(),
            last: None,
            intervals: Vec::with_capacity(BLOCK),
            spacings: VecDeque::with_capacity(BLOCKS),
            spacing: f64::NAN,
            scatter: f64::NAN,
            level: 0.0,
            window: VecDeque::with_capacity(2 * WINDOW + 1),
            before: 0.0,
            after: 0.0,
            peak: None,
            since: 0,
            jumps: Vec::new(),
            floor: 0,
        }
    }
}

impl JumpSurvey {
    /// Adds the next stamps in file order; missing ones only count as rows.
    pub fn add(&mut self, stamps: &[i64]) {
        for &stamp in stamps {
            if stamp != MISSING {
                self.take(stamp);
            }
            self.row += 1.0;
        }
    }

    /// The jumps so far, in file order.
    pub fn jumps(&self) -> Vec<StampJump> {
        let mut found = self.clone();
        found.begin();
        found.flush();
        found.jumps.sort_by(|a, b| a.row.total_cmp(&b.row));
        found.jumps
    }

    /// The smallest lasting jump that would have been seen, ns.
    pub fn smallest(&self) -> f64 {
        let seen = FAR * self.shift_deviation();
        if seen.is_finite() { seen.max(self.floor as f64) } else { f64::INFINITY }
    }

    /// The first stamps wait until they tell what is usual.
    fn take(&mut self, stamp: i64) {
        if !self.spacing.is_nan() {
            return self.judge(self.row, stamp);
        }
        self.early.push((self.row, stamp));
        if self.early.len() > EARLY {
            self.begin();
        }
    }

    fn begin(&mut self) {
        let early = core::mem::take(&mut self.early);
        let mut intervals: Vec<f64> = early.windows(2).map(|pair| pair[1].1.saturating_sub(pair[0].1) as f64).collect();
        if intervals.is_empty() {
            return;
        }
        (self.spacing, self.scatter) = spacing_of(&mut intervals);
        early.iter().for_each(|&(row, stamp)| self.judge(row, stamp));
    }

    fn judge(&mut self, row: f64, stamp: i64) {
        let Some(last) = self.last.replace(stamp) else { return };
        let interval = stamp.saturating_sub(last) as f64;
        self.learn(interval);
        let excess = interval - self.spacing;
        if excess.abs() > FAR * self.interval_deviation() {
            self.keep(StampJump { row, device: stamp, size: excess.round() as i64 });
        } else {
            self.level += excess;
            self.scatter += (excess.abs() - self.scatter) / MEMORY;
        }
        self.slide(Level { row, device: stamp, value: self.level });
    }

    fn learn(&mut self, interval: f64) {
        self.intervals.push(interval);
        if self.intervals.len() < BLOCK {
            return;
        }
        let (spacing, _) = spacing_of(&mut self.intervals);
        self.intervals.clear();
        if self.spacings.len() == BLOCKS {
            self.spacings.pop_front();
        }
        self.spacings.push_back(spacing);
        let mut recent: Vec<f64> = self.spacings.iter().copied().collect();
        let middle = recent.len() / 2;
        let median = *recent.select_nth_unstable_by(middle, f64::total_cmp).1;
        let near = 4.0 * median_distance(&recent, median);
        recent.retain(|spacing| (spacing - median).abs() <= near);
        self.spacing = recent.iter().sum::<f64>() / recent.len() as f64;
    }

    fn interval_deviation(&self) -> f64 {
        (1.25 * self.scatter).max(LEAST)
    }

    /// Deviation of the difference of two windows, when stamps scatter independently and the spacing is known as
    /// well as the blocks so far tell.
    fn shift_deviation(&self) -> f64 {
        let known = (BLOCK * self.spacings.len()).max(EARLY) as f64;
        let lever = WINDOW as f64 / known;
        self.interval_deviation() * (1.0 / WINDOW as f64 + lever * lever).sqrt()
    }

    fn slide(&mut self, level: Level) {
        self.window.push_back(level);
        if self.window.len() > WINDOW {
            let crossing = self.window[self.window.len() - 1 - WINDOW].value;
            self.before += crossing;
            self.after -= crossing;
        }
        self.after += level.value;
        if self.window.len() <= 2 * WINDOW {
            return;
        }
        self.before -= self.window.pop_front().map_or(0.0, |level| level.value);
        let shift = (self.after - self.before) / WINDOW as f64;
        let far = shift.abs() > FAR * self.shift_deviation();
        if far && self.peak.is_none_or(|(_, most)| shift.abs() > most.abs()) {
            self.peak = Some((self.window[WINDOW], shift));
            self.since = 0;
        } else if self.peak.is_some() {
            self.since += 1;
            if self.since >= WINDOW {
                self.flush();
            }
        }
    }

    /// Keeps the place where the windows differed most.
    fn flush(&mut self) {
        let Some((level, shift)) = self.peak.take() else { return };
        self.keep(StampJump { row: level.row, device: level.device, size: shift.round() as i64 });
    }

    fn keep(&mut self, jump: StampJump) {
        if jump.size.unsigned_abs() < self.floor {
            return;
        }
        self.jumps.push(jump);
        if self.jumps.len() > MOST {
            let mut sizes: Vec<u64> = self.jumps.iter().map(|jump| jump.size.unsigned_abs()).collect();
            self.floor = *sizes.select_nth_unstable(MOST / 2).1 + 1;
            let floor = self.floor;
            self.jumps.retain(|jump| jump.size.unsigned_abs() >= floor);
        }
    }
}

/// Spacing and mean scatter of intervals: of the usual ones, or of all when they come in bursts.
fn spacing_of(intervals: &mut [f64]) -> (f64, f64) {
    let middle = intervals.len() / 2;
    let median = *intervals.select_nth_unstable_by(middle, f64::total_cmp).1;
    let near = 6.0 * median_distance(intervals, median).max(LEAST / 4.0);
    let usual: Vec<f64> = intervals.iter().copied().filter(|interval| (interval - median).abs() <= near).collect();
    let some = if usual.len() * 6 < intervals.len() * 5 { &*intervals } else { &usual };
    let spacing = some.iter().sum::<f64>() / some.len() as f64;
    let scatter = some.iter().map(|interval| (interval - spacing).abs()).sum::<f64>() / some.len() as f64;
    (spacing, scatter)
}

fn median_distance(values: &[f64], from: f64) -> f64 {
    let mut sizes: Vec<f64> = values.iter().map(|value| (value - from).abs()).collect();
    let middle = sizes.len() / 2;
    *sizes.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    /// Stamps at a rate with jitter and one jump, ns.
    fn stamps(rate: f64, jitter: f64, at: usize, size: f64, random: &mut Random) -> Vec<i64> {
        (0..20_000)
            .map(|i| (i as f64 / rate * 1e9 + jitter * random.normal() + if i >= at { size } else { 0.0 }) as i64)
            .collect()
    }

    #[test]
    fn jumps_are_found_where_they_are() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            for size in [5e6, -5e6, 20e6, -2e8, 6e10, -2e12] {
                let at = 1000 + (18_000.0 * random.uniform()) as usize;
                let stamps = stamps(128.0, 2e6, at, size, &mut random);
                let mut survey = JumpSurvey::default();
                stamps.chunks(999).for_each(|some| survey.add(some));
                let jumps = survey.jumps();
                let near = jumps.iter().filter(|jump| (jump.row - at as f64).abs() < 12.0).count();
                assert!((1..=2).contains(&near), "seed {seed}, {size} at {at}: {jumps:?}");
                assert!(jumps.len() <= 4, "{jumps:?}");
                let jump = jumps.iter().min_by(|a, b| (a.row - at as f64).abs().total_cmp(&(b.row - at as f64).abs())).unwrap();
                assert!((jump.size as f64 - size).abs() < 12e6 + 0.01 * size.abs(), "{jump:?} {size}");
            }
        }
    }

    #[test]
    fn wild_stamps_do_not_matter() {
        let wild = [0, i64::MAX, i64::MIN, i64::MIN + 1, -1, 1 << 40];
        let mut random = Random::new(2);
        let mut survey = JumpSurvey::default();
        for _ in 0..200_000 {
            survey.add(&[wild[(random.uniform() * 6.0) as usize]]);
        }
        assert!(survey.jumps().len() <= MOST);
        assert!(JumpSurvey::default().jumps().is_empty());
    }
}
