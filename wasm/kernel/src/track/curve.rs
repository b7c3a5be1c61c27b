//! The fitted course of a clock: cubic between its nodes, straight beyond them.

use super::filter::Estimate;

/// Offset, skew and their variances at increasing times.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    pub x: Vec<f64>,
    pub estimates: Vec<Estimate>,
}

impl Curve {
    /// The offset between two neighbouring nodes, or beyond the ends when `left` is the last or `x` before it.
    fn within(&self, left: usize, x: f64) -> f64 {
        let a = &self.estimates[left];
        let Some(b) = self.estimates.get(left + 1).filter(|_| x > self.x[left]) else {
            return a.offset + a.skew * (x - self.x[left]);
        };
        let run = self.x[left + 1] - self.x[left];
        let t = (x - self.x[left]) / run;
        let chord = b.offset - a.offset;
        let (bend_a, bend_b) = (a.skew * run - chord, b.skew * run - chord);
        a.offset + t * chord + t * (1.0 - t) * (bend_a * (1.0 - t) - bend_b * t)
    }

    /// Offsets at increasing times.
    pub fn offsets(&self, times: &[f64]) -> Vec<f64> {
        let mut left = 0;
        let mut place = |x: f64| {
            while left + 1 < self.x.len() && self.x[left + 1] < x {
                left += 1;
            }
            self.within(left, x)
        };
        times.iter().map(|&x| place(x)).collect()
    }

    /// Offset and its variance at one time.
    pub fn at(&self, x: f64) -> (f64, f64) {
        let after = self.x.partition_point(|&at| at < x);
        let left = after.saturating_sub(1);
        let a = &self.estimates[left];
        let outside = after == 0 || after == self.x.len();
        let variance = if outside {
            let run = x - self.x[left];
            a.offset_variance + a.skew_variance * run * run
        } else {
            let t = (x - self.x[left]) / (self.x[left + 1] - self.x[left]);
            (1.0 - t) * a.offset_variance + t * self.estimates[left + 1].offset_variance
        };
        (self.within(left, x), variance)
    }

    /// Change of the offset from end to end per time.
    pub fn mean_skew(&self) -> f64 {
        match (self.estimates.first(), self.estimates.last()) {
            (Some(first), Some(last)) if self.x.len() > 1 => {
                (last.offset - first.offset) / (self.x[self.x.len() - 1] - self.x[0])
            }
            (Some(first), _) => first.skew,
            _ => 0.0,
        }
    }

    /// Widens the uncertainty by a factor and by an error that all readings share.
    pub fn widen(&mut self, factor: f64, shared: f64) {
        for estimate in &mut self.estimates {
            estimate.offset_variance = estimate.offset_variance * factor * factor + shared * shared;
            estimate.skew_variance *= factor * factor;
        }
    }
}
