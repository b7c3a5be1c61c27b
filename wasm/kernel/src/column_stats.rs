//! One-pass facts about the values of a table: ranges, clipping, gravity, sequence holes, repeated rows.

use crate::moments::Moments;

/// Shortest run of equal values at an extreme that counts as clipping: noise repeats an extreme by chance.
const CLIP_RUN: f64 = 3.0;

/// Standard gravity in m/s^2 (CGPM 1901).
const STANDARD_GRAVITY: f64 = 9.80665;

/// An accelerometer at rest reads gravity to within its calibration error and slow movement.
const GRAVITY_BAND: (f64, f64) = (0.8, 1.25);

/// How long a signal stays at its extreme value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Extreme {
    value: f64,
    run: f64,
    /// Samples in runs of at least three at the extreme.
    pub clipped: f64,
}

impl Extreme {
    const EMPTY: Extreme = Extreme {
        value: f64::NAN,
        run: 0.0,
        clipped: 0.0,
    };

    fn add(&mut self, value: f64, beyond: bool) {
        if beyond || self.value.is_nan() {
            *self = Extreme {
                value,
                run: 1.0,
                clipped: 0.0,
            };
        } else if value == self.value {
            self.run += 1.0;
            if self.run == CLIP_RUN {
                self.clipped += CLIP_RUN;
            } else if self.run > CLIP_RUN {
                self.clipped += 1.0;
            }
        } else {
            self.run = 0.0;
        }
    }
}

/// Facts about a column of numbers, where what is not finite counts as missing.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct ColumnStats {
    pub moments: Moments,
    pub missing: f64,
    /// Value of the first row, NaN when it is missing.
    pub first: f64,
    /// Values outside the range that was asked for.
    pub outside: f64,
    /// Times that a value differs from the one before.
    pub changes: f64,
    pub lowest: Extreme,
    pub highest: Extreme,
    low: f64,
    high: f64,
    last: f64,
}

impl ColumnStats {
    /// The facts of an empty column, which will count values outside `low` to `high`.
    pub fn new(low: f64, high: f64) -> ColumnStats {
        ColumnStats {
            moments: Moments::EMPTY,
            missing: 0.0,
            first: f64::NAN,
            outside: 0.0,
            changes: 0.0,
            lowest: Extreme::EMPTY,
            highest: Extreme::EMPTY,
            low,
            high,
            last: f64::NAN,
        }
    }

    /// Adds the next values of the column.
    pub fn add(&mut self, values: &[f64]) {
        if self.moments.count + self.missing == 0.0 {
            self.first = values.first().copied().unwrap_or(f64::NAN);
        }
        self.moments.add(values);
        for &value in values {
            if value.is_finite() {
                self.add_present(value);
            } else {
                self.missing += 1.0;
            }
        }
    }

    fn add_present(&mut self, value: f64) {
        if value < self.low || value > self.high {
            self.outside += 1.0;
        }
        if value != self.last && !self.last.is_nan() {
            self.changes += 1.0;
        }
        self.last = value;
        self.lowest.add(value, value < self.lowest.value);
        self.highest.add(value, value > self.highest.value);
    }
}

/// How often the length of an acceleration vector equals gravity in each usual unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Gravity {
    /// Vectors with all three components.
    pub count: f64,
    pub metres_per_second_squared: f64,
    pub g: f64,
    pub milli_g: f64,
}

impl Gravity {
    /// Adds vectors given by component.
    pub fn add(&mut self, x: &[f64], y: &[f64], z: &[f64]) {
        for ((x, y), z) in x.iter().zip(y).zip(z) {
            let norm = (x * x + y * y + z * z).sqrt();
            if norm.is_finite() {
                self.count += 1.0;
                self.metres_per_second_squared += near(norm, STANDARD_GRAVITY);
                self.g += near(norm, 1.0);
                self.milli_g += near(norm, 1000.0);
            }
        }
    }
}

fn near(norm: f64, gravity: f64) -> f64 {
    let ratio = norm / gravity;
    f64::from(u8::from(ratio >= GRAVITY_BAND.0 && ratio <= GRAVITY_BAND.1))
}

/// Holes in a column of sequence numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Sequence {
    last: f64,
    /// Places where at least one number is missing.
    pub holes: f64,
    /// Numbers that are missing in all holes together.
    pub missing: f64,
    pub repeats: f64,
    /// Places where the number falls: the counter wrapped or the sensor restarted.
    pub restarts: f64,
}

