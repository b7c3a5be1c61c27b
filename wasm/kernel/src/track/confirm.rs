//! Compares steps that readings show with the stamps of samples, which jump by the opposite amount at the very
//! sample where a device clock was set.

use super::model::{Jumps, Readings};

/// How far the size of a jump may differ from that of a step: this share of it, or this many ns.
const SHARE: f64 = 0.1;
const LEAST: f64 = 1e7;
/// Shortest gap of samples that may hide a step, ns.
const GAP: f64 = 2e7;
/// Samples by which readings may be recorded late.
const SLACK: f64 = 16.0;
/// Stamps show every jump that is this many times the smallest that was looked for.
const CLEARLY: f64 = 2.0;

/// Jumps of the reference smaller than this share of a step are not where it happened.
const PART: f64 = 0.25;
/// Sample periods that a step exceeds of which the count of samples tells whether the device ran on.
const PERIODS: f64 = 4.0;

/// How often readings and samples come, in ns of reference and device time. NaN where unknown.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub interval: f64,
    pub period: f64,
}

/// How samples bear on a step that readings show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding {
    /// They jump as well, at the jump of this index.
    Jump(usize),
    /// They are missing from before it until after, at the jump of this index.
    Gap(usize),
    /// They run on, and so would they if the reference was set or the device stood still, which the readings show.
    RunsOn,
    /// They run on as if nothing had been set: the readings are wrong.
    Denied,
    /// They do not tell.
    Unknown,
}

/// A jump as the detector of steps expects it: before which reading, and by how much the offset would change.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    /// Place among the plausible readings.
    pub index: usize,
    pub change: f64,
}

/// Whether a jump and a change of the offset are the same step.
pub fn matches(size: f64, change: f64) -> bool {
    (size + change).abs() <= (SHARE * change.abs()).max(LEAST).min(0.5 * change.abs())
}

/// Whether a jump of the stamps and a change of the offset are the same step. Jumps of the difference alone carry the
/// delays of two transfers.
fn is_same(jumps: &Jumps, at: usize, change: f64) -> bool {
    let size = jumps.sizes[at] as f64;
    matches(size, change) || (jumps.is_in_host(at) && (size + change).abs() <= 0.5 * change.abs())
}

/// Where readings may show the jumps of the stamps. Empty when it is not known which samples lie between them.
pub fn hints(readings: &Readings, kept: &[usize], jumps: &Jumps) -> Vec<Hint> {
    if readings.rows.is_empty() {
        return Vec::new();
    }
    let mut hints = Vec::with_capacity(jumps.rows.len());
    let mut index = 0;
    for (at, &row) in jumps.rows.iter().enumerate().filter(|&(at, _)| !jumps.is_in_host(at)) {
        while index < kept.len() && !(readings.rows[kept[index]] >= row) {
            index += 1;
        }
        hints.push(Hint { index, change: -(jumps.sizes[at] as f64) });
    }
    hints
}

/// What samples say of a change of the offset between two of the plausible readings.
pub fn confirm(
    readings: &Readings,
    jumps: &Jumps,
    kept: &[usize],
    (last, first): (usize, usize),
    change: f64,
    Pace { interval, period }: Pace,
) -> Finding {
    let near = |&at: &usize| is_between(readings, jumps, at, (last, first), interval, 0.0);
    let off = |at: usize| (jumps.sizes[at] as f64 + change).abs();
    let best = (0..jumps.rows.len())
        .filter(near)
        .filter(|&at| is_same(jumps, at, change))
        .min_by(|&a, &b| off(a).total_cmp(&off(b)));
    if let Some(at) = best {
        return Finding::Jump(at);
    }
    if let Some(at) = widest_gap(readings, jumps, kept, (last, first), change, interval) {
        return Finding::Gap(at);
    }
    if runs_on(readings, (last, first), change, interval) {
        return Finding::RunsOn;
    }
    if change.abs() > CLEARLY * jumps.smallest {
        return Finding::Denied;
    }
    if !counts_on(readings, (last, first), change, period) {
        return Finding::Unknown;
    }
    // Where arrivals come in packets the reference shows a part of its jump at one sample.
    let part = |at: usize| -(jumps.sizes[at] as f64) / change;
    (0..jumps.rows.len())
        .filter(|&at| jumps.is_in_host(at) && part(at) > PART && near(&at))
        .max_by(|&a, &b| part(a).total_cmp(&part(b)))
        .map_or(Finding::RunsOn, Finding::Jump)
}

/// Where samples are missing as well the stamps jump by the gap and the step together. The gap is no longer than the
/// time in which no sample was recorded.
fn widest_gap(
    readings: &Readings,
    jumps: &Jumps,
    kept: &[usize],
    (last, first): (usize, usize),
    change: f64,
    interval: f64,
) -> Option<usize> {
    let gap = |at: usize| jumps.sizes[at] as f64 + change;
    (0..jumps.rows.len())
        .filter(|&at| !jumps.is_in_host(at) && gap(at) > GAP)
        .filter(|&at| is_between(readings, jumps, at, (last, first), interval, gap(at)))
        .filter(|&at| gap(at) < longest_gap(readings, kept, (last, first), jumps.rows[at]) + interval)
        .max_by_key(|&at| jumps.sizes[at])
}

