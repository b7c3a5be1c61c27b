//! Monotone cubic interpolation (Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5, 1984).
//!
//! The slope at a sample is the weighted harmonic mean of the slopes on both sides, zero at an extremum, so that
//! the curve never overshoots. At the ends it is that of the parabola through three samples, kept monotone.

/// The cubic between two neighbouring samples, or nothing where they lie too far apart.
pub struct Pchip {
    start: i64,
    run: f64,
    values: (f64, f64),
    slopes: (f64, f64),
    bridged: bool,
}

/// Samples of one curve; neighbours further apart than `max_gap` are not connected.
struct Samples<'a> {
    times: &'a [i64],
    values: &'a [f64],
    max_gap: u64,
}

impl Samples<'_> {
    /// Length and slope of the line from a sample to the next, where they are connected.
    fn line(&self, index: usize) -> Option<(f64, f64)> {
        let (&start, &end) = (self.times.get(index)?, self.times.get(index + 1)?);
        let run = end.abs_diff(start);
        (run <= self.max_gap).then(|| (run as f64, (self.values[index + 1] - self.values[index]) / run as f64))
    }

    fn slope(&self, index: usize) -> f64 {
        let before = index.checked_sub(1).and_then(|other| self.line(other));
        let after = self.line(index);
        match (before, after) {
            (Some(before), Some(after)) => harmonic(before, after),
            (None, Some(line)) => end_slope(line, self.line(index + 1)),
            (Some(line), None) => end_slope(line, index.checked_sub(2).and_then(|other| self.line(other))),
            (None, None) => 0.0,
        }
    }
}

fn harmonic((h0, m0): (f64, f64), (h1, m1): (f64, f64)) -> f64 {
    let falls_and_rises = m0 == 0.0 || m1 == 0.0 || (m0 > 0.0) != (m1 > 0.0);
    if falls_and_rises {
        return 0.0;
    }
    let (w0, w1) = (2.0 * h1 + h0, h1 + 2.0 * h0);
    1.0 / ((w0 / m0 + w1 / m1) / (w0 + w1))
}

/// Slope at an end, from the line that begins there and the one behind it.
fn end_slope((h0, m0): (f64, f64), next: Option<(f64, f64)>) -> f64 {
    let Some((h1, m1)) = next else {
        return m0;
    };
    let slope = ((2.0 * h0 + h1) * m0 - h0 * m1) / (h0 + h1);
    let sign = |value: f64| if value == 0.0 { 0.0 } else { value.signum() };
    if sign(slope) != sign(m0) {
        0.0
    } else if sign(m0) != sign(m1) && slope.abs() > 3.0 * m0.abs() {
        3.0 * m0
    } else {
        slope
    }
}

impl Pchip {
    /// The cubic from a sample to the next.
    pub fn new(times: &[i64], values: &[f64], index: usize, max_gap: u64) -> Pchip {
        let samples = Samples { times, values, max_gap };
        let run = times[index + 1].abs_diff(times[index]);
        Pchip {
            start: times[index],
            run: run as f64,
            values: (values[index], values[index + 1]),
            slopes: (samples.slope(index), samples.slope(index + 1)),
            bridged: run <= max_gap,
        }
    }

    /// The value at a time from the first sample on and before the second; NaN where nothing is bridged.
    pub fn at(&self, time: i64) -> f64 {
        if time == self.start {
            return self.values.0;
        }
        if !self.bridged {
            return f64::NAN;
        }
        let share = time.abs_diff(self.start) as f64 / self.run;
        let rise = self.values.1 - self.values.0;
        let (leaving, arriving) = (self.slopes.0 * self.run, self.slopes.1 * self.run);
        let square = 3.0 * rise - 2.0 * leaving - arriving;
        let cube = leaving + arriving - 2.0 * rise;
        self.values.0 + share * (leaving + share * (square + share * cube))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_not_overshot_and_lines_stay_lines() {
        let times: Vec<i64> = (0..8).map(|i| i * i * 10).collect();
        let line: Vec<f64> = times.iter().map(|&time| 3.0 + 0.25 * time as f64).collect();
        let step = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        for index in 0..7 {
            for time in times[index]..times[index + 1] {
                let on_line = Pchip::new(&times, &line, index, u64::MAX).at(time);
                assert!((on_line - (3.0 + 0.25 * time as f64)).abs() < 1e-12);
                let on_step = Pchip::new(&times, &step, index, u64::MAX).at(time);
                assert!((-1e-15..=1.0 + 1e-15).contains(&on_step));
            }
        }
    }

    #[test]
    fn two_samples_make_a_line_and_gaps_are_ends() {
        let (times, values) = ([0, 10, 1000, 1010], [0.0, 1.0, 5.0, 7.0]);
        assert_eq!(Pchip::new(&times, &values, 0, 100).at(5), 0.5);
        assert!(Pchip::new(&times, &values, 1, 100).at(500).is_nan());
        assert_eq!(Pchip::new(&times, &values, 2, 100).at(1005), 6.0);
    }
}