impl Sequence {
    /// The holes of an empty column.
    pub const EMPTY: Sequence = Sequence {
        last: f64::NAN,
        holes: 0.0,
        missing: 0.0,
        repeats: 0.0,
        restarts: 0.0,
    };

    /// Adds the next numbers; those that are not finite are skipped.
    pub fn add(&mut self, numbers: &[f64]) {
        for &number in numbers.iter().filter(|number| number.is_finite()) {
            let step = number - self.last;
            self.last = number;
            if step > 1.0 {
                self.holes += 1.0;
                self.missing += step - 1.0;
            } else if step == 0.0 {
                self.repeats += 1.0;
            } else if step < 0.0 {
                self.restarts += 1.0;
            }
        }
    }
}

/// Marks each row whose time equals the one before it; `previous` is the time before the first row.
pub fn mark_equal_times(times: &[i64], previous: i64, marks: &mut [u8]) {
    let before = std::iter::once(&previous).chain(times);
    for ((mark, time), before) in marks.iter_mut().zip(times).zip(before) {
        *mark = u8::from(time == before);
    }
}

/// Keeps the marks of rows whose value equals the one before it; two missing values are equal.
pub fn keep_equal_values(values: &[f64], previous: f64, marks: &mut [u8]) {
    let before = std::iter::once(&previous).chain(values);
    for ((mark, value), before) in marks.iter_mut().zip(values).zip(before) {
        *mark &= u8::from(value == before || (value.is_nan() && before.is_nan()));
    }
}

/// The float nearest to an integer as recorded; the smallest integer stands for a missing value.
pub fn float_of_integer(value: i64) -> f64 {
    if value == i64::MIN {
        f64::NAN
    } else {
        value as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_missing_values_and_those_outside_the_range_across_batches() {
        let mut stats = ColumnStats::new(0.0, 10.0);
        stats.add(&[f64::NAN, -1.0, 5.0]);
        stats.add(&[11.0, f64::NAN, 10.0]);
        assert!(stats.first.is_nan());
        assert_eq!((stats.missing, stats.outside, stats.changes), (2.0, 2.0, 3.0));
        assert_eq!(stats.moments.mean, 6.25);
    }

    #[test]
    fn counts_runs_at_the_extremes_only_from_three_on() {
        let mut stats = ColumnStats::new(f64::NEG_INFINITY, f64::INFINITY);
        stats.add(&[1.0, 9.0, 9.0, 2.0, 9.0, 9.0]);
        stats.add(&[9.0, 9.0, 0.0, 0.0]);
        assert_eq!((stats.highest.clipped, stats.lowest.clipped), (4.0, 0.0));
        stats.add(&[0.0, 10.0]);
        assert_eq!((stats.highest.clipped, stats.lowest.clipped), (0.0, 3.0));
    }

    #[test]
    fn tells_the_unit_of_gravity() {
        let mut gravity = Gravity::default();
        gravity.add(&[0.0, 0.6, 600.0], &[9.81, 0.0, 800.0], &[0.0, 0.8, 0.0]);
        gravity.add(&[f64::NAN], &[0.0], &[1.0]);
        assert_eq!((gravity.count, gravity.g), (3.0, 1.0));
        assert_eq!((gravity.metres_per_second_squared, gravity.milli_g), (1.0, 1.0));
    }

    #[test]
    fn finds_holes_repeats_and_restarts_of_sequence_numbers() {
        let mut sequence = Sequence::EMPTY;
        sequence.add(&[5.0, 6.0, 9.0]);
        sequence.add(&[f64::NAN, 9.0, 0.0, 2.0]);
        assert_eq!((sequence.holes, sequence.missing), (2.0, 3.0));
        assert_eq!((sequence.repeats, sequence.restarts), (1.0, 1.0));
    }

    #[test]
    fn reads_the_smallest_integer_as_missing() {
        assert!(float_of_integer(i64::MIN).is_nan());
        assert_eq!(float_of_integer(-3), -3.0);
    }

    #[test]
    fn marks_rows_that_repeat_the_row_before() {
        let mut marks = [9; 4];
        mark_equal_times(&[7, 7, 8, 8], 7, &mut marks);
        assert_eq!(marks, [1, 1, 0, 1]);
        keep_equal_values(&[f64::NAN, f64::NAN, 1.0, 2.0], f64::NAN, &mut marks);
        assert_eq!(marks, [1, 1, 0, 0]);
    }
}
