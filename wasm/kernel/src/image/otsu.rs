//! Splitting a histogram into classes that differ most (Otsu 1979).

/// First values of the second class, and of the third, of three.
pub fn split_in_three(histogram: &[u32; 256]) -> (usize, usize) {
    let sums = Sums::new(histogram);
    let mut best = (f64::NEG_INFINITY, 1, 2);
    for first in 1..255 {
        for second in first + 1..256 {
            let spread = sums.part(0, first) + sums.part(first, second) + sums.part(second, 256);
            if spread > best.0 {
                best = (spread, first, second);
            }
        }
    }
    (best.1, best.2)
}

/// First value of the second class of two.
pub fn split(histogram: &[u32; 256]) -> usize {
    let sums = Sums::new(histogram);
    let spread = |at: usize| sums.part(0, at) + sums.part(at, 256);
    (1..256).fold(1, |best, at| if spread(at) > spread(best) { at } else { best })
}

/// Counts and sums of all values below each.
struct Sums {
    counts: [f64; 257],
    values: [f64; 257],
}

impl Sums {
    fn new(histogram: &[u32; 256]) -> Sums {
        let mut sums = Sums { counts: [0.0; 257], values: [0.0; 257] };
        for (value, &count) in histogram.iter().enumerate() {
            sums.counts[value + 1] = sums.counts[value] + f64::from(count);
            sums.values[value + 1] = sums.values[value] + f64::from(count) * value as f64;
        }
        sums
    }

    /// What a class adds to the spread between classes.
    fn part(&self, from: usize, to: usize) -> f64 {
        let (count, sum) = (self.counts[to] - self.counts[from], self.values[to] - self.values[from]);
        if count > 0.0 { sum * sum / count } else { 0.0 }
    }
}
