//! Straight lines from sample to sample.

use crate::merge::{walk, Counts, Writer};
use crate::near::{near_float, NEAR};

/// The value between two samples.
pub fn between(before: (i64, f64), after: (i64, f64), time: i64) -> f64 {
    before.1 + slope(before, after) * time.abs_diff(before.0) as f64
}

fn slope(before: (i64, f64), after: (i64, f64)) -> f64 {
    // Signed integers are converted several times as fast as unsigned ones.
    let run = after.0.wrapping_sub(before.0);
    (after.1 - before.1) / if run >= 0 { run as f64 } else { run as u64 as f64 }
}

/// The lines between neighbouring samples.
pub struct Lines<'a> {
    times: &'a [i64],
    samples: &'a [f64],
    /// Rise of each line in a nanosecond; NaN where it is not to be used.
    slopes: &'a [f64],
    /// Whether all differences are exact in floats.
    near: bool,
}

impl Lines<'_> {
    /// Connects samples that are no further apart than `max_gap`. Slopes are written to `slopes`.
    pub fn new<'a>(times: &'a [i64], samples: &'a [f64], max_gap: u64, slopes: &'a mut Vec<f64>) -> Lines<'a> {
        let near = times.first().zip(times.last()).is_some_and(|(&first, &last)| last.abs_diff(first) < NEAR as u64);
        let pairs = times.windows(2).zip(samples.windows(2));
        slopes.clear();
        if near {
            let longest = max_gap.min(NEAR as u64) as i64;
            slopes.extend(pairs.map(|(times, samples)| {
                let run = times[1] - times[0];
                let slope = (samples[1] - samples[0]) / near_float(run);
                if run <= longest { slope } else { f64::NAN }
            }));
        } else {
            slopes.extend(pairs.map(|(times, samples)| {
                let slope = slope((times[0], samples[0]), (times[1], samples[1]));
                if times[1].abs_diff(times[0]) <= max_gap { slope } else { f64::NAN }
            }));
        }
        Lines { times, samples, slopes, near }
    }

    /// Values at times from the first line on and before the end of the last; `counts` is used on the way.
    pub fn fill(&self, wanted: &[i64], counts: &mut [i32], values: &mut [f64]) {
        if self.near {
            return walk(&self.times[1..], wanted, &mut Near { lines: self, wanted, values });
        }
        walk(&self.times[1..], wanted, &mut Counts { base: 0, counts });
        for ((&time, &line), slot) in wanted.iter().zip(&*counts).zip(values) {
            let passed = time.wrapping_sub(self.times[line as usize]) as u64 as f64;
            *slot = self.line(line as usize).at(passed);
        }
    }

    #[inline(always)]
    fn line(&self, index: usize) -> Line {
        Line { low: self.samples[index], slope: self.slopes[index] }
    }
}

/// One of them.
#[derive(Clone, Copy)]
struct Line {
    low: f64,
    slope: f64,
}

impl Line {
    /// The value some nanoseconds behind the start.
    #[inline(always)]
    fn at(self, passed: f64) -> f64 {
        let value = self.low + self.slope * passed;
        if passed == 0.0 { self.low } else { value }
    }
}

/// Writes values several at a time, where differences are exact in floats.
struct Near<'a> {
    lines: &'a Lines<'a>,
    wanted: &'a [i64],
    values: &'a mut [f64],
}

impl Writer for Near<'_> {
    #[inline(always)]
    fn write<const WIDTH: usize>(&mut self, row: usize, line: usize) {
        let rows = row..row + WIDTH;
        let (start, line) = (self.lines.times[line], self.lines.line(line));
        follow(line, start, &self.wanted[rows.clone()], &mut self.values[rows]);
    }
}

/// Values on a line at times near its start.
#[inline(always)]
fn follow(line: Line, start: i64, times: &[i64], values: &mut [f64]) {
    for (slot, &time) in values.iter_mut().zip(times) {
        *slot = line.at(near_float(time.wrapping_sub(start)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn near_and_far_lines_are_those_between_neighbours() {
        let mut random = Random::new(8);
        for round in 0..300 {
            let stretch = [1, 1, 1 << 45][round % 3];
            let mut times = random.sorted(2 + round % 40, [60, 3000, 100_000][round / 3 % 3]);
            times.dedup();
            times.iter_mut().for_each(|time| *time *= stretch);
            let samples: Vec<f64> = times.iter().map(|_| if random.below(9) == 0 { -0.0 } else { random.normal() }).collect();
            let last = times[times.len() - 1];
            let mut wanted = random.sorted(500, last.max(1) as usize);
            wanted.retain(|&time| times[0] <= time && time < last);
            let low = times.partition_point(|time| wanted.first().is_some_and(|first| time <= first)).max(1) - 1;
            let (mut slopes, mut counts, mut values) = (Vec::new(), vec![0; wanted.len()], vec![0.0; wanted.len()]);
            Lines::new(&times[low..], &samples[low..], u64::MAX, &mut slopes).fill(&wanted, &mut counts, &mut values);
            for (&time, value) in wanted.iter().zip(&values) {
                let after = times.partition_point(|&other| other <= time);
                let (start, end) = ((times[after - 1], samples[after - 1]), (times[after], samples[after]));
                let expected = if time == start.0 { start.1 } else { between(start, end, time) };
                assert_eq!(value.to_bits(), expected.to_bits());
            }
        }
    }
}
