//! Values at other times than those they were sampled at, chunk by chunk.
//!
//! Gaps are never bridged, values that are NaN count as absent, and outside the samples there is nothing unless
//! the ends are held.

use crate::asof::{IsOutside, Outside};
use crate::grid::Grid;
use crate::keys::{Keys, Refusal, Repeats, Wanted};
use crate::merge::{counts_on_grid, counts_within};
use crate::pchip::Pchip;

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

/// The value between two samples.
pub fn between(before: (i64, f64), after: (i64, f64), time: i64) -> f64 {
    let line = Line::new(before, after);
    line.low + line.slope * time.abs_diff(before.0) as f64
}

/// The straight line from a sample to the next.
#[derive(Clone, Copy)]
struct Line {
    start: i64,
    low: f64,
    /// NaN where the line is not to be used.
    slope: f64,
}

impl Line {
    /// Values on the lines, of which the first ends at sample `first`; `NEAR` says that no difference overflows.
    fn fill<const NEAR: bool>(lines: &[Line], first: u32, wanted: &[i64], counts: &[u32], values: &mut [f64]) {
        for ((&time, &count), slot) in wanted.iter().zip(counts).zip(values) {
            let Line { start, low, slope } = lines[(count - first) as usize];
            let passed = time.wrapping_sub(start);
            let passed = if NEAR { passed as f64 } else { passed as u64 as f64 };
            let value = low + slope * passed;
            *slot = if passed == 0.0 { low } else { value };
        }
    }

    fn new(before: (i64, f64), after: (i64, f64)) -> Line {
        // Signed integers are converted several times as fast as unsigned ones.
        let run = after.0.wrapping_sub(before.0);
        let run = if run >= 0 { run as f64 } else { run as u64 as f64 };
        let slope = (after.1 - before.1) / run;
        Line { start: before.0, low: before.1, slope }
    }
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

/// Gives values at sorted times; samples and times come in chunks, and results are the same whatever they are.
pub struct Resampler {
    options: ResampleOptions,
    /// Places that are not bridged: a sample at the place is after it.
    breaks: Vec<i64>,
    keys: Keys,
    wanted: Wanted,
    ended: bool,
    complete: bool,
    /// Ticks per nanosecond, when values are wanted at those of a grid.
    rate: Option<f64>,
    counts: Vec<u32>,
    /// Values at the times that were settled last.
    pub values: Vec<f64>,
}

impl Resampler {
    pub fn new(options: ResampleOptions, mut breaks: Vec<i64>) -> Resampler {
        breaks.sort_unstable();
        // All samples of a bin count, also those of the same time.
        let repeats = match (options.method, options.repeats) {
            (Method::Mean, Repeats::First | Repeats::Last) => Repeats::Keep,
            (_, repeats) => repeats,
        };
        Resampler {
            options,
            breaks,
            keys: Keys::new(repeats),
            wanted: Wanted::default(),
            ended: false,
            complete: false,
            rate: None,
            counts: Vec::new(),
            values: Vec::new(),
        }
    }

    pub fn add_samples(&mut self, times: &[i64], values: &[f64]) -> Result<(), Refusal> {
        self.keys.add(times, values)
    }

    pub fn add_times(&mut self, times: &[i64]) -> Result<(), Refusal> {
        self.wanted.add(times)
    }

    /// Adds ticks of a grid, which then are all times at which values are wanted.
    pub fn add_ticks(&mut self, grid: &Grid, from: u64, count: usize) -> Result<(), Refusal> {
        self.rate = Some(grid.rate());
        self.wanted.add_ticks(grid, from, count)
    }

    /// Says that no more samples come.
    pub fn end_samples(&mut self) {
        self.ended = true;
    }

    /// Says that no more times come: samples that are still added are only checked.
    pub fn end_times(&mut self) {
        self.complete = true;
    }

    /// Settles what is certain and returns at how many times that was.
    pub fn advance(&mut self) -> Result<usize, IsOutside> {
        let settled = self.certain();
        self.values.resize(settled, 0.0);
        self.counts.resize(settled, 0);
        let mut row = 0;
        while row < settled {
            row = self.fill_stretch(row, settled)?;
        }
        let values = &mut self.values;
        self.wanted.remove(settled, |index| values[index] = f64::NAN);
        let earliest = match self.options.method {
            Method::Mean => self.bin(self.wanted.earliest()).0.saturating_sub(1),
            _ => self.wanted.earliest(),
        };
        let done = self.complete && self.wanted.times.is_empty();
        let keep = self.keys.times.partition_point(|&key| done || key <= earliest);
        self.keys.trim(keep.saturating_sub(2));
        Ok(settled)
    }

