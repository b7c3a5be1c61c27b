//! Whether the second best offset is as good as the best: then neither is known.

use super::chance::log_binomial_tail;
use super::smooth::Curve;
use super::train::Pair;
use core::ops::Range;

/// Lags that are held at once.
const MOST_LAGS: usize = 4 << 20;
/// Fewer events are not looked at, however many lags they have.
const LEAST_EVENTS: usize = 64;
/// Agreement within as many standard deviations counts.
const NEAR: f64 = 2.5;
/// A rival is beaten when it would come as far as the best one with a probability of less than 1e-4.
const BEATEN: f64 = -9.21;

/// How many of some events agree at the offset that was found, and at the best other one.
#[derive(Clone, Copy, Debug)]
pub struct Contest {
    pub events: usize,
    pub agreeing: usize,
    pub rival: usize,
    /// How far the other offset is from the one that was found, ns.
    pub rival_lag: f64,
}

impl Contest {
    /// Whether the offset stands out.
    ///
    /// The rival's share of agreement, less the one event that always agrees, is taken for the chance of each event to
    /// agree at any other offset: for irregular trains it is near none, for periodic ones near one.
    pub fn is_won(&self) -> bool {
        let (n, k) = (self.events as f64, self.agreeing as f64);
        let chance = (self.rival as f64 - 1.0).max(0.0) / n;
        log_binomial_tail(k, n, chance) < BEATEN
    }
}

/// Shifts one train against the other by every lag there is.
///
/// All events count, matched or not: those that were matched would favour the offset at which they were.
pub fn contest(pair: &Pair, curve: &Curve, covered: Range<usize>, sigma: f64, bounds: (f64, f64)) -> Contest {
    let reach = NEAR * sigma;
    let wanted = (MOST_LAGS / 4 / pair.b.len().max(1)).max(LEAST_EVENTS);
    let step = covered.len().div_ceil(wanted).max(1);
    let events: Vec<usize> = covered.step_by(step).collect();
    let most = (MOST_LAGS / events.len().max(1)).max(2);
    let mut lags = Vec::new();
    for &i in &events {
        let time = pair.a.times[i];
        let expected = time + curve.at(time);
        let range = pair.b.between(time + bounds.0, time + bounds.1);
        let middle = pair.b.times.partition_point(|&other| other < expected);
        let range = range.start.max(middle.saturating_sub(most / 2))..range.end.min(middle.saturating_add(most / 2));
        lags.extend(range.filter(|&j| pair.agree(i, j)).map(|j| pair.b.times[j] - expected));
    }
    lags.sort_unstable_by(f64::total_cmp);
    let agreeing = lags.iter().filter(|lag| lag.abs() <= reach).count().min(events.len());
    let (rival, rival_lag) = fullest(&lags, 2.0 * reach, 3.0 * reach, events.len());
    Contest { events: events.len(), agreeing, rival, rival_lag }
}

/// Most lags in a window of a width whose middle is not near zero, and that middle.
fn fullest(lags: &[f64], width: f64, guard: f64, most: usize) -> (usize, f64) {
    let mut best = (0, f64::NAN);
    let mut end = 0;
    for start in 0..lags.len() {
        while end < lags.len() && lags[end] - lags[start] <= width {
            end += 1;
        }
        let middle = lags[start] / 2.0 + lags[end - 1] / 2.0;
        if middle.abs() > guard && end - start > best.0 {
            best = ((end - start).min(most), middle);
        }
    }
    best
}