/// How long it took until the sample of a row was recorded after the one before it, at most, ns: readings may go on
/// where samples are missing. Unlimited when it is not known which samples lie between readings.
fn longest_gap(readings: &Readings, kept: &[usize], (last, first): (usize, usize), row: f64) -> f64 {
    if readings.rows.is_empty() {
        return f64::INFINITY;
    }
    let earlier = kept[..kept.partition_point(|&i| i <= last)].iter().rev();
    let later = kept[kept.partition_point(|&i| i < first)..].iter();
    let before = earlier.copied().find(|&i| readings.rows[i] < row).unwrap_or(last);
    let after = later.copied().find(|&i| readings.rows[i] > row).unwrap_or(first);
    readings.reference[after].saturating_sub(readings.reference[before]) as f64
}

/// Whether a jump lies between two readings, by the count of samples where it is known, else by device time: near them,
/// or as far from either as a gap of the samples reaches.
fn is_between(
    readings: &Readings,
    jumps: &Jumps,
    at: usize,
    (last, first): (usize, usize),
    interval: f64,
    gap: f64,
) -> bool {
    let row = |i: usize| readings.rows.get(i).copied().unwrap_or(f64::NAN);
    let (from, to) = (row(last), row(first));
    if from <= to {
        let slack = SLACK + (to - from);
        return from - slack <= jumps.rows[at] && jumps.rows[at] <= to + slack;
    }
    let after = jumps.device[at];
    let before = after.saturating_sub(jumps.sizes[at]);
    let reach = 2.0 * interval + readings.reference[first].saturating_sub(readings.reference[last]).max(0) as f64;
    let behind = after.saturating_sub(readings.device[first]) as f64;
    let ahead = readings.device[last].saturating_sub(before) as f64;
    let near = |distance: f64| (-reach..=reach + gap).contains(&distance);
    near(behind) && near(ahead)
}

/// Whether the device time between two readings is that of as many samples as were recorded between them, so that it
/// was not set by the change.
fn counts_on(readings: &Readings, (last, first): (usize, usize), change: f64, period: f64) -> bool {
    let row = |i: usize| readings.rows.get(i).copied().unwrap_or(f64::NAN);
    let passed = readings.device[first].saturating_sub(readings.device[last]) as f64;
    let off = passed - period * (row(first) - row(last));
    change.abs() > PERIODS * period && off.abs() < 0.5 * change.abs()
}

/// Whether the reference jumped by the change between two readings while the device ran on as usual.
fn runs_on(readings: &Readings, (last, first): (usize, usize), change: f64, interval: f64) -> bool {
    let device = readings.device[first].saturating_sub(readings.device[last]) as f64;
    let reference = readings.reference[first].saturating_sub(readings.reference[last]) as f64;
    let usual = 2.0 * interval * (first - last).max(1) as f64;
    let reference_is_odd = reference < 0.0 || reference > usual;
    (0.0..=usual).contains(&device) && reference_is_odd && change.abs() > 0.5 * interval
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGE: f64 = -3e8;
    const PACE: Pace = Pace { interval: 1.25e9, period: 1.953125e7 };

    /// What is found between two arrivals 64 samples apart, at which the reference and the device were set by so much.
    fn found(reference: i64, device: i64, sizes: &[i64], in_host: &[u8]) -> Finding {
        let readings = Readings {
            device: &[0, 1_250_000_000 + device],
            reference: &[5_000_000_000, 6_250_000_000 + reference],
            rows: &[0.0, 64.0],
            ..Readings::default()
        };
        let rows: Vec<f64> = sizes.iter().zip(1..).map(|(_, at)| 20.0 * f64::from(at)).collect();
        let stamps: Vec<i64> = sizes.iter().zip(1..).map(|(_, at)| 400_000_000 * at).collect();
        let jumps = Jumps { rows: &rows, device: &stamps, sizes, smallest: f64::INFINITY, in_host };
        confirm(&readings, &jumps, &[0, 1], (0, 1), CHANGE, PACE)
    }

    #[test]
    fn counted_samples_tell_which_clock_was_set() {
        assert_eq!(found(CHANGE as i64, 0, &[], &[]), Finding::RunsOn);
        assert_eq!(found(0, -(CHANGE as i64), &[], &[]), Finding::Unknown);
        // Packets hide half of the jump, and delays jump as well.
        assert_eq!(found(CHANGE as i64, 0, &[40_000_000, 148_000_000, -200_000_000], &[1, 1, 1]), Finding::Jump(1));
        assert_eq!(found(0, -(CHANGE as i64), &[300_000_000], &[0]), Finding::Jump(0));
    }
}