    /// First time of a bin and the first after it.
    fn bin(&self, time: i64) -> (i64, i64) {
        let start = time.saturating_sub(self.options.bin / 2);
        (start, start.saturating_add(self.options.bin))
    }

    /// Number of times whose value no later sample can change.
    fn certain(&self) -> usize {
        let times = &self.wanted.times;
        if self.ended {
            return times.len();
        }
        let newest = |back: usize| self.keys.times.len().checked_sub(back).map(|index| self.keys.times[index]);
        // The newest sample may be replaced by one of the same time; a cubic needs the sample behind both ends.
        let horizon = match self.options.method {
            Method::Mean => {
                return newest(1).map_or(0, |last| times.partition_point(|&time| self.bin(time).1 <= last));
            }
            Method::Previous => newest(1),
            Method::Linear => newest(2),
            Method::Pchip => newest(3),
        };
        horizon.map_or(0, |horizon| times.partition_point(|&time| time < horizon))
    }

    /// Fills values up to the next break and returns where the next stretch begins.
    fn fill_stretch(&mut self, row: usize, settled: usize) -> Result<usize, IsOutside> {
        let wanted = &self.wanted.times[row..settled];
        let after = self.breaks.partition_point(|&place| place <= wanted[0]);
        let low = after.checked_sub(1).map_or(0, |index| self.keys.first_from(self.breaks[index]));
        let place = self.breaks.get(after).copied();
        let high = place.map_or(self.keys.times.len(), |place| self.keys.first_from(place));
        let count = place.map_or(wanted.len(), |place| wanted.partition_point(|&time| time < place));
        let curve = Curve {
            options: &self.options,
            rate: self.rate,
            times: &self.keys.times[low..high],
            samples: &self.keys.values[low..high],
            first: low == 0 && !self.keys.trimmed,
            last: high == self.keys.times.len() && self.ended,
        };
        let (counts, values) = (&mut self.counts[row..row + count], &mut self.values[row..row + count]);
        curve.fill(&wanted[..count], counts, values)?;
        Ok(row + count)
    }
}

/// Samples without a break.
struct Curve<'a> {
    options: &'a ResampleOptions,
    rate: Option<f64>,
    times: &'a [i64],
    samples: &'a [f64],
    /// Whether the samples begin and end with these.
    first: bool,
    last: bool,
}

