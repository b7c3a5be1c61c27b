//! Values on the curve through samples between which there is no break.

use super::line::Lines;
use super::{Method, ResampleOptions};
use crate::asof::{IsOutside, Outside};
use crate::merge::{rows_between, walk, Counts};
use crate::pchip::Pchip;

/// Samples without a break.
pub struct Curve<'a> {
    pub options: &'a ResampleOptions,
    pub times: &'a [i64],
    pub samples: &'a [f64],
    /// Whether the samples begin and end with these.
    pub first: bool,
    pub last: bool,
}

impl Curve<'_> {
    /// Writes values at wanted times; `counts` and `slopes` are used on the way.
    pub fn fill(
        &self,
        wanted: &[i64],
        counts: &mut [i32],
        slopes: &mut Vec<f64>,
        values: &mut [f64],
    ) -> Result<(), IsOutside> {
        if self.options.method == Method::Mean {
            self.means(wanted, values);
            return Ok(());
        }
        let within = rows_between(self.times, wanted);
        for (slot, &time) in values[..within.start].iter_mut().zip(wanted) {
            *slot = self.at_end(time, self.times.first().zip(self.samples.first()), self.first)?;
        }
        for (slot, &time) in values[within.end..].iter_mut().zip(&wanted[within.end..]) {
            *slot = self.after_last(time)?;
        }
        self.within(&wanted[within.clone()], &mut counts[within.clone()], slopes, &mut values[within]);
        Ok(())
    }

    /// Values from the first sample on and before the last.
    fn within(&self, wanted: &[i64], counts: &mut [i32], slopes: &mut Vec<f64>, values: &mut [f64]) {
        let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
            return;
        };
        // Samples at or before the first time, and at or before the last.
        let low = self.times.partition_point(|time| time <= first);
        let high = self.times.partition_point(|time| time <= last);
        if self.options.method == Method::Linear {
            let (times, samples) = (&self.times[low - 1..=high], &self.samples[low - 1..=high]);
            return Lines::new(times, samples, self.options.max_gap, slopes).fill(wanted, counts, values);
        }
        walk(&self.times[low..=high], wanted, &mut Counts { base: low as i32, counts });
        match self.options.method {
            Method::Previous => self.previous(wanted, counts, values),
            _ => self.cubic(wanted, counts, values),
        }
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

    fn previous(&self, wanted: &[i64], counts: &[i32], values: &mut [f64]) {
        for ((&time, &count), slot) in wanted.iter().zip(counts).zip(values) {
            let last = count as usize - 1;
            let held = time.abs_diff(self.times[last]) <= self.options.max_gap;
            *slot = if held { self.samples[last] } else { f64::NAN };
        }
    }

    fn cubic(&self, wanted: &[i64], counts: &[i32], values: &mut [f64]) {
        let mut cubic: Option<(i32, Pchip)> = None;
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
            let (start, end) = self.options.bin_around(time);
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
