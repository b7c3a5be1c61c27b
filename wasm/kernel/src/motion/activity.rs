//! How strongly a sensor moved in each short stretch of a recording of any length.

use super::spikes::usable;
use super::unroll::NO_TIME;

/// Length of a bin as long as the recording is short, ns.
pub const FIRST_BIN_NS: i64 = 50_000_000;
/// Most bins that are kept; beyond, neighbours are joined.
pub const MAX_BINS: usize = 1 << 19;
/// Time constant of what counts as rest, such as gravity, in seconds.
const REST_SECONDS: f64 = 0.5;
/// After a longer gap rest is learned anew.
const GAP_NS: i64 = 1_000_000_000;

/// Gathers the mean distance of the measured vector from its running mean: the same in every mounting.
pub struct Activity {
    bin_ns: i64,
    origin: Option<i64>,
    rest: [f64; 3],
    last: i64,
    sums: Vec<f64>,
    counts: Vec<u32>,
    /// The newest five samples; the one in the middle is counted.
    recent: [(i64, [f64; 3]); 5],
    seen: usize,
}

impl Default for Activity {
    fn default() -> Activity {
        Activity {
            bin_ns: FIRST_BIN_NS,
            origin: None,
            rest: [0.0; 3],
            last: 0,
            sums: Vec::new(),
            counts: Vec::new(),
            recent: [(NO_TIME, [f64::NAN; 3]); 5],
            seen: 0,
        }
    }
}

impl Activity {
    /// Adds samples whose times increase; those without a time are left out.
    pub fn add(&mut self, times: &[i64], axes: [&[f64]; 3]) {
        for (i, &time) in times.iter().enumerate() {
            let vector = axes.map(|axis| axis.get(i).copied().unwrap_or(f64::NAN));
            // A channel that pauses must not part the samples that make a spike visible.
            if time != NO_TIME && vector.iter().all(|value| value.is_finite()) {
                self.push(time, vector);
            }
        }
    }

    fn push(&mut self, time: i64, vector: [f64; 3]) {
        self.recent.rotate_left(1);
        self.recent[4] = (time, vector);
        self.seen += 1;
        if self.seen >= 5 && usable(&self.recent.map(|(_, vector)| vector)) {
            let (time, vector) = self.recent[2];
            self.count(time, vector);
        }
    }

    fn count(&mut self, time: i64, vector: [f64; 3]) {
        let origin = *self.origin.get_or_insert(time);
        let passed = time.saturating_sub(self.last);
        if self.sums.is_empty() || passed > GAP_NS {
            self.rest = vector;
        }
        let seconds = passed.max(0) as f64 / 1e9;
        let share = (seconds / (seconds + REST_SECONDS)).min(1.0);
        let mut square = 0.0;
        for axis in 0..3 {
            self.rest[axis] += share * (vector[axis] - self.rest[axis]);
            square += (vector[axis] - self.rest[axis]) * (vector[axis] - self.rest[axis]);
        }
        self.last = time;
        let since = time.saturating_sub(origin).max(0);
        while (since / self.bin_ns) as usize >= MAX_BINS && self.bin_ns < i64::MAX / 4 {
            self.halve();
        }
        let bin = ((since / self.bin_ns) as usize).min(MAX_BINS - 1);
        if bin >= self.sums.len() {
            self.sums.resize(bin + 1, 0.0);
            self.counts.resize(bin + 1, 0);
        }
        self.sums[bin] += square.sqrt();
        self.counts[bin] = self.counts[bin].saturating_add(1);
    }

    fn halve(&mut self) {
        let length = self.sums.len().div_ceil(2);
        for bin in 0..length {
            let (low, high) = (2 * bin, 2 * bin + 1);
            self.sums[bin] = self.sums[low] + self.sums.get(high).unwrap_or(&0.0);
            let more = self.counts.get(high).copied().unwrap_or(0);
            self.counts[bin] = self.counts[low].saturating_add(more);
        }
        self.sums.truncate(length);
        self.counts.truncate(length);
        self.bin_ns *= 2;
    }

