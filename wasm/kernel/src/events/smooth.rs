//! A curve through matched events: offset and drift as an integrated random walk, filtered forward and smoothed back
//! (Rauch, Tung and Striebel 1965).

/// Variance that the drift gains per ns: 1e-7 per square root of a second.
pub const DRIFT_GAIN: f64 = 1e-14 / 1e9;

/// Offset and drift at a time, with their covariance.
#[derive(Clone, Copy, Debug)]
pub struct State {
    pub time: f64,
    pub offset: f64,
    pub drift: f64,
    pub var: [f64; 3],
}

impl State {
    /// The state after a time has passed; `var` holds offset, cross and drift terms.
    pub fn after(&self, passed: f64) -> State {
        let [p00, p01, p11] = self.var;
        let dt = passed.abs();
        State {
            time: self.time + passed,
            offset: self.offset + self.drift * passed,
            drift: self.drift,
            var: [
                p00 + 2.0 * passed * p01 + passed * passed * p11 + DRIFT_GAIN * dt * dt * dt / 3.0,
                p01 + passed * p11 + DRIFT_GAIN * passed * dt / 2.0,
                p11 + DRIFT_GAIN * dt,
            ],
        }
    }

    /// The state once an offset has been read with a variance.
    pub fn with(&self, offset: f64, variance: f64) -> State {
        let [p00, p01, p11] = self.var;
        let total = p00 + variance;
        let (k0, k1) = (p00 / total, p01 / total);
        let surprise = offset - self.offset;
        State {
            time: self.time,
            offset: self.offset + k0 * surprise,
            drift: self.drift + k1 * surprise,
            var: [p00 * variance / total, p01 * variance / total, (p11 - k1 * p01).max(0.0)],
        }
    }
}

/// A smooth curve of offsets over time, as states at the matched events.
pub struct Curve(Vec<State>);

impl Curve {
    /// Through `(time, offset)`, times ascending, read with one variance, starting from a rough idea of the drift.
    pub fn through(points: &[(f64, f64)], variance: f64, drift: f64, max_drift: f64) -> Curve {
        let Some(&(time, offset)) = points.first() else { return Curve(Vec::new()) };
        let var = [1e6 * variance, 0.0, max_drift * max_drift];
        let mut state = State { time, offset, drift, var };
        let mut ahead = Vec::with_capacity(points.len());
        let mut kept = Vec::with_capacity(points.len());
        for &(time, offset) in points {
            let predicted = state.after(time - state.time);
            state = predicted.with(offset, variance);
            ahead.push(predicted);
            kept.push(state);
        }
        for index in (0..kept.len().saturating_sub(1)).rev() {
            kept[index] = smoothed(&kept[index], &ahead[index + 1], &kept[index + 1]);
        }
        Curve(kept)
    }

    /// Offset at a time.
    pub fn at(&self, time: f64) -> f64 {
        let next = self.0.partition_point(|state| state.time <= time);
        let from = |state: &State| state.offset + state.drift * (time - state.time);
        match (next.checked_sub(1).map(|index| &self.0[index]), self.0.get(next)) {
            (Some(before), Some(after)) => {
                let share = (time - before.time) / (after.time - before.time);
                from(before) * (1.0 - share) + from(after) * share
            }
            (Some(end), None) | (None, Some(end)) => from(end),
            (None, None) => 0.0,
        }
    }

    pub fn drift(&self) -> f64 {
        self.0.first().map_or(0.0, |state| state.drift)
    }
}

fn smoothed(kept: &State, predicted: &State, next: &State) -> State {
    let dt = predicted.time - kept.time;
    let [p00, p01, p11] = kept.var;
    let [q00, q01, q11] = predicted.var;
    let determinant = q00 * q11 - q01 * q01;
    if !(determinant > 0.0) {
        return *kept;
    }
    // Gain: covariance times transposed transition times inverse prediction covariance.
    let (m00, m01) = (p00 + p01 * dt, p01);
    let (m10, m11) = (p01 + p11 * dt, p11);
    let g00 = (m00 * q11 - m01 * q01) / determinant;
    let g01 = (m01 * q00 - m00 * q01) / determinant;
    let g10 = (m10 * q11 - m11 * q01) / determinant;
    let g11 = (m11 * q00 - m10 * q01) / determinant;
    let (d0, d1) = (next.offset - predicted.offset, next.drift - predicted.drift);
    State {
        offset: kept.offset + g00 * d0 + g01 * d1,
        drift: kept.drift + g10 * d0 + g11 * d1,
        ..*kept
    }
}

#[cfg(test)]
mod tests {
    use super::Curve;

    #[test]
    fn a_line_stays_a_line() {
        let points: Vec<(f64, f64)> =
            (0..50).map(|k| (k as f64 * 7e9, 5e6 + 3e-5 * k as f64 * 7e9)).collect();
        let curve = Curve::through(&points, 1e10, 0.0, 5e-4);
        for time in [0.0, 3.5e9, 200e9, 343e9] {
            let off = curve.at(time) - (5e6 + 3e-5 * time);
            assert!(off.abs() < 100.0, "{time}: {off} ns");
        }
        assert!((curve.drift() - 3e-5).abs() < 1e-8);
    }

    #[test]
    fn a_bend_is_followed() {
        // 1 ppm per 20 minutes, as a sine, read every 10 s to 0.1 ms.
        let bend = |t: f64| 1e-6 * 1.2e12 / core::f64::consts::TAU * (t / 1.2e12 * core::f64::consts::TAU).sin();
        let points: Vec<(f64, f64)> = (0..360).map(|k| k as f64 * 1e10).map(|t| (t, bend(t))).collect();
        let curve = Curve::through(&points, 1e10, 0.0, 5e-4);
        for &(time, offset) in &points {
            assert!((curve.at(time) - offset).abs() < 3e4);
        }
    }
}
