//! Running count, mean, extremes and variance of a column, in one pass.

/// Summary of the finite values seen so far.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Moments {
    pub count: f64,
    pub mean: f64,
    /// Sum of squared distances from the mean (Welford 1962).
    pub m2: f64,
    pub min: f64,
    pub max: f64,
}

impl Moments {
    /// The summary of no value at all.
    pub const EMPTY: Moments = Moments {
        count: 0.0,
        mean: 0.0,
        m2: 0.0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
    };

    /// Adds the finite values of a slice.
    pub fn add(&mut self, values: &[f64]) {
        for &value in values {
            if value.is_finite() {
                self.count += 1.0;
                let delta = value - self.mean;
                self.mean += delta / self.count;
                self.m2 += delta * (value - self.mean);
                self.min = self.min.min(value);
                self.max = self.max.max(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moments;

    #[test]
    fn matches_closed_forms_and_skips_missing_values() {
        let mut moments = Moments::EMPTY;
        moments.add(&[1.0, f64::NAN, 2.0]);
        moments.add(&[3.0, f64::INFINITY, 4.0]);
        assert_eq!(moments.count, 4.0);
        assert_eq!(moments.mean, 2.5);
        assert_eq!(moments.m2, 5.0);
        assert_eq!((moments.min, moments.max), (1.0, 4.0));
    }
}
