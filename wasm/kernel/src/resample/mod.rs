//! Values at other times than those they were sampled at, chunk by chunk.
//!
//! Gaps are never bridged, values that are NaN count as absent, and outside the samples there is nothing unless
//! the ends are held.

mod curve;
mod line;
#[cfg(test)]
mod tests;

pub use line::between;

use crate::asof::{IsOutside, Outside};
use crate::keys::Repeats;
use crate::sides::{Sides, Stretch};
use curve::Curve;

/// How a value between samples is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// On the straight line between the neighbours.
    Linear,
    /// The last sample.
    Previous,
    /// The mean over a bin around the time, which keeps faster changes from aliasing.
    Mean,
    /// On the monotone cubic through the neighbours.
    Pchip,
}

/// How values are found.
#[derive(Clone, Copy, Debug)]
pub struct ResampleOptions {
    pub method: Method,
    /// Longest stretch without samples that is bridged, or over which a value is held.
    pub max_gap: u64,
    /// Length of the bins of means.
    pub bin: i64,
    pub outside: Outside,
    pub repeats: Repeats,
}

impl ResampleOptions {
    /// First time of the bin around a time and the first after it.
    fn bin_around(&self, time: i64) -> (i64, i64) {
        let start = time.saturating_sub(self.bin / 2);
        (start, start.saturating_add(self.bin))
    }
}

/// Gives values at sorted times; samples and times come in chunks, and results are the same whatever they are.
pub struct Resampler {
    options: ResampleOptions,
    /// Samples are the keys, times at which values are wanted the other side.
    pub sides: Sides,
    /// What is calculated for each time on the way: its place among the samples, and how these rise to the next.
    counts: Vec<i32>,
    slopes: Vec<f64>,
    /// Values at the times that were settled last.
    pub values: Vec<f64>,
}

impl Resampler {
    pub fn new(options: ResampleOptions, breaks: Vec<i64>) -> Resampler {
        // All samples of a bin count, also those of the same time.
        let repeats = match (options.method, options.repeats) {
            (Method::Mean, Repeats::First | Repeats::Last) => Repeats::Keep,
            (_, repeats) => repeats,
        };
        Resampler {
            options,
            sides: Sides::new(repeats, breaks),
            counts: Vec::new(),
            slopes: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Settles what is certain and returns at how many times that was.
    pub fn advance(&mut self) -> Result<usize, IsOutside> {
        let settled = self.certain();
        self.values.resize(settled, 0.0);
        self.counts.resize(settled, 0);
        let mut row = 0;
        while row < settled {
            let stretch = self.sides.stretch(row, settled);
            row = stretch.wanted.end;
            self.fill(stretch)?;
        }
        let (values, options) = (&mut self.values, &self.options);
        let reach = |time| match options.method {
            Method::Mean => options.bin_around(time).0.saturating_sub(1),
            _ => time,
        };
        self.sides.release(settled, reach, |index| values[index] = f64::NAN);
        Ok(settled)
    }

    /// Number of times whose value no later sample can change.
    fn certain(&self) -> usize {
        // The newest sample may be replaced by one of the same time; a cubic needs the sample behind both ends.
        match (self.options.method, self.sides.newest(1)) {
            (Method::Mean, Some(newest)) if !self.sides.ended => {
                self.sides.wanted.times.partition_point(|&time| self.options.bin_around(time).1 <= newest)
            }
            (Method::Mean | Method::Previous, _) => self.sides.before_newest(1),
            (Method::Linear, _) => self.sides.before_newest(2),
            (Method::Pchip, _) => self.sides.before_newest(3),
        }
    }

    fn fill(&mut self, Stretch { keys, wanted, first, last }: Stretch) -> Result<(), IsOutside> {
        let Sides { keys: samples, wanted: times, .. } = &self.sides;
        let curve = Curve {
            options: &self.options,
            times: &samples.times[keys.clone()],
            samples: &samples.values[keys],
            first,
            last,
        };
        let (counts, values) = (&mut self.counts[wanted.clone()], &mut self.values[wanted.clone()]);
        curve.fill(&times.times[wanted], counts, &mut self.slopes, values)
    }
}

/// Linear or previous values of whole arrays, for tests of what streams.
#[cfg(test)]
pub fn interpolate(method: Method, times: &[i64], values: &[f64], max_gap: u64, at: &[i64], out: &mut [f64]) {
    let options = ResampleOptions { method, max_gap, bin: 1, outside: Outside::Null, repeats: Repeats::Last };
    let mut resampler = Resampler::new(options, Vec::new());
    resampler.sides.add_keys(times, values).unwrap();
    resampler.sides.add_wanted(at).unwrap();
    resampler.sides.end_keys();
    assert_eq!(resampler.advance(), Ok(at.len()));
    out.copy_from_slice(&resampler.values);
}
