//! Fourier transforms of lengths that are powers of two.
//!
//! Decimation in time with radix 2 (Cooley and Tukey 1965); a real signal goes through a complex transform of
//! half its length. Every twiddle factor is computed by itself from an angle below 45 degrees, so that errors
//! grow with the logarithm of the length only. Real and imaginary parts lie in arrays of their own.

use core::f64::consts::TAU;

/// Largest length: its tables and arrays stay within the memory of WebAssembly.
pub const MAX_SIZE: usize = 1 << 25;

/// Cosine and sine of `k / size` turns.
fn turn(k: usize, size: usize) -> (f64, f64) {
    let eighth = (8 * k) / size;
    // Distance to the nearest multiple of a quarter turn, so that the angle is small and symmetry exact.
    let quarter = (eighth + 1) / 2;
    let angle = |numerator: f64| TAU * numerator / size as f64;
    let (sin, cos) = angle(k as f64 - (quarter * size) as f64 / 4.0).sin_cos();
    match quarter % 4 {
        0 => (cos, sin),
        1 => (-sin, cos),
        2 => (-cos, -sin),
        _ => (sin, -cos),
    }
}

/// A complex transform of one length.
pub struct Fft {
    size: usize,
    /// Factors of each stage in the order of use: 1 of the first, 2 of the second, 4 of the third.
    cos: Vec<f64>,
    sin: Vec<f64>,
}

impl Fft {
    /// Prepares the tables; none when `size` is no power of two up to [`MAX_SIZE`].
    pub fn new(size: usize) -> Option<Fft> {
        if !size.is_power_of_two() || size > MAX_SIZE {
            return None;
        }
        let mut cos = Vec::with_capacity(size);
        let mut sin = Vec::with_capacity(size);
        let mut half = 1;
        while half < size {
            for k in 0..half {
                let (re, im) = turn(k, 2 * half);
                cos.push(re);
                sin.push(-im);
            }
            half *= 2;
        }
        Some(Fft { size, cos, sin })
    }

    pub fn size(&self) -> usize {
        self.size
    }

    /// Replaces the values by their transform: `X[k] = sum of x[n] exp(-2 pi i k n / size)`.
    pub fn forward(&self, re: &mut [f64], im: &mut [f64]) {
        let (re, im) = (&mut re[..self.size], &mut im[..self.size]);
        self.reorder(re, im);
        let mut half = 1;
        while half < self.size {
            let cos = &self.cos[half - 1..2 * half - 1];
            let sin = &self.sin[half - 1..2 * half - 1];
            for (re, im) in re.chunks_exact_mut(2 * half).zip(im.chunks_exact_mut(2 * half)) {
                butterflies(re, im, cos, sin);
            }
            half *= 2;
        }
    }

    /// Undoes [`Fft::forward`].
    pub fn inverse(&self, re: &mut [f64], im: &mut [f64]) {
        // Swapping the parts before and after conjugates: the same butterflies go backwards.
        self.forward(im, re);
        let scale = 1.0 / self.size as f64;
        for value in re[..self.size].iter_mut().chain(&mut im[..self.size]) {
            *value *= scale;
        }
    }

    fn reorder(&self, re: &mut [f64], im: &mut [f64]) {
        if self.size < 2 {
            return;
        }
        let shift = usize::BITS - self.size.trailing_zeros();
        for i in 0..self.size {
            let j = i.reverse_bits() >> shift;
            if i < j {
                re.swap(i, j);
                im.swap(i, j);
            }
        }
    }
}

fn butterflies(re: &mut [f64], im: &mut [f64], cos: &[f64], sin: &[f64]) {
    let half = cos.len();
    let (low_re, high_re) = re.split_at_mut(half);
    let (low_im, high_im) = im.split_at_mut(half);
    let (high_re, high_im, sin) = (&mut high_re[..half], &mut high_im[..half], &sin[..half]);
    for k in 0..half {
        let turned_re = high_re[k] * cos[k] - high_im[k] * sin[k];
        let turned_im = high_re[k] * sin[k] + high_im[k] * cos[k];
        high_re[k] = low_re[k] - turned_re;
        high_im[k] = low_im[k] - turned_im;
        low_re[k] += turned_re;
        low_im[k] += turned_im;
    }
}