    /// Joins bins until they are at least as long as asked for.
    pub fn coarsen(&mut self, bin_ns: i64) {
        while self.bin_ns < bin_ns && self.bin_ns < i64::MAX / 4 {
            self.halve();
        }
    }

    pub fn bin_ns(&self) -> i64 {
        self.bin_ns
    }

    /// Start of the first bin.
    pub fn origin(&self) -> Option<i64> {
        self.origin
    }

    pub fn len(&self) -> usize {
        self.sums.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    /// Square root of the mean activity of each bin, which tames outliers; NaN where nothing was measured.
    pub fn values(&self) -> Vec<f64> {
        let mean = |(&sum, &count): (&f64, &u32)| (sum / f64::from(count)).sqrt();
        self.sums.iter().zip(&self.counts).map(mean).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 Hz; a shake along one axis from second 10 to 12, in a mounting turned by an angle.
    fn shaken(seconds: usize, angle: f64, spike: bool) -> Activity {
        let mut activity = Activity::default();
        let (sin, cos) = angle.sin_cos();
        for i in 0..100 * seconds {
            let time = i as f64 / 100.0;
            let shake = if (10.0..12.0).contains(&time) { (30.0 * time).sin() } else { 0.0 };
            let x = if spike && i == 500 { 1e6 } else { shake };
            let vector = [x * cos, x * sin, 1.0];
            let stamp = i as i64 * 10_000_000;
            activity.add(&[stamp], [&vector[..1], &vector[1..2], &vector[2..]]);
        }
        activity
    }

    #[test]
    fn shows_when_a_sensor_moved_in_any_mounting() {
        let (plain, turned) = (shaken(20, 0.0, false).values(), shaken(20, 1.1, false).values());
        assert_eq!(plain.len(), 400);
        for (bin, (a, b)) in plain.iter().zip(&turned).enumerate() {
            assert!((a - b).abs() < 1e-9);
            let moving = (201..239).contains(&bin);
            assert!(!moving || *a > 0.3, "{bin}: {a}");
            assert!(bin > 198 || *a < 1e-9, "{bin}: {a}");
        }
    }

    #[test]
    fn leaves_single_wild_values_out() {
        assert_eq!(shaken(20, 0.0, true).values()[..190], shaken(20, 0.0, false).values()[..190]);
    }

    #[test]
    fn joins_bins_of_long_recordings() {
        let mut activity = Activity::default();
        // One sample per second for ten days.
        for i in 0..864_000i64 {
            let x = (i % 2) as f64;
            activity.add(&[i * 1_000_000_000], [&[x], &[0.0], &[0.0]]);
        }
        assert_eq!(activity.bin_ns(), 64 * FIRST_BIN_NS);
        // The first and last two samples are not counted: nothing shows whether they stand alone.
        assert_eq!(activity.len(), 269_999);
    }

    #[test]
    fn knows_gaps() {
        let mut activity = Activity::default();
        let stamps: Vec<i64> = (0..100).chain(300..400).map(|i| i * 10_000_000).collect();
        let values: Vec<f64> = stamps.iter().map(|&stamp| (stamp as f64).sin()).collect();
        activity.add(&stamps, [&values, &values, &values]);
        let found = activity.values();
        assert!(found[25].is_nan() && found[55].is_nan());
        assert!(found[10].is_finite() && found[70].is_finite());
    }

    #[test]
    fn survives_any_samples() {
        let mut activity = Activity::default();
        let wild = [f64::NAN, 1e300, -1e300, f64::INFINITY, 0.0];
        for i in 0..100i64 {
            let x = wild[i as usize % 5];
            activity.add(&[i << 56], [&[x], &[x], &[x]]);
        }
        assert!(activity.len() <= MAX_BINS);
    }
}
