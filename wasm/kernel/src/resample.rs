//! Values at other times than those they were sampled at.
//!
//! Gaps are never bridged, values that are NaN count as absent, and outside the samples there is nothing.

use crate::sampling::MISSING;

/// How a value between samples is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// On the straight line between the neighbours.
    Linear,
    /// The last sample.
    Previous,
    /// The mean over a bin around the time, which keeps faster changes from aliasing.
    Mean,
}

/// The value between two samples; exact at both.
pub fn between(before: (i64, f64), after: (i64, f64), time: i64) -> f64 {
    let run = (after.0 - before.0) as f64;
    before.1 + (after.1 - before.1) * ((time - before.0) as f64 / run)
}

/// Samples that are present, one after another.
struct Present<'a> {
    times: &'a [i64],
    values: &'a [f64],
    next: usize,
}

impl Present<'_> {
    fn peek(&mut self) -> Option<(i64, f64)> {
        while self.next < self.times.len() {
            let sample = (self.times[self.next], self.values[self.next]);
            if sample.0 != MISSING && !sample.1.is_nan() {
                return Some(sample);
            }
            self.next += 1;
        }
        None
    }

    /// Passes the samples at or before a time and returns the last of them.
    fn pass(&mut self, time: i64) -> Option<(i64, f64)> {
        let mut last = None;
        while let Some(sample) = self.peek().filter(|sample| sample.0 <= time) {
            last = Some(sample);
            self.next += 1;
        }
        last
    }
}

/// Linear or previous values at sorted times.
pub fn interpolate(method: Method, times: &[i64], values: &[f64], max_gap: u64, at: &[i64], out: &mut [f64]) {
    let mut samples = Present { times, values, next: 0 };
    let mut last: Option<(i64, f64)> = None;
    for (&time, value) in at.iter().zip(out) {
        *value = f64::NAN;
        if time == MISSING {
            continue;
        }
        last = samples.pass(time).or(last);
        let Some(before) = last else {
            continue;
        };
        if before.0 == time {
            *value = before.1;
        } else if method == Method::Previous {
            if time.abs_diff(before.0) <= max_gap {
                *value = before.1;
            }
        } else if let Some(after) = samples.peek() {
            if after.0.abs_diff(before.0) <= max_gap {
                *value = between(before, after, time);
            }
        }
    }
}

/// Mean of the samples from half a bin before each sorted time to half a bin after, the end not included.
pub fn bin_means(times: &[i64], values: &[f64], bin: i64, at: &[i64], out: &mut [f64]) {
    let mut samples = Present { times, values, next: 0 };
    for (&time, value) in at.iter().zip(out) {
        *value = f64::NAN;
        if time == MISSING {
            continue;
        }
        let start = time.saturating_sub(bin / 2);
        let end = start.saturating_add(bin);
        samples.pass(start.saturating_sub(1));
        let first = samples.next;
        let (mut sum, mut count) = (0.0, 0.0);
        while let Some(sample) = samples.peek().filter(|sample| sample.0 < end) {
            sum += sample.1;
            count += 1.0;
            samples.next += 1;
        }
        // Bins may overlap.
        samples.next = first;
        if count > 0.0 {
            *value = sum / count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(method: Method, max_gap: u64, at: &[i64]) -> Vec<f64> {
        let times = [0, 10, 20, 20, MISSING, 100];
        let values = [0.0, f64::NAN, 4.0, 6.0, 7.0, 8.0];
        let mut out = vec![0.0; at.len()];
        interpolate(method, &times, &values, max_gap, at, &mut out);
        out
    }

    #[test]
    fn linear_passes_over_nan_and_stops_at_gaps() {
        let out = at(Method::Linear, 50, &[-1, 0, 5, 20, 21, 100, 101]);
        assert!(out[0].is_nan() && out[4].is_nan() && out[6].is_nan());
        assert_eq!((out[1], out[2], out[3], out[5]), (0.0, 1.0, 6.0, 8.0));
    }

    #[test]
    fn previous_holds_no_longer_than_the_gap() {
        let out = at(Method::Previous, 50, &[-1, 0, 19, 70, 71, 150, 151]);
        assert!(out[0].is_nan() && out[4].is_nan() && out[6].is_nan());
        assert_eq!((out[1], out[2], out[3], out[5]), (0.0, 0.0, 6.0, 8.0));
    }

    #[test]
    fn bins_are_half_open() {
        let mut out = [0.0; 3];
        bin_means(&[0, 4, 5, 10, 14], &[1.0, 2.0, 4.0, f64::NAN, 8.0], 10, &[0, 10, 30], &mut out);
        assert_eq!(out[..2], [1.5, 6.0]);
        assert!(out[2].is_nan());
    }
}
