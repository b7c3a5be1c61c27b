//! Steps between fitted stretches: how large they are, where they lie, and whether the stamps of samples bear
//! them out.

use super::confirm::{confirm, Finding, Pace};
use super::fit::Part;
use super::model::{Jumps, Readings};

/// Stretches that are nearer to each other than this are of one course, ns.
const SAME_COURSE: f64 = 1e6;

/// What is known of the step between two parts.
#[derive(Clone, Copy, Debug)]
pub struct Border {
    /// Change of the offset, ns.
    pub change: f64,
    /// Last device time before it and first after it.
    pub to: i64,
    pub from: i64,
    /// First sample after it, NaN where unknown.
    pub row: f64,
    pub in_host: bool,
    denied: bool,
}

/// The steps between parts.
pub fn settle(readings: &Readings, jumps: &Jumps, parts: &[Part], kept: &[usize]) -> Vec<Border> {
    if parts.len() < 2 {
        return Vec::new();
    }
    let pace = Pace { interval: typical_interval(readings, kept), period: sample_period(readings, kept) };
    parts.windows(2).map(|pair| border(readings, jumps, &pair[0], &pair[1], kept, pace)).collect()
}

/// Typical time from reading to reading on the reference clock, ns.
fn typical_interval(readings: &Readings, kept: &[usize]) -> f64 {
    let mut runs: Vec<f64> = kept
        .windows(2)
        .map(|pair| readings.reference[pair[1]].saturating_sub(readings.reference[pair[0]]).max(0) as f64)
        .collect();
    let middle = runs.len() / 2;
    if runs.is_empty() { 0.0 } else { *runs.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// Typical device time from sample to sample, ns; NaN where samples are not counted.
fn sample_period(readings: &Readings, kept: &[usize]) -> f64 {
    if readings.rows.is_empty() {
        return f64::NAN;
    }
    let mut periods: Vec<f64> = kept
        .windows(2)
        .map(|pair| (readings.rows[pair[1]] - readings.rows[pair[0]], readings.device[pair[1]].saturating_sub(readings.device[pair[0]])))
        .filter(|&(samples, _)| samples > 0.0)
        .map(|(samples, passed)| passed as f64 / samples)
        .collect();
    let middle = periods.len() / 2;
    if periods.is_empty() { f64::NAN } else { *periods.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

fn border(readings: &Readings, jumps: &Jumps, left: &Part, right: &Part, kept: &[usize], pace: Pace) -> Border {
    let last = kept[left.places.iter().copied().max().unwrap_or(left.start)];
    let first = kept[right.places.iter().copied().min().unwrap_or(right.start)];
    let gap = readings.reference[first].saturating_sub(readings.reference[last]).max(0);
    let own = (readings.device[first].saturating_sub(readings.device[last])).max(0);
    let meeting = |elapsed: i64| change(readings, (left, last), (right, first), elapsed);
    let finding = confirm(readings, jumps, kept, (last, first), meeting(gap), pace);
    let change = meeting(if finding == Finding::RunsOn { own } else { gap });
    let half = if finding == Finding::RunsOn { own.min(gap) } else { gap.min(recorded(readings, left, last, first)) } / 2;
    let row = |i: usize| readings.rows.get(i).copied().unwrap_or(f64::NAN);
    let between = Border {
        change,
        to: readings.device[last].saturating_add(half),
        from: readings.device[first].saturating_sub(half),
        row: (0.5 * (row(last) + row(first))).round(),
        in_host: finding == Finding::RunsOn,
        denied: finding == Finding::Denied || change.abs() < SAME_COURSE,
    };
    place(between, finding, jumps, (readings.device[last], readings.device[first]))
}

/// Places a border where the stamps jump. Within a gap of them readings may be nearer.
fn place(between: Border, finding: Finding, jumps: &Jumps, (last, first): (i64, i64)) -> Border {
    let (Finding::Jump(at) | Finding::Gap(at)) = finding else { return between };
    let in_host = jumps.is_in_host(at);
    let after = jumps.device[at];
    let before = after.saturating_sub(if in_host { 0 } else { jumps.sizes[at] });
    let is_gap = finding == Finding::Gap(at);
    let to = if is_gap { last.max(before) } else { before };
    let from = if is_gap { first.min(after) } else { after };
    Border { to, from, row: jumps.rows[at], in_host, ..between }
}

/// How long the samples between two readings took to record, as long as those of a part did, ns.
fn recorded(readings: &Readings, part: &Part, last: usize, first: usize) -> i64 {
    let row = |i: usize| readings.rows.get(i).copied().unwrap_or(f64::NAN);
    let begun = readings.device.iter().position(|&time| time == part.base).unwrap_or(last);
    let period = readings.device[last].saturating_sub(part.base) as f64 / (row(last) - row(begun));
    let time = period * (row(first) - row(last));
    if time >= 0.0 && period > 0.0 { time as i64 } else { i64::MAX }
}

/// How much higher the right course lies than the left one where they meet, when `elapsed` ns passed between the
/// last reading of one and the first of the other.
fn change(readings: &Readings, (left, last): (&Part, usize), (right, first): (&Part, usize), elapsed: i64) -> f64 {
    let seconds = |i: usize, part: &Part| readings.device[i].saturating_sub(part.base) as f64 / 1e9;
    let before = left.fitted.curve.at(seconds(last, left) + elapsed as f64 / 1e9).0;
    let after = right.fitted.curve.at(seconds(first, right)).0;
    (right.base_offset as f64 - left.base_offset as f64) + after - before
}

/// Leaves out readings of stretches that the stamps of samples deny, and the borders of those. Whether there are any.
pub fn deny(parts: &[Part], steps: &[Border], denied: &mut [bool], borders: &mut Vec<usize>) -> bool {
    if !steps.iter().any(|step| step.denied) {
        return false;
    }
    let mut kept_borders = vec![borders[0]];
    let mut start = 0;
    while start < parts.len() {
        let mut end = start + 1;
        while end < parts.len() && steps[end - 1].denied {
            end += 1;
        }
        leave_out(&parts[start..end], &steps[start..end - 1], denied);
        start = end;
        if let Some(next) = parts.get(end) {
            kept_borders.push(next.start);
        }
    }
    kept_borders.push(denied.len());
    *borders = kept_borders;
    true
}

/// Of stretches that should be one, the one with most readings is right, and those that agree with it.
fn leave_out(parts: &[Part], steps: &[Border], denied: &mut [bool]) {
    let Some(main) = (0..parts.len()).max_by_key(|&index| parts[index].points.len()) else { return };
    for (index, part) in parts.iter().enumerate() {
        let between = &steps[index.min(main)..index.max(main)];
        let off = between.iter().map(|step| step.change).sum::<f64>();
        if off.abs() > SAME_COURSE {
            part.places.iter().for_each(|&at| denied[at] = true);
        }
    }
}
