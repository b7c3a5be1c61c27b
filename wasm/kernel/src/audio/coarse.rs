//! Where two recordings may agree, by their loudness: blocks of one are looked for in all of the other.

use super::loudness::without_trend;
use crate::fft::RealFft;

/// Frames of a block and how many blocks are looked for.
const BLOCK: usize = 3000;
const BLOCKS: usize = 24;
/// Frames of one transform: memory does not grow with the recordings.
const SIZE: usize = 1 << 16;
/// Places of each block that are kept.
const PLACES: usize = 6;
/// Places nearer to each other count as one, in frames.
const APART: usize = 20;
/// Frames on either side of the mean that is taken away.
const AROUND: usize = 50;
/// A block is on a line when it is this near, in frames.
const NEAR: f64 = 4.0;

/// Frames of the second recording against those of the first.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Lag at the frame `at` of the first recording.
    pub lag: f64,
    pub at: f64,
    pub drift: f64,
    /// Blocks on the line.
    pub blocks: usize,
    /// Sum of their squared correlations.
    pub score: f64,
}

/// A place where a block of the first recording is like the second.
#[derive(Clone, Copy)]
struct Place {
    block: usize,
    /// Middle of the block, in frames.
    at: f64,
    lag: f64,
    likeness: f64,
}

/// The most promising relations of two recordings, the best first.
pub fn lines(a: &[f32], b: &[f32], max_drift: f64, most: usize) -> Vec<Line> {
    let length = BLOCK.min(a.len()).min(b.len());
    if length < 100 {
        return Vec::new();
    }
    let (a, b) = (without_trend(a, AROUND), without_trend(b, AROUND));
    let count = a.len().div_ceil(length).clamp(1, BLOCKS);
    let mut places = Vec::new();
    for block in 0..count {
        let start = if count == 1 { 0 } else { (a.len() - length) * block / (count - 1) };
        let at = start as f64 + length as f64 / 2.0;
        for (position, likeness) in best_places(&a[start..start + length], &b) {
            places.push(Place { block, at, lag: position - start as f64, likeness });
        }
    }
    through(&places, max_drift, most)
}

/// Where a block fits best into a recording, also where it sticks out of it, and how well (-1 to 1).
fn best_places(block: &[f64], whole: &[f64]) -> Vec<(f64, f64)> {
    let Some(fft) = RealFft::new(SIZE) else { return Vec::new() };
    let energy: f64 = block.iter().map(|value| value * value).sum();
    if !(energy > 0.0) {
        return Vec::new();
    }
    let spectrum = Spectrum::of(&fft, block);
    let mut squares = vec![0.0f64];
    for value in whole {
        squares.push(squares[squares.len() - 1] + value * value);
    }
    let mut best: Vec<(f64, f64)> = Vec::new();
    let step = SIZE - block.len();
    // The block may begin before the recording does.
    let lead = block.len() / 2;
    let mut from = -(lead as isize);
    while from < whole.len() as isize {
        let at = |k: usize| usize::try_from(from + k as isize).ok().and_then(|k| whole.get(k)).copied();
        let part: Vec<f64> = (0..SIZE).map(|k| at(k).unwrap_or(0.0)).collect();
        let products = Spectrum::of(&fft, &part).against(&spectrum).signal(&fft);
        for (k, product) in products[..step].iter().enumerate() {
            let start = from + k as isize;
            let (low, high) = (start.max(0) as usize, (start + block.len() as isize).max(0) as usize);
            let inside = squares[high.min(whole.len())] - squares[low.min(whole.len())];
            // Of a part that is nearly silent the likeness means nothing.
            let likeness = product / (energy * inside.max(0.1 * energy)).sqrt();
            keep(&mut best, (start as f64, likeness));
        }
        from += step as isize;
    }
    best
}

/// Keeps the best places that are apart.
fn keep(best: &mut Vec<(f64, f64)>, place: (f64, f64)) {
    if best.len() == PLACES && place.1 <= best[PLACES - 1].1 {
        return;
    }
    if let Some(near) = best.iter().position(|other| (other.0 - place.0).abs() < APART as f64) {
        if best[near].1 >= place.1 {
            return;
        }
        best.remove(near);
    }
    best.push(place);
    best.sort_by(|x, y| y.1.total_cmp(&x.1));
    best.truncate(PLACES);
}

/// A transformed signal.
struct Spectrum {
    re: Vec<f64>,
    im: Vec<f64>,
}

impl Spectrum {
    fn of(fft: &RealFft, signal: &[f64]) -> Spectrum {
        let mut spectrum = Spectrum { re: vec![0.0; fft.bins()], im: vec![0.0; fft.bins()] };
        fft.forward(signal, &mut spectrum.re, &mut spectrum.im);
        spectrum
    }

    /// Times the conjugate of another: the spectrum of their correlation.
    fn against(mut self, other: &Spectrum) -> Spectrum {
        for k in 0..self.re.len() {
            let (re, im) = (self.re[k], self.im[k]);
            self.re[k] = re * other.re[k] + im * other.im[k];
            self.im[k] = im * other.re[k] - re * other.im[k];
        }
        self
    }

    fn signal(mut self, fft: &RealFft) -> Vec<f64> {
        let mut signal = vec![0.0; fft.size()];
        fft.inverse(&mut self.re, &mut self.im, &mut signal);
        signal
    }
}

/// Lines through the places of different blocks, those with most likeness first.
fn through(places: &[Place], max_drift: f64, most: usize) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    for one in places {
        found.push(line(places, one, 0.0));
        for two in places.iter().filter(|two| two.block > one.block) {
            let drift = (two.lag - one.lag) / (two.at - one.at);
            if drift.abs() <= max_drift + NEAR / (two.at - one.at) {
                found.push(line(places, one, drift.clamp(-max_drift, max_drift)));
            }
        }
    }
    found.sort_by(|x, y| y.score.total_cmp(&x.score).then(x.lag.total_cmp(&y.lag)));
    let mut chosen: Vec<Line> = Vec::new();
    for line in found {
        let same = |other: &Line| (other.lag + other.drift * (line.at - other.at) - line.lag).abs() < 3.0 * NEAR;
        if chosen.len() < most && !chosen.iter().any(same) {
            chosen.push(line);
        }
    }
    chosen
}

/// The line through a place, with the best place of each block near it.
fn line(places: &[Place], through: &Place, drift: f64) -> Line {
    let mut best = [0.0f64; BLOCKS];
    for place in places {
        let off = place.lag - through.lag - drift * (place.at - through.at);
        if off.abs() <= NEAR {
            best[place.block] = best[place.block].max(place.likeness);
        }
    }
    let score = best.iter().map(|likeness| likeness * likeness).sum();
    let blocks = best.iter().filter(|&&likeness| likeness > 0.0).count();
    Line { lag: through.lag, at: through.at, drift, blocks, score }
}
