//! Movements whose truth is known.

use crate::testing::Random;
use core::f64::consts::TAU;

/// A shaken body: oscillations about random axes whose speed wanders, as hands do it.
pub struct Shake {
    /// Turns per second, amplitude and phase of each part, for each axis.
    parts: Vec<(f64, [f64; 3], [f64; 3])>,
}

pub fn gaussian(random: &mut Random) -> f64 {
    (-2.0 * random.uniform().ln()).sqrt() * (TAU * random.uniform()).cos()
}

impl Shake {
    /// Energy from 2 to 8 Hz.
    pub fn new(seed: u64) -> Shake {
        let mut random = Random::new(seed);
        let parts = (0..40)
            .map(|_| {
                let hz = 2.0 + 6.0 * random.uniform();
                let amplitude = [0; 3].map(|_| gaussian(&mut random) / 6.0);
                let phase = [0; 3].map(|_| random.uniform());
                (hz, amplitude, phase)
            })
            .collect();
        Shake { parts }
    }

    /// One oscillation for ever.
    pub fn periodic(hz: f64) -> Shake {
        Shake { parts: vec![(hz, [1.0, 0.7, 0.3], [0.0, 0.25, 0.6])] }
    }

    pub fn at(&self, seconds: f64, axis: usize) -> f64 {
        let part = |(hz, amplitude, phase): &(f64, [f64; 3], [f64; 3])| {
            amplitude[axis] * (TAU * (hz * seconds + phase[axis])).sin()
        };
        self.parts.iter().map(part).sum()
    }
}

/// What one sensor writes.
pub struct Recorded {
    pub times: Vec<f64>,
    pub axes: [Vec<f64>; 3],
}

pub struct Sensor {
    pub hz: f64,
    /// What its clock shows at time zero.
    pub offset: f64,
    pub drift: f64,
    pub noise: f64,
    /// Turn of the mounting about one diagonal axis and then another.
    pub angle: f64,
    pub scale: f64,
    pub seed: u64,
}

impl Sensor {
    /// Samples from one true time to another.
    pub fn record(&self, shake: &Shake, from: f64, to: f64) -> Recorded {
        let mut random = Random::new(self.seed);
        let phase = random.uniform();
        let count = ((to - from) * self.hz) as usize;
        let mut found = Recorded { times: Vec::new(), axes: Default::default() };
        for i in 0..count {
            let true_time = from + (i as f64 + phase) / self.hz;
            let moved = self.turned([0, 1, 2].map(|axis| shake.at(true_time, axis)));
            found.times.push(self.offset + true_time * (1.0 + self.drift));
            for axis in 0..3 {
                let gravity = if axis == 2 { 1.0 } else { 0.0 };
                let value = moved[axis] + gravity + self.noise * gaussian(&mut random);
                found.axes[axis].push(self.scale * value);
            }
        }
        found
    }

    fn turned(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = (x * cos - y * sin, x * sin + y * cos);
        let (y, z) = (y * cos - z * sin, y * sin + z * cos);
        [x, y, z]
    }
}
