//! Where a stretch of one recording may lie in another, from activity alone.

use crate::fft::{RealFft, MAX_SIZE};

/// Least share of a stretch that must lie on measured values of the other recording.
const LEAST_SHARE: f64 = 0.5;
/// Stretches that vary less than this share of the whole recording are at rest: their shape is noise.
const LEAST_VARIATION: f64 = 1e-6;

/// A place where a stretch may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// First bin of the stretch in the other recording; negative when it begins before it.
    pub bin: i64,
    /// Pearson correlation there.
    pub correlation: f64,
}

/// The activity of one recording, ready for stretches of another to be looked for in it.
pub struct CoarseSearch {
    fft: RealFft,
    stretch: usize,
    bins: usize,
    re: Vec<f64>,
    im: Vec<f64>,
    /// Sums of the values, their squares and their number before each bin; outside they go on level.
    sums: Vec<[f64; 3]>,
    variation: f64,
}

impl CoarseSearch {
    /// Prepares the search for stretches of up to `stretch` bins; none when the recording is too long.
    pub fn new(values: &[f64], stretch: usize) -> Option<CoarseSearch> {
        let size = values.len().checked_add(stretch)?.max(2);
        if stretch == 0 || size > MAX_SIZE {
            return None;
        }
        let fft = RealFft::new(size.next_power_of_two())?;
        let (centred, _) = centre(values);
        let mut sums = Vec::with_capacity(values.len() + 1);
        let mut sum = [0.0; 3];
        sums.push(sum);
        for (&value, &given) in centred.iter().zip(values) {
            sum = [sum[0] + value, sum[1] + value * value, sum[2] + f64::from(given.is_finite())];
            sums.push(sum);
        }
        let (mut re, mut im) = (vec![0.0; fft.bins()], vec![0.0; fft.bins()]);
        fft.forward(&centred, &mut re, &mut im);
        let variation = sum[1] / sum[2].max(1.0);
        Some(CoarseSearch { fft, stretch, bins: values.len(), re, im, sums, variation })
    }

    /// Finds up to `count` places, the best first, at least `apart` bins from each other.
    pub fn find(&self, stretch: &[f64], count: usize, apart: usize) -> Vec<Place> {
        let stretch = &stretch[..stretch.len().min(self.stretch)];
        let (centred, energy) = centre(stretch);
        if !(energy > 0.0) {
            return Vec::new();
        }
        let products = self.products(&centred);
        let first = -(stretch.len() as i64) + 1;
        let correlations: Vec<f64> = (first..self.bins as i64)
            .map(|bin| {
                let product = products[bin.rem_euclid(products.len() as i64) as usize];
                product / (energy * self.energy(bin, stretch.len())).sqrt()
            })
            .collect();
        best(&correlations, count, apart)
            .into_iter()
            .map(|index| Place { bin: first + index as i64, correlation: correlations[index] })
            .collect()
    }

    /// Sum of squares about the mean of the recording under a stretch; infinite where too little is measured.
    fn energy(&self, bin: i64, length: usize) -> f64 {
        let clamp = |bin: i64| bin.clamp(0, self.bins as i64) as usize;
        let (from, to) = (self.sums[clamp(bin)], self.sums[clamp(bin + length as i64)]);
        let [sum, squares, count] = [0, 1, 2].map(|i| to[i] - from[i]);
        if count < LEAST_SHARE * length as f64 {
            return f64::INFINITY;
        }
        let energy = squares - sum * sum / count;
        if energy > LEAST_VARIATION * self.variation * count { energy } else { f64::INFINITY }
    }

    /// Sums of products at each distance, those to the left at the end.
    fn products(&self, stretch: &[f64]) -> Vec<f64> {
        let (mut re, mut im) = (vec![0.0; self.fft.bins()], vec![0.0; self.fft.bins()]);
        self.fft.forward(stretch, &mut re, &mut im);
        for k in 0..re.len() {
            let product = (
                self.re[k] * re[k] + self.im[k] * im[k],
                self.im[k] * re[k] - self.re[k] * im[k],
            );
            (re[k], im[k]) = product;
        }
        let mut products = vec![0.0; self.fft.size()];
        self.fft.inverse(&mut re, &mut im, &mut products);
        products
    }
}

