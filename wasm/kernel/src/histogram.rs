//! Counts of non-negative durations in logarithmic bins, for quantiles in bounded memory.

/// Bins per doubling; one bin is 0.4 % wide.
const SUB_BITS: u32 = 8;
const SUB: usize = 1 << SUB_BITS;
/// Durations of 2^48 ns (78 h) and longer share the last bin.
const OCTAVES: usize = 48 - SUB_BITS as usize + 1;

/// One bin: how many durations fell into it and between which extremes.
#[derive(Clone, Copy, Debug)]
struct Bin {
    count: u64,
    min: u64,
    max: u64,
}

const EMPTY: Bin = Bin {
    count: 0,
    min: u64::MAX,
    max: 0,
};

/// A histogram that grows to the longest duration seen.
#[derive(Clone, Default, Debug)]
pub struct Histogram {
    bins: Vec<Bin>,
    total: u64,
}

fn bin_of(duration: u64) -> usize {
    let octave = (64 - duration.leading_zeros()).saturating_sub(SUB_BITS + 1);
    let index = octave as usize * SUB + (duration >> octave) as usize;
    index.min(OCTAVES * SUB)
}

impl Histogram {
    /// Counts one duration in ns.
    pub fn add(&mut self, duration: u64) {
        let index = bin_of(duration);
        if index >= self.bins.len() {
            self.bins.resize(index + 1, EMPTY);
        }
        let bin = &mut self.bins[index];
        bin.count += 1;
        bin.min = bin.min.min(duration);
        bin.max = bin.max.max(duration);
        self.total += 1;
    }

    /// The duration below which half of the counted ones lie, exact when its bin holds one value; NaN
    /// when there are none.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The duration below which a share of the counted ones lies; NaN when there are none.
    pub fn quantile(&self, share: f64) -> f64 {
        let rank = (self.total.saturating_sub(1) as f64 * share) as u64;
        let mut before = 0;
        for bin in &self.bins {
            if before + bin.count > rank {
                let part = (rank - before) as f64 + 0.5;
                return bin.min as f64 + (bin.max - bin.min) as f64 * part / bin.count as f64;
            }
            before += bin.count;
        }
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_match_sorting() {
        let mut histogram = Histogram::default();
        assert!(histogram.median().is_nan());
        let mut values: Vec<u64> = (0..9_999u64).map(|i| (i * 7_919) % 10_007 * 1_000).collect();
        values.iter().for_each(|&value| histogram.add(value));
        values.sort_unstable();
        let exact = values[values.len() / 2] as f64;
        assert!((histogram.median() - exact).abs() < exact * 0.004);
        let late = values[9_498] as f64;
        assert!((histogram.quantile(0.95) - late).abs() < late * 0.004);
    }

    #[test]
    fn a_single_value_is_exact_and_bins_are_monotone() {
        let mut histogram = Histogram::default();
        (0..10).for_each(|_| histogram.add(7_812_500));
        assert_eq!(histogram.median(), 7_812_500.0);
        let edges = [0u64, 1, 255, 256, 257, 511, 512, 1 << 40, u64::MAX];
        assert!(edges.windows(2).all(|pair| bin_of(pair[0]) <= bin_of(pair[1])));
    }
}
