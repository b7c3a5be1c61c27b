//! Samples of a signal between its samples: interpolation by a windowed sine cardinal, which also keeps tones above
//! half of the new rate out.

use core::f64::consts::PI;

/// Zero crossings on either side, and table entries between two of them.
const CROSSINGS: usize = 16;
const STEPS: usize = 512;

/// The interpolating function, tabulated.
pub struct Sinc {
    table: Vec<f32>,
}

impl Sinc {
    pub fn new() -> Sinc {
        let table = (0..=CROSSINGS * STEPS + 1)
            .map(|index| {
                let x = index as f64 / STEPS as f64;
                if index == 0 {
                    return 1.0;
                }
                // Blackman's window.
                let phase = (PI * x / CROSSINGS as f64).min(PI);
                let window = 0.42 + 0.5 * phase.cos() + 0.08 * (2.0 * phase).cos();
                ((PI * x).sin() / (PI * x) * window) as f32
            })
            .collect();
        Sinc { table }
    }

    fn value(&self, x: f64) -> f64 {
        let place = x.abs() * STEPS as f64;
        let index = place as usize;
        if index >= CROSSINGS * STEPS {
            return 0.0;
        }
        let (low, high) = (f64::from(self.table[index]), f64::from(self.table[index + 1]));
        low + (high - low) * (place - index as f64)
    }

    /// Writes the signal at `from`, `from + step`, ...; outside of it there is silence.
    pub fn resample(&self, signal: &[f32], from: f64, step: f64, out: &mut [f64]) {
        let narrow = 1.0 / step.max(1.0);
        let reach = CROSSINGS as f64 / narrow;
        for (index, value) in out.iter_mut().enumerate() {
            let at = from + index as f64 * step;
            let low = (at - reach).ceil().max(0.0) as usize;
            let high = ((at + reach).floor() + 1.0).clamp(0.0, signal.len() as f64) as usize;
            let mut sum = 0.0;
            for k in low..high {
                let sample = signal[k];
                if sample.is_finite() {
                    sum += f64::from(sample) * self.value((k as f64 - at) * narrow);
                }
            }
            *value = sum * narrow;
        }
    }
}
