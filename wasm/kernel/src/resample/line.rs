//! Straight lines from sample to sample.

use crate::near::{near_float, NEAR};

/// The value between two samples.
pub fn between(before: (i64, f64), after: (i64, f64), time: i64) -> f64 {
    let line = Line::new(before, after);
    line.low + line.slope * time.abs_diff(before.0) as f64
}

/// The straight line from a sample to the next.
#[derive(Clone, Copy)]
pub struct Line {
    start: i64,
    low: f64,
    /// NaN where the line is not to be used.
    slope: f64,
}

impl Line {
    fn new(before: (i64, f64), after: (i64, f64)) -> Line {
        // Signed integers are converted several times as fast as unsigned ones.
        let run = after.0.wrapping_sub(before.0);
        let run = if run >= 0 { run as f64 } else { run as u64 as f64 };
        let slope = (after.1 - before.1) / run;
        Line { start: before.0, low: before.1, slope }
    }

    fn at(&self, passed: f64) -> f64 {
        let value = self.low + self.slope * passed;
        if passed == 0.0 { self.low } else { value }
    }
}

/// Makes the lines between neighbouring samples; those longer than `max_gap` are not to be used.
pub fn connect(lines: &mut Vec<Line>, times: &[i64], samples: &[f64], max_gap: u64) {
    lines.clear();
    lines.extend(times.windows(2).zip(samples.windows(2)).map(|(times, samples)| {
        let line = Line::new((times[0], samples[0]), (times[1], samples[1]));
        let bridged = times[1].wrapping_sub(times[0]) as u64 <= max_gap;
        Line { slope: if bridged { line.slope } else { f64::NAN }, ..line }
    }));
}

/// Values on the lines whose numbers are told, counted from `first`; the lines connect samples at `times`.
pub fn look_up(lines: &[Line], times: &[i64], wanted: &[i64], numbers: &[i32], first: usize, values: &mut [f64]) {
    let overflows = |(first, last): (&i64, &i64)| last.checked_sub(*first).is_none();
    let far = times.first().zip(times.last()).is_some_and(overflows);
    let fill = if far { look_up_at::<true> } else { look_up_at::<false> };
    fill(lines, wanted, numbers, first as i32, values);
}

/// `FAR` says that differences may overflow.
fn look_up_at<const FAR: bool>(lines: &[Line], wanted: &[i64], numbers: &[i32], first: i32, values: &mut [f64]) {
    for ((&time, &number), slot) in wanted.iter().zip(numbers).zip(values) {
        let line = lines[(number - first) as usize];
        let passed = time.wrapping_sub(line.start);
        *slot = line.at(if FAR { passed as u64 as f64 } else { passed as f64 });
    }
}

/// Times whose values are calculated at once.
const WIDTH: usize = 16;

/// Whether [`follow`] holds for times between the first and the last of some: lengths are exact in floats.
pub fn are_near(times: &[i64]) -> bool {
    times.first().zip(times.last()).is_some_and(|(&first, &last)| last.abs_diff(first) < NEAR as u64)
}

/// Values on the lines that end at these times, for wanted times that begin on the first line and end before the
/// last time. Each line is followed for some times at once; those behind its end are written again with the next.
pub fn follow(lines: &[Line], ends: &[i64], wanted: &[i64], values: &mut [f64]) {
    let (mut row, mut line) = (0, 0);
    let values = &mut values[..wanted.len()];
    while row + WIDTH <= wanted.len() {
        let passed = follow_one(&lines[line], ends[line], &wanted[row..row + WIDTH], &mut values[row..row + WIDTH]);
        row += passed;
        line += usize::from(passed < WIDTH);
    }
    for (&time, slot) in wanted[row..].iter().zip(&mut values[row..]) {
        while ends[line] <= time {
            line += 1;
        }
        *slot = lines[line].at(near_float(time.wrapping_sub(lines[line].start)));
    }
}

/// Writes values and returns how many of the times lie before the end.
#[inline(always)]
fn follow_one(line: &Line, end: i64, times: &[i64], values: &mut [f64]) -> usize {
    let mut passed = 0;
    for (&time, slot) in times.iter().zip(values) {
        *slot = line.at(near_float(time.wrapping_sub(line.start)));
        passed += i64::from(time < end);
    }
    passed as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn lines_are_followed_as_they_are_looked_up() {
        let mut random = Random::new(8);
        for round in 0..300 {
            let mut times = random.sorted(2 + round % 40, [60, 3000, 100_000][round % 3]);
            times.dedup();
            let samples: Vec<f64> = times.iter().map(|_| if random.below(9) == 0 { -0.0 } else { random.normal() }).collect();
            let last = times[times.len() - 1];
            let mut wanted = random.sorted(500, last.max(1) as usize);
            wanted.retain(|&time| times[0] <= time && time < last);
            if wanted.is_empty() || !are_near(&times) {
                continue;
            }
            let low = times.partition_point(|&time| time <= wanted[0]) - 1;
            let mut lines = Vec::new();
            connect(&mut lines, &times[low..], &samples[low..], u64::MAX);
            let mut values = vec![0.0; wanted.len()];
            follow(&lines, &times[low + 1..], &wanted, &mut values);
            for (&time, value) in wanted.iter().zip(&values) {
                let after = times.partition_point(|&other| other <= time);
                let (start, end) = ((times[after - 1], samples[after - 1]), (times[after], samples[after]));
                let expected = if time == start.0 { start.1 } else { between(start, end, time) };
                assert_eq!(value.to_bits(), expected.to_bits());
            }
        }
    }
}
