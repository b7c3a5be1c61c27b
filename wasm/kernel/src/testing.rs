//! Random numbers for tests, the same on every machine, and lists in chunks.

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// A whole number from 0 to below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.uniform() * limit as f64) as usize
    }

    /// Whole numbers from 0 to below a limit in order, some of them more than once.
    pub fn sorted(&mut self, count: usize, limit: usize) -> Vec<i64> {
        let mut times: Vec<i64> = (0..count).map(|_| self.below(limit) as i64).collect();
        times.sort_unstable();
        times
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// Normal with mean 0 and variance 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * (2.0 * core::f64::consts::PI * self.uniform()).cos()
    }
}

/// Goes through two lists side by side, a chunk of each at a time, and once more when both have ended.
pub fn side_by_side(
    (one, other): (usize, usize),
    (step, other_step): (usize, usize),
    mut pass: impl FnMut(core::ops::Range<usize>, core::ops::Range<usize>, bool),
) {
    let (mut from, mut other_from) = (0_usize, 0_usize);
    loop {
        let (to, other_to) = (one.min(from.saturating_add(step)), other.min(other_from.saturating_add(other_step)));
        let ended = from == one && other_from == other;
        pass(from..to, other_from..other_to, ended);
        if ended {
            return;
        }
        (from, other_from) = (to, other_to);
    }
}