/// A transform of real signals of one length: `size / 2 + 1` values, the rest is their mirror image.
pub struct RealFft {
    half: Fft,
    cos: Vec<f64>,
    sin: Vec<f64>,
}

impl RealFft {
    /// Prepares the tables; none when `size` is no power of two from 2 to [`MAX_SIZE`].
    pub fn new(size: usize) -> Option<RealFft> {
        if size < 2 || !size.is_power_of_two() || size > MAX_SIZE {
            return None;
        }
        let half = Fft::new(size / 2)?;
        let (cos, sin) = (0..=size / 2).map(|k| turn(k, size)).unzip();
        Some(RealFft { half, cos, sin })
    }

    /// Length of the signal.
    pub fn size(&self) -> usize {
        2 * self.half.size
    }

    /// Values of the spectrum.
    pub fn bins(&self) -> usize {
        self.half.size + 1
    }

    /// Writes the spectrum of a signal, which is padded with zeros when it is short.
    pub fn forward(&self, signal: &[f64], re: &mut [f64], im: &mut [f64]) {
        let half = self.half.size;
        let (re, im) = (&mut re[..=half], &mut im[..=half]);
        let at = |index: usize| signal.get(index).copied().unwrap_or(0.0);
        for k in 0..half {
            re[k] = at(2 * k);
            im[k] = at(2 * k + 1);
        }
        self.half.forward(re, im);
        (re[half], im[half]) = (re[0], im[0]);
        for k in 0..=half / 2 {
            self.untangle(re, im, k);
        }
    }

    /// Parts the spectra of the even and the odd samples at `k` and its mirror image, and joins them.
    fn untangle(&self, re: &mut [f64], im: &mut [f64], k: usize) {
        let mirror = self.half.size - k;
        let even = (0.5 * (re[k] + re[mirror]), 0.5 * (im[k] - im[mirror]));
        let odd = (0.5 * (im[k] + im[mirror]), 0.5 * (re[mirror] - re[k]));
        let turned = (
            odd.0 * self.cos[k] + odd.1 * self.sin[k],
            odd.1 * self.cos[k] - odd.0 * self.sin[k],
        );
        (re[k], im[k]) = (even.0 + turned.0, even.1 + turned.1);
        (re[mirror], im[mirror]) = (even.0 - turned.0, turned.1 - even.1);
    }

    /// Writes the signal of a spectrum and uses the spectrum up.
    pub fn inverse(&self, re: &mut [f64], im: &mut [f64], signal: &mut [f64]) {
        let half = self.half.size;
        for k in 0..=half / 2 {
            self.tangle(re, im, k);
        }
        self.half.inverse(&mut re[..half], &mut im[..half]);
        for k in 0..half {
            signal[2 * k] = re[k];
            signal[2 * k + 1] = im[k];
        }
    }

    /// Undoes [`RealFft::untangle`].
    fn tangle(&self, re: &mut [f64], im: &mut [f64], k: usize) {
        let mirror = self.half.size - k;
        let even = (0.5 * (re[k] + re[mirror]), 0.5 * (im[k] - im[mirror]));
        let turned = (0.5 * (re[k] - re[mirror]), 0.5 * (im[k] + im[mirror]));
        let odd = (
            turned.0 * self.cos[k] - turned.1 * self.sin[k],
            turned.1 * self.cos[k] + turned.0 * self.sin[k],
        );
        (re[k], im[k]) = (even.0 - odd.1, even.1 + odd.0);
        (re[mirror], im[mirror]) = (even.0 + odd.1, odd.0 - even.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn noise(seed: u64, length: usize) -> Vec<f64> {
        let mut random = Random::new(seed);
        (0..length).map(|_| random.uniform() - 0.5).collect()
    }

    /// The definition of the transform.
    fn definition(re: &[f64], im: &[f64]) -> Vec<(f64, f64)> {
        let size = re.len();
        let bin = |k: usize| {
            (0..size).fold((0.0, 0.0), |(sum_re, sum_im), n| {
                let (sin, cos) = (-TAU * ((k * n) % size) as f64 / size as f64).sin_cos();
                (sum_re + re[n] * cos - im[n] * sin, sum_im + re[n] * sin + im[n] * cos)
            })
        };
        (0..size).map(bin).collect()
    }

    fn assert_close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-12, "{actual} is not {expected}");
    }

