//! How loud a sound is over time, as the ear would say it: the feature by which recordings are first compared.

/// Energy below which all is silence: far less than a step of 16 bits.
const SILENCE: f64 = 1e-10;

/// Tones between these count, Hz: below is rumble, above there is more noise than speech.
const LOWEST: f64 = 150.0;
const HIGHEST: f64 = 3000.0;

/// Gathers the logarithm of the energy of sound in frames of equal length.
pub struct Loudness {
    samples_per_frame: f64,
    /// Samples until the end of the current frame, counted from the beginning.
    frame_end: f64,
    seen: f64,
    /// Share by which the smoothed sounds follow, and these.
    slow: f64,
    fast: f64,
    rumble: f64,
    smooth: f64,
    energy: f64,
    counted: f64,
    values: Vec<f32>,
}

impl Loudness {
    /// Frames need not hold a whole number of samples.
    pub fn new(rate: f64, samples_per_frame: f64) -> Loudness {
        let share = |hz: f64| 1.0 - (-core::f64::consts::TAU * hz / rate.max(1.0)).exp();
        let samples_per_frame = samples_per_frame.max(1.0);
        Loudness {
            samples_per_frame,
            frame_end: samples_per_frame,
            seen: 0.0,
            slow: share(LOWEST),
            fast: share(HIGHEST),
            rumble: 0.0,
            smooth: 0.0,
            energy: 0.0,
            counted: 0.0,
            values: Vec::new(),
        }
    }

    pub fn add(&mut self, samples: &[f32]) {
        for &sample in samples {
            if self.seen >= self.frame_end {
                self.end_frame();
            }
            let sample = if sample.is_finite() { f64::from(sample) } else { 0.0 };
            self.rumble += self.slow * (sample - self.rumble);
            self.smooth += self.fast * (sample - self.rumble - self.smooth);
            self.energy += self.smooth * self.smooth;
            self.counted += 1.0;
            self.seen += 1.0;
        }
    }

    fn end_frame(&mut self) {
        let mean = self.energy / self.counted.max(1.0);
        self.values.push((mean + SILENCE).ln() as f32);
        self.energy = 0.0;
        self.counted = 0.0;
        self.frame_end += self.samples_per_frame;
    }

    /// Values of the frames that are complete.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

/// Takes slow changes away: each value less the mean of those around it, and no further off than bursts are.
pub fn without_trend(values: &[f32], around: usize) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0f64);
    for &value in values {
        sums.push(sums[sums.len() - 1] + f64::from(value));
    }
    (0..values.len())
        .map(|index| {
            let (from, to) = (index.saturating_sub(around), (index + around + 1).min(values.len()));
            let mean = (sums[to] - sums[from]) / (to - from) as f64;
            (f64::from(values[index]) - mean).clamp(-3.0, 3.0)
        })
        .collect()
}