/// Values less their mean, zero where there are none, and the sum of their squares.
fn centre(values: &[f64]) -> (Vec<f64>, f64) {
    let given = || values.iter().filter(|value| value.is_finite());
    let mean = given().sum::<f64>() / given().count().max(1) as f64;
    let centred: Vec<f64> =
        values.iter().map(|value| if value.is_finite() { value - mean } else { 0.0 }).collect();
    let energy = centred.iter().map(|value| value * value).sum();
    (centred, energy)
}

/// Indexes of the highest peaks that keep their distance.
fn best(values: &[f64], count: usize, apart: usize) -> Vec<usize> {
    let at = |i: Option<usize>| i.and_then(|i| values.get(i)).copied().unwrap_or(-1.0);
    let mut peaks: Vec<usize> = (0..values.len())
        .filter(|&i| values[i] > 0.0 && values[i] >= at(i.checked_sub(1)) && values[i] > at(Some(i + 1)))
        .collect();
    peaks.sort_by(|&i, &j| values[j].total_cmp(&values[i]).then(i.cmp(&j)));
    let mut chosen: Vec<usize> = Vec::new();
    for peak in peaks {
        if chosen.len() == count {
            break;
        }
        if chosen.iter().all(|&other| peak.abs_diff(other) >= apart) {
            chosen.push(peak);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn noise(seed: u64, length: usize) -> Vec<f64> {
        let mut random = Random::new(seed);
        (0..length).map(|_| random.uniform()).collect()
    }

    /// Pearson correlation by its definition, where the stretch lies within the recording.
    fn pearson(a: &[f64], b: &[f64]) -> f64 {
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
        let (ma, mb) = (mean(a), mean(b));
        let sum = |f: &dyn Fn(f64, f64) -> f64| {
            a.iter().zip(b).map(|(x, y)| f(x - ma, y - mb)).sum::<f64>()
        };
        sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
    }

    #[test]
    fn correlations_are_those_of_the_definition() {
        let recording = noise(1, 700);
        let stretch = noise(2, 60);
        let search = CoarseSearch::new(&recording, 60).unwrap();
        for place in search.find(&stretch, 20, 5) {
            let Ok(bin) = usize::try_from(place.bin) else { continue };
            if bin + 60 > recording.len() {
                continue;
            }
            let expected = pearson(&stretch, &recording[bin..bin + 60]);
            assert!((place.correlation - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn finds_a_stretch_at_either_end_and_across_gaps() {
        let mut recording = noise(3, 1000);
        for start in [0, 437, 940] {
            let stretch: Vec<f64> = recording[start..start + 60].to_vec();
            let found = CoarseSearch::new(&recording, 60).unwrap().find(&stretch, 3, 20);
            assert_eq!(found[0].bin, start as i64);
            assert!((found[0].correlation - 1.0).abs() < 1e-9);
        }
        let stretch: Vec<f64> = recording[437..497].to_vec();
        recording[440..450].fill(f64::NAN);
        let found = CoarseSearch::new(&recording, 60).unwrap().find(&stretch, 3, 20);
        assert_eq!(found[0].bin, 437);
    }

    #[test]
    fn finds_a_stretch_that_begins_before_the_recording() {
        let whole = noise(4, 500);
        let found = CoarseSearch::new(&whole[20..], 60).unwrap().find(&whole[..60], 3, 20);
        assert_eq!(found[0].bin, -20);
    }

    #[test]
    fn rest_lies_nowhere() {
        let search = CoarseSearch::new(&[1.0; 500], 50).unwrap();
        assert!(search.find(&noise(5, 50), 5, 10).is_empty());
        assert!(search.find(&[2.0; 50], 5, 10).is_empty());
        assert!(search.find(&[f64::NAN; 50], 5, 10).is_empty());
        assert!(search.find(&[], 5, 10).is_empty());
        assert!(CoarseSearch::new(&[], 50).unwrap().find(&noise(5, 50), 5, 10).is_empty());
    }
}