    #[test]
    fn agrees_with_the_definition() {
        for bits in 0..9 {
            let size = 1 << bits;
            let (re, im) = (noise(1, size), noise(2, size));
            let (mut found_re, mut found_im) = (re.clone(), im.clone());
            Fft::new(size).unwrap().forward(&mut found_re, &mut found_im);
            for (k, (expected_re, expected_im)) in definition(&re, &im).into_iter().enumerate() {
                assert_close(found_re[k], expected_re);
                assert_close(found_im[k], expected_im);
            }
        }
    }

    #[test]
    fn agrees_with_the_definition_for_real_signals() {
        for bits in 1..9 {
            let size = 1 << bits;
            let signal = noise(3, size);
            let fft = RealFft::new(size).unwrap();
            let (mut re, mut im) = (vec![0.0; fft.bins()], vec![0.0; fft.bins()]);
            fft.forward(&signal, &mut re, &mut im);
            let expected = definition(&signal, &vec![0.0; size]);
            for k in 0..fft.bins() {
                assert_close(re[k], expected[k].0);
                assert_close(im[k], expected[k].1);
            }
        }
    }

    #[test]
    fn inverse_gives_the_signal_back() {
        for size in [1, 2, 4, 64, 65_536] {
            let (re, im) = (noise(4, size), noise(5, size));
            let (mut found_re, mut found_im) = (re.clone(), im.clone());
            let fft = Fft::new(size).unwrap();
            fft.forward(&mut found_re, &mut found_im);
            fft.inverse(&mut found_re, &mut found_im);
            for k in 0..size {
                assert_close(found_re[k], re[k]);
                assert_close(found_im[k], im[k]);
            }
        }
        for size in [2, 4, 8, 4096] {
            let signal = noise(6, size);
            let fft = RealFft::new(size).unwrap();
            let (mut re, mut im) = (vec![0.0; fft.bins()], vec![0.0; fft.bins()]);
            let mut found = vec![0.0; size];
            fft.forward(&signal, &mut re, &mut im);
            fft.inverse(&mut re, &mut im, &mut found);
            for k in 0..size {
                assert_close(found[k], signal[k]);
            }
        }
    }

    #[test]
    fn pads_short_signals() {
        let fft = RealFft::new(8).unwrap();
        let (mut re, mut im) = (vec![9.0; 5], vec![9.0; 5]);
        fft.forward(&[2.0], &mut re, &mut im);
        assert_eq!((re, im), (vec![2.0; 5], vec![0.0; 5]));
    }

    #[test]
    fn refuses_other_lengths() {
        for size in [0, 3, 12, MAX_SIZE * 2] {
            assert!(Fft::new(size).is_none());
            assert!(RealFft::new(size).is_none());
        }
        assert!(RealFft::new(1).is_none());
    }

    #[test]
    fn long_transforms_stay_accurate() {
        // A cosine on a bin: everything lies in that bin.
        let size = 1 << 20;
        let signal: Vec<f64> = (0..size).map(|n| turn((12_345 * n) % size, size).0).collect();
        let fft = RealFft::new(size).unwrap();
        let (mut re, mut im) = (vec![0.0; fft.bins()], vec![0.0; fft.bins()]);
        fft.forward(&signal, &mut re, &mut im);
        assert!((re[12_345] / (size as f64 / 2.0) - 1.0).abs() < 1e-14);
        re[12_345] = 0.0;
        let rest = re.iter().chain(&im).fold(0.0, |most: f64, x| most.max(x.abs()));
        assert!(rest < 1e-8, "{rest}");
    }
}
