//! Where two trains may agree: peaks of the differences of their times.

use super::chance::log_tail;
use super::train::Pair;
use core::ops::Range;

/// Differences that are held at once.
const MOST_DIFFERENCES: usize = 4 << 20;
/// Peaks that are looked at closely, and those that are followed.
const PEAKS: usize = 24;
const KEPT: usize = 4;
/// Pairs of points through which lines are laid.
const LINES: usize = 400;

/// A straight line of offsets that some events of a window agree on.
#[derive(Clone, Debug)]
pub struct Seed {
    pub time: f64,
    pub offset: f64,
    pub drift: f64,
    /// Events of `a` on the line, ascending.
    pub hits: Vec<usize>,
    /// Mean square distance of their times from `time`.
    pub spread: f64,
    /// Logarithm of how probable chance makes it.
    pub log_chance: f64,
}

/// What a search for seeds goes by.
pub struct SeedOptions {
    /// Events further from a line are not on it.
    pub reach: f64,
    pub max_drift: f64,
    pub low: f64,
    pub high: f64,
}

/// Differences `b - a` of a window of `a` to all of `b`, ascending, each with its event of `a`.
pub struct Differences {
    pub list: Vec<(f64, u32)>,
    window: Range<usize>,
}

impl Differences {
    pub fn of(pair: &Pair, window: Range<usize>, low: f64, high: f64) -> Differences {
        let most = (MOST_DIFFERENCES / pair.b.len().max(1)).max(2);
        let window = window.start..window.end.min(window.start + most);
        let mut list = Vec::new();
        for i in window.clone() {
            let time = pair.a.times[i];
            for j in pair.b.between(time + low, time + high) {
                if pair.agree(i, j) {
                    list.push((pair.b.times[j] - time, i as u32));
                }
            }
        }
        list.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
        Differences { list, window }
    }

    /// The most promising lines.
    pub fn seeds(&self, pair: &Pair, options: &SeedOptions) -> Vec<Seed> {
        let times = &pair.a.times[self.window.clone()];
        let span = times.last().unwrap_or(&0.0) - times.first().unwrap_or(&0.0);
        let width = 2.0 * options.reach + options.max_drift * span;
        let mut seeds: Vec<Seed> = self
            .peaks(width)
            .into_iter()
            .filter_map(|range| self.line(pair, range, options))
            .collect();
        seeds.sort_by(|x, y| x.log_chance.total_cmp(&y.log_chance));
        seeds.truncate(KEPT);
        seeds
    }

    /// The fullest windows of a width that do not overlap.
    fn peaks(&self, width: f64) -> Vec<Range<usize>> {
        let mut ends = Vec::with_capacity(self.list.len());
        let mut end = 0;
        for start in 0..self.list.len() {
            while end < self.list.len() && self.list[end].0 - self.list[start].0 <= width {
                end += 1;
            }
            ends.push(end);
        }
        let mut order: Vec<u32> = (0..self.list.len() as u32)
            .filter(|&start| ends[start as usize] - start as usize >= 2)
            .collect();
        let count = |start: u32| ends[start as usize] - start as usize;
        if order.len() > 64 * PEAKS {
            order.select_nth_unstable_by_key(64 * PEAKS, |&start| (core::cmp::Reverse(count(start)), start));
            order.truncate(64 * PEAKS);
        }
        order.sort_unstable_by_key(|&start| (core::cmp::Reverse(count(start)), start));
        let mut chosen: Vec<Range<usize>> = Vec::new();
        for start in order {
            let range = start as usize..ends[start as usize];
            let overlaps = |other: &Range<usize>| range.start < other.end && other.start < range.end;
            if chosen.len() < PEAKS && !chosen.iter().any(overlaps) {
                chosen.push(range);
            }
        }
        chosen
    }

    /// The line with most points near it, through any two of the points of a peak that lie well apart.
    fn line(&self, pair: &Pair, range: Range<usize>, options: &SeedOptions) -> Option<Seed> {
        let mut points: Vec<(f64, f64, usize)> = self.list[range]
            .iter()
            .map(|&(difference, i)| (pair.a.times[i as usize], difference, i as usize))
            .collect();
        points.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)));
        let n = points.len();
        let apart = (points[n - 1].0 - points[0].0) / 4.0;
        let all = n * (n - 1) / 2;
        let stride = all.div_ceil(LINES);
        let mut best: Option<(usize, f64, f64, f64)> = None;
        let mut counter = 0;
        for first in 0..n {
            for second in first + 1..n {
                counter += 1;
                let (t0, d0, _) = points[first];
                let (t1, d1, _) = points[second];
                if counter % stride != 0 || t1 - t0 < apart || t1 <= t0 {
                    continue;
                }
                let drift = (d1 - d0) / (t1 - t0);
                let slack = 2.0 * options.reach / (t1 - t0);
                if drift.abs() > options.max_drift + slack {
                    continue;
                }
                let near = distinct_near(&points, t0, d0, drift, options.reach);
                if best.map_or(true, |(count, ..)| near > count) {
                    best = Some((near, t0, d0, drift));
                }
            }
        }
        let (count, t0, d0, drift) = best?;
        (count >= 2).then(|| self.seed(pair, &points, (t0, d0, drift), options))
    }

    fn seed(
        &self,
        pair: &Pair,
        points: &[(f64, f64, usize)],
        (t0, d0, drift): (f64, f64, f64),
        options: &SeedOptions,
    ) -> Seed {
        let near: Vec<&(f64, f64, usize)> = points
            .iter()
            .filter(|(t, d, _)| (d - d0 - drift * (t - t0)).abs() <= options.reach)
            .collect();
        let n = near.len() as f64;
        let mean = |value: &dyn Fn(&(f64, f64, usize)) -> f64| near.iter().map(|point| value(point)).sum::<f64>() / n;
        let (time, offset) = (mean(&|p| p.0 - t0) + t0, mean(&|p| p.1 - d0) + d0);
        let spread = mean(&|p| (p.0 - time) * (p.0 - time));
        let together = mean(&|p| (p.0 - time) * (p.1 - offset));
        let fitted = if spread > 0.0 { together / spread } else { 0.0 };
        let drift = fitted.clamp(-options.max_drift, options.max_drift);
        let mut hits: Vec<usize> = near.iter().map(|point| point.2).collect();
        hits.dedup();
        let log_chance = self.log_chance(pair, hits.len(), spread, options);
        Seed { time, offset, drift, hits, spread, log_chance }
    }

    /// How probable so many points near one line are by chance, for as many lines as there are.
    fn log_chance(&self, pair: &Pair, hits: usize, spread: f64, options: &SeedOptions) -> f64 {
        let tries = self.list.len() as f64;
        let lines = 1.0 + options.max_drift * spread.sqrt() * 3.5 / options.reach;
        let range = (pair.b.span() + pair.a.span()).min(options.high - options.low).max(options.reach);
        let mean = tries * 2.0 * options.reach / range;
        (tries.max(1.0) * lines).ln() + log_tail(hits as f64 - 1.0, mean)
    }
}

/// Events of `a` that have a point near a line.
fn distinct_near(points: &[(f64, f64, usize)], t0: f64, d0: f64, drift: f64, reach: f64) -> usize {
    let mut last = usize::MAX;
    let mut count = 0;
    for &(t, d, i) in points {
        if i != last && (d - d0 - drift * (t - t0)).abs() <= reach {
            count += 1;
            last = i;
        }
    }
    count
}