impl Curve<'_> {
    fn fill(&self, wanted: &[i64], counts: &mut [u32], values: &mut [f64]) -> Result<(), IsOutside> {
        if self.options.method == Method::Mean {
            self.means(wanted, values);
            return Ok(());
        }
        let before = self.times.first().map_or(wanted.len(), |&first| wanted.partition_point(|&time| time < first));
        let within = self.times.last().map_or(before, |&last| wanted.partition_point(|&time| time < last)).max(before);
        for (slot, &time) in values[..before].iter_mut().zip(wanted) {
            *slot = self.at_end(time, self.times.first().zip(self.samples.first()), self.first)?;
        }
        let (counts, inner) = (&mut counts[before..within], &wanted[before..within]);
        match self.rate {
            Some(rate) => counts_on_grid(self.times, inner, rate, counts),
            None => counts_within(self.times, inner, counts),
        }
        match self.options.method {
            Method::Linear => self.linear(inner, counts, &mut values[before..within]),
            Method::Previous => self.previous(inner, counts, &mut values[before..within]),
            _ => self.cubic(inner, counts, &mut values[before..within]),
        }
        for (slot, &time) in values[within..].iter_mut().zip(&wanted[within..]) {
            *slot = self.after_last(time)?;
        }
        Ok(())
    }

    /// The value at or after the last sample.
    fn after_last(&self, time: i64) -> Result<f64, IsOutside> {
        let end = self.times.last().zip(self.samples.last());
        match end {
            Some((&last, &value)) if time == last => Ok(value),
            Some((&last, &value)) if self.options.method == Method::Previous => {
                Ok(if time.abs_diff(last) <= self.options.max_gap { value } else { f64::NAN })
            }
            _ => self.at_end(time, end, self.last),
        }
    }

    /// The value beyond an end.
    fn at_end(&self, time: i64, end: Option<(&i64, &f64)>, is_end: bool) -> Result<f64, IsOutside> {
        match (self.options.outside, end) {
            (Outside::Refuse, _) if is_end => Err(IsOutside(time)),
            (Outside::Hold, Some((&key, &value))) if is_end && key.abs_diff(time) <= self.options.max_gap => Ok(value),
            _ => Ok(f64::NAN),
        }
    }

    /// As [`between`]. Lines are made once for each sample, which takes divisions out of what is done for each
    /// time.
    fn linear(&self, wanted: &[i64], counts: &[u32], values: &mut [f64]) {
        let (Some(&first), Some(&last)) = (counts.first(), counts.last()) else {
            return;
        };
        let lines: Vec<Line> = (first as usize..=last as usize).map(|after| self.line(after)).collect();
        let span = self.times.first().zip(self.times.last()).map_or(0, |(first, last)| last.abs_diff(*first));
        let near = i64::try_from(span).is_ok();
        let fill = if near { Line::fill::<true> } else { Line::fill::<false> };
        fill(&lines, first, wanted, counts, values);
    }

    /// The line that ends at a sample.
    fn line(&self, after: usize) -> Line {
        let before = after - 1;
        let line = Line::new((self.times[before], self.samples[before]), (self.times[after], self.samples[after]));
        let bridged = self.times[after].wrapping_sub(self.times[before]) as u64 <= self.options.max_gap;
        Line { slope: if bridged { line.slope } else { f64::NAN }, ..line }
    }

    fn previous(&self, wanted: &[i64], counts: &[u32], values: &mut [f64]) {
        for ((&time, &count), slot) in wanted.iter().zip(counts).zip(values) {
            let last = count as usize - 1;
            let held = time.abs_diff(self.times[last]) <= self.options.max_gap;
            *slot = if held { self.samples[last] } else { f64::NAN };
        }
    }

    fn cubic(&self, wanted: &[i64], counts: &[u32], values: &mut [f64]) {
        let mut cubic: Option<(u32, Pchip)> = None;
        for ((&time, &count), slot) in wanted.iter().zip(counts).zip(values) {
            if cubic.as_ref().is_none_or(|(known, _)| *known != count) {
                let piece = Pchip::new(self.times, self.samples, count as usize - 1, self.options.max_gap);
                cubic = Some((count, piece));
            }
            *slot = cubic.as_ref().map_or(f64::NAN, |(_, piece)| piece.at(time));
        }
    }

    /// Mean of the samples from half a bin before each time to half a bin after, the end not included.
    fn means(&self, wanted: &[i64], values: &mut [f64]) {
        let mut first = 0;
        for (&time, slot) in wanted.iter().zip(values) {
            let start = time.saturating_sub(self.options.bin / 2);
            let end = start.saturating_add(self.options.bin);
            while first < self.times.len() && self.times[first] < start {
                first += 1;
            }
            let (mut sum, mut count) = (0.0, 0.0);
            let mut next = first;
            while next < self.times.len() && self.times[next] < end {
                sum += self.samples[next];
                count += 1.0;
                next += 1;
            }
            *slot = if count > 0.0 { sum / count } else { f64::NAN };
        }
    }
}

