//! How much more often a colour occurs on a hand than beside it.

/// Bins along each axis of chroma.
const BINS: usize = 64;
/// Bins of chroma.
pub const CHROMA_BINS: usize = BINS * BINS;
/// Half width of the smoothing in bins: three standard deviations of 1.
const REACH: usize = 3;
/// Samples that make a histogram worth using.
const FEWEST: f32 = 24.0;

/// What is told of a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Feature {
    /// Red and blue difference, free of brightness.
    Chroma,
    /// Brightness, for pictures of one colour.
    Luma,
}

impl Feature {
    #[inline(always)]
    pub fn bin(self, pixel: [u8; 3]) -> usize {
        let [red, green, blue] = pixel.map(i32::from);
        match self {
            // ITU-T T.871, in units of 2^-16; 128 is the middle.
            Feature::Chroma => {
                let cb = ((128 << 16) - 11059 * red - 21709 * green + 32768 * blue) >> 16;
                let cr = ((128 << 16) + 32768 * red - 27439 * green - 5329 * blue) >> 16;
                let part = |value: i32| (value.clamp(0, 255) >> 2) as usize;
                part(cr) * BINS + part(cb)
            }
            Feature::Luma => ((19595 * red + 38470 * green + 7471 * blue) >> 18) as usize,
        }
    }

    fn bins(self) -> usize {
        match self {
            Feature::Chroma => CHROMA_BINS,
            Feature::Luma => BINS,
        }
    }
}

/// Histograms of a hand and of what is around it.
#[derive(Clone)]
pub struct SkinModel {
    feature: Feature,
    /// What is around, then the hand.
    pub bins: [Vec<f32>; 2],
}

impl SkinModel {
    pub fn new(feature: Feature) -> SkinModel {
        let bins = || vec![0.0; feature.bins()];
        SkinModel { feature, bins: [bins(), bins()] }
    }

    pub fn add(&mut self, pixel: [u8; 3], is_hand: bool) {
        self.bins[usize::from(is_hand)][self.feature.bin(pixel)] += 1.0;
    }

    /// Makes all counts less by a factor.
    pub fn fade(&mut self, factor: f32) {
        self.bins.iter_mut().flatten().for_each(|bin| *bin *= factor);
    }

    /// For each bin, 255 times the probability of the hand where both are equally likely at first.
    /// Nothing where there were too few samples.
    pub fn ratios(&self) -> Option<Vec<u8>> {
        let totals = self.bins.each_ref().map(|bins| bins.iter().sum::<f32>());
        if !totals.iter().all(|&total| total >= FEWEST) {
            return None;
        }
        let smooth = |at: usize| self.smooth(&self.bins[at], 1.0 / totals[at]);
        let (around, hand) = (smooth(0), smooth(1));
        Some(hand.iter().zip(&around).map(|(&hand, &around)| ratio(hand, around)).collect())
    }

    fn smooth(&self, bins: &[f32], scale: f32) -> Vec<f32> {
        let scaled: Vec<f32> = bins.iter().map(|count| count * scale).collect();
        let across = smooth_lines(&scaled, BINS, 1);
        match self.feature {
            Feature::Chroma => smooth_lines(&across, 1, BINS),
            Feature::Luma => across,
        }
    }
}

fn ratio(hand: f32, around: f32) -> u8 {
    let sum = hand + around;
    if sum > 0.0 { (255.0 * hand / sum).round() as u8 } else { 0 }
}

/// Smooths lines of `BINS` numbers that are `step` apart; their starts are `skip` apart.
fn smooth_lines(bins: &[f32], skip: usize, step: usize) -> Vec<f32> {
    let weights: [f32; REACH + 1] = core::array::from_fn(|at| (-0.5 * (at * at) as f32).exp());
    let total = weights[0] + 2.0 * weights[1..].iter().sum::<f32>();
    let mut smoothed = vec![0.0; bins.len()];
    for line in 0..bins.len() / BINS {
        let start = line * skip;
        for at in 0..BINS {
            let value = bins[start + at * step] / total;
            if value > 0.0 {
                for other in at.saturating_sub(REACH)..BINS.min(at + REACH + 1) {
                    smoothed[start + other * step] += value * weights[at.abs_diff(other)];
                }
            }
        }
    }
    smoothed
}