/// Linear or previous values of whole arrays, for tests of what streams.
#[cfg(test)]
pub fn interpolate(method: Method, times: &[i64], values: &[f64], max_gap: u64, at: &[i64], out: &mut [f64]) {
    let options = ResampleOptions { method, max_gap, bin: 1, outside: Outside::Null, repeats: Repeats::Last };
    let mut resampler = Resampler::new(options, Vec::new());
    resampler.add_samples(times, values).unwrap();
    resampler.add_times(at).unwrap();
    resampler.end_samples();
    assert_eq!(resampler.advance(), Ok(at.len()));
    out.copy_from_slice(&resampler.values);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::MISSING;
    use crate::testing::Random;

    const PLAIN: ResampleOptions = ResampleOptions {
        method: Method::Linear,
        max_gap: u64::MAX,
        bin: 10,
        outside: Outside::Null,
        repeats: Repeats::Last,
    };

    fn at(method: Method, max_gap: u64, at: &[i64]) -> Vec<f64> {
        let times = [0, 10, 20, 20, MISSING, 100];
        let values = [0.0, f64::NAN, 4.0, 6.0, 7.0, 8.0];
        let mut out = vec![0.0; at.len()];
        interpolate(method, &times, &values, max_gap, at, &mut out);
        out
    }

    fn streamed(options: ResampleOptions, breaks: &[i64], samples: (&[i64], &[f64]), at: &[i64], chunks: (usize, usize)) -> Vec<u64> {
        let mut resampler = Resampler::new(options, breaks.to_vec());
        let mut wanted = at.chunks(chunks.0);
        let mut parts = samples.0.chunks(chunks.1).zip(samples.1.chunks(chunks.1));
        let mut out = Vec::new();
        loop {
            let (one, other) = (wanted.next(), parts.next());
            if one.is_none() && other.is_none() {
                resampler.end_samples();
            }
            resampler.add_times(one.unwrap_or(&[])).unwrap();
            let (times, values) = other.unwrap_or((&[], &[]));
            resampler.add_samples(times, values).unwrap();
            let settled = resampler.advance().unwrap();
            out.extend(resampler.values[..settled].iter().map(|value| value.to_bits()));
            if one.is_none() && other.is_none() {
                return out;
            }
        }
    }

    #[test]
    fn linear_passes_over_nan_and_stops_at_gaps() {
        let out = at(Method::Linear, 50, &[-1, 0, 5, 20, 21, 100, 101]);
        assert!(out[0].is_nan() && out[4].is_nan() && out[6].is_nan());
        assert_eq!((out[1], out[2], out[3], out[5]), (0.0, 1.0 * 6.0 / 4.0, 6.0, 8.0));
    }

    #[test]
    fn previous_holds_no_longer_than_the_gap() {
        let out = at(Method::Previous, 50, &[-1, 0, 19, 70, 71, 150, 151]);
        assert!(out[0].is_nan() && out[4].is_nan() && out[6].is_nan());
        assert_eq!((out[1], out[2], out[3], out[5]), (0.0, 0.0, 6.0, 8.0));
    }

    #[test]
    fn bins_are_half_open() {
        let options = ResampleOptions { method: Method::Mean, ..PLAIN };
        let samples = ([0, 4, 5, 10, 14], [1.0, 2.0, 4.0, f64::NAN, 8.0]);
        let out = streamed(options, &[], (&samples.0, &samples.1), &[0, 10, 30], (9, 9));
        assert_eq!(out[..2], [1.5f64.to_bits(), 6.0f64.to_bits()]);
        assert!(f64::from_bits(out[2]).is_nan());
    }

    #[test]
    fn ends_are_held_or_refused_and_breaks_are_not_bridged() {
        let hold = ResampleOptions { outside: Outside::Hold, max_gap: 20, ..PLAIN };
        let out = streamed(hold, &[15], (&[0, 10, 20, 30], &[0.0, 1.0, 2.0, 3.0]), &[-20, 5, 12, 15, 25, 50, 51], (9, 9));
        let out: Vec<f64> = out.into_iter().map(f64::from_bits).collect();
        assert_eq!([out[0], out[1], out[4], out[5]], [0.0, 0.5, 2.5, 3.0]);
        assert!(out[2].is_nan() && out[3].is_nan() && out[6].is_nan());
        let mut refusing = Resampler::new(ResampleOptions { outside: Outside::Refuse, ..PLAIN }, Vec::new());
        refusing.add_samples(&[0, 1], &[0.0, 0.0]).unwrap();
        refusing.add_times(&[1, 2]).unwrap();
        refusing.end_samples();
        assert_eq!(refusing.advance(), Err(IsOutside(2)));
    }

    #[test]
    fn chunks_change_no_bit() {
        let mut random = Random::new(17);
        for round in 0..200 {
            let span = if round % 4 == 0 { 500.0 } else { 1e7 };
            let mut sorted = |count: usize| {
                let mut times: Vec<i64> = (0..count).map(|_| (random.uniform() * span) as i64).collect();
                times.sort_unstable();
                times
            };
            let (times, at) = (sorted(400), sorted(700));
            let values: Vec<f64> = times.iter().map(|_| if random.uniform() < 0.1 { f64::NAN } else { random.uniform() }).collect();
            let breaks = if round % 3 == 0 { vec![(span / 3.0) as i64, (span / 2.0) as i64] } else { Vec::new() };
            for method in [Method::Linear, Method::Previous, Method::Mean, Method::Pchip] {
                let max_gap = if round % 2 == 0 { u64::MAX } else { (span / 150.0) as u64 };
                let options = ResampleOptions { method, max_gap, bin: (span / 90.0) as i64, ..PLAIN };
                let whole = streamed(options, &breaks, (&times, &values), &at, (700, 400));
                for chunks in [(1, 1), (7, 100), (100, 3)] {
                    assert_eq!(streamed(options, &breaks, (&times, &values), &at, chunks), whole, "{method:?} {chunks:?}");
                }
            }
        }
    }
}
