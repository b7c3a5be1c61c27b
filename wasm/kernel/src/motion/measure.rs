//! How two sensors that moved together are apart in time, in one window.

pub use super::grid::Samples;
use super::grid::{band_end, filter, lay_samples, GridMotion, GRID_HZ};
use super::refine::{lead, likelihood_ratio, shifted, Axes, Fit, Pair};
use super::rotation::{rotation_norm, Matrix};
use crate::fft::{Fft, MAX_SIZE};

/// What is read beside the window on both sides, so that filters settle, in seconds.
pub const MARGIN_SECONDS: f64 = 1.0;
/// Least share of the window that both must have measured.
const LEAST_OVERLAP: f64 = 0.5;
/// Movements that have less in common are not the same.
const WORTH_REFINING: f64 = 0.3;
/// Peaks that are compared to a fraction of a sample: at least two, and all about as high as the best.
const RIVALS: usize = 24;
const ABOUT_AS_HIGH: f64 = 0.02;
/// Longest window and search together, in seconds: memory is bounded.
const MAX_SECONDS: f64 = 3600.0;

/// Where to look. The window begins at time zero of `a`; zero of `b` is where the same moment is expected.
#[derive(Clone, Copy)]
pub struct Search {
    pub window: f64,
    /// Largest lag to either side of what is expected.
    pub range: f64,
    /// To a fraction of a sample, with uncertainty and rival; else to the grid.
    pub refine: bool,
}

/// What a window says.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// How much later than expected `b` shows the movement, seconds.
    pub lag: f64,
    pub sigma: f64,
    /// 0 to 1: share of the movement in common, as an amplitude.
    pub correlation: f64,
    /// The second best lag, NaN when there is none.
    pub rival_lag: f64,
    pub rival_correlation: f64,
    /// By how many standard errors the best explains more than the rival.
    pub rival_score: f64,
    /// Logarithm of how much more likely the best is than the rival.
    pub rival_evidence: f64,
    /// Where in the window the movement lies that tells the lag, seconds.
    pub centre: f64,
    /// Share of the window that both measured.
    pub overlap: f64,
    /// The best lag lies at the border of the search.
    pub at_border: bool,
    /// From `a` to `b`.
    pub rotation: Matrix,
    /// Products of the axes of `b` (rows) and `a`, as shares of both sizes: of which rotations explain how much.
    pub products: Matrix,
    /// Size of `b` in units of `a`.
    pub scale: f64,
}

/// Numbers of a reading, in the order of its fields.
pub const FIGURES: usize = 29;

impl Reading {
    pub fn figures(&self) -> [f64; FIGURES] {
        let mut figures = [0.0; FIGURES];
        figures[..11].copy_from_slice(&[
            self.lag,
            self.sigma,
            self.correlation,
            self.rival_lag,
            self.rival_correlation,
            self.rival_score,
            self.centre,
            self.overlap,
            f64::from(u8::from(self.at_border)),
            self.scale,
            self.rival_evidence,
        ]);
        let matrices = self.rotation.iter().chain(&self.products).flatten();
        for (target, value) in figures[11..].iter_mut().zip(matrices) {
            *target = *value;
        }
        figures
    }
}

/// Correlation at each lag of the search, rotation chosen anew at each.
struct Curve {
    correlations: Vec<f64>,
    overlaps: Vec<f64>,
}

/// The recordings of a window on one grid.
struct Scene {
    fft: Fft,
    a: Axes,
    slopes: Axes,
    window: Vec<f64>,
    b: GridMotion,
    band_hz: f64,
    /// Start of the grid, seconds.
    from: f64,
    points: usize,
    range: usize,
}

/// Compares two recordings of a movement about a window; none when there is too little to compare.
pub fn measure(a: &Samples, b: &Samples, search: &Search) -> Option<Reading> {
    let scene = Scene::new(a, b, search)?;
    let curve = scene.curve();
    let peaks = peaks(&curve.correlations);
    let best = *peaks.first()?;
    if curve.overlaps[best] < LEAST_OVERLAP {
        return None;
    }
    let at_border = best == 0 || best + 1 == curve.correlations.len();
    let coarse = scene.coarse(&curve, &peaks, at_border);
    if !search.refine || at_border || curve.correlations[best] < WORTH_REFINING {
        return Some(coarse);
    }
    // Between the points of the grid a rival may be better than what seems best on it.
    let pair = scene.pair();
    let least = height(&curve.correlations, best) - ABOUT_AS_HIGH;
    let rivals = peaks.iter().enumerate().filter(|(rank, &peak)| {
        *rank < 2 || height(&curve.correlations, peak) >= least
    });
    let mut fits: Vec<Fit> =
        rivals.take(RIVALS).filter_map(|(_, &peak)| pair.fit(scene.lag(peak))).collect();
    fits.sort_by(|one, other| other.correlation.total_cmp(&one.correlation));
    let (fit, other) = (fits.first()?, fits.get(1));
    Some(Reading {
        lag: fit.lag,
        sigma: fit.sigma,
        correlation: fit.correlation,
        rival_lag: other.map_or(f64::NAN, |other| other.lag),
        rival_correlation: other.map_or(0.0, |other| other.correlation),
        rival_score: other.map_or(f64::INFINITY, |other| lead(fit, other)),
        rival_evidence: other.map_or(f64::INFINITY, |other| likelihood_ratio(fit, other)),
        centre: scene.from + fit.centre,
        rotation: fit.rotation,
        products: fit.products,
        scale: fit.scale,
        ..coarse
    })
}

impl Scene {
    fn new(a: &Samples, b: &Samples, search: &Search) -> Option<Scene> {
        if !(search.window > 0.0 && search.range >= 0.0 && search.window + search.range < MAX_SECONDS) {
            return None;
        }
        let from = -(search.range + MARGIN_SECONDS);
        let length = ((search.window - 2.0 * from) * GRID_HZ).ceil() as usize + 1;
        let range = (search.range * GRID_HZ).ceil() as usize + 1;
        let size = (length + range).next_power_of_two();
        let fft = (size <= MAX_SIZE).then(|| Fft::new(size)).flatten()?;
        let (laid_a, laid_b) = (lay_samples(a, from, length, size)?, lay_samples(b, from, length, size)?);
        let band_hz = band_end(laid_a.period, laid_b.period);
        let a = filter(laid_a, length, band_hz, &fft);
        let b = filter(laid_b, length, band_hz, &fft);
        let (values, slopes) = shifted(&a, 0.0, &fft);
        let inside = |k: usize| (0.0..search.window).contains(&(from + k as f64 / GRID_HZ));
        let window: Vec<f64> =
            (0..size).map(|k| if inside(k) { a.mask[k] } else { 0.0 }).collect();
        let points = (0..size).filter(|&k| inside(k)).count();
        Some(Scene { fft, a: values, slopes, window, b, band_hz, from, points, range })
    }

    fn pair(&self) -> Pair<'_> {
        Pair {
            a: &self.a,
            slopes: &self.slopes,
            window: &self.window,
            b: &self.b,
            fft: &self.fft,
            band_hz: self.band_hz,
        }
    }

    fn lag(&self, index: usize) -> f64 {
        (index as f64 - self.range as f64) / GRID_HZ
    }

    /// What the grid tells.
    fn coarse(&self, curve: &Curve, peaks: &[usize], at_border: bool) -> Reading {
        let (best, rival) = (peaks[0], peaks.get(1).copied());
        Reading {
            lag: self.lag(best),
            sigma: f64::NAN,
            correlation: curve.correlations[best],
            rival_lag: rival.map_or(f64::NAN, |rival| self.lag(rival)),
            rival_correlation: rival.map_or(0.0, |rival| curve.correlations[rival]),
            rival_score: f64::NAN,
            rival_evidence: f64::NAN,
            centre: f64::NAN,
            overlap: curve.overlaps[best],
            at_border,
            rotation: [[f64::NAN; 3]; 3],
            products: [[f64::NAN; 3]; 3],
            scale: f64::NAN,
        }
    }

    fn curve(&self) -> Curve {
        let size = self.fft.size();
        let spectrum = |values: Vec<f64>| {
            let (mut re, mut im) = (values, vec![0.0; size]);
            self.fft.forward(&mut re, &mut im);
            (re, im)
        };
        let windowed = |axis: usize| -> Vec<f64> {
            self.a[axis].iter().zip(&self.window).map(|(value, weight)| value * weight).collect()
        };
        let (b, _) = shifted(&self.b, 0.0, &self.fft);
        let measured = |axis: usize| -> Vec<f64> {
            b[axis].iter().zip(&self.b.mask).map(|(value, mask)| value * mask).collect()
        };
        let masked_a = [0, 1, 2].map(windowed);
        let masked_b = [0, 1, 2].map(measured);
        let energy = |axes: &Axes| -> Vec<f64> {
            (0..size).map(|k| axes.iter().map(|axis| axis[k] * axis[k]).sum()).collect()
        };
        let energy_a = spectrum(energy(&masked_a));
        let energy_b = spectrum(energy(&masked_b));
        let [window, mask] = [self.window.clone(), self.b.mask.clone()].map(spectrum);
        let spectra_a = masked_a.map(spectrum);
        let spectra_b = masked_b.map(spectrum);
        let mut products: Vec<Vec<f64>> = Vec::with_capacity(9);
        for i in 0..3 {
            for j in 0..3 {
                products.push(self.correlate(&spectra_a[j], &spectra_b[i]));
            }
        }
        let energies = [self.correlate(&energy_a, &mask), self.correlate(&window, &energy_b)];
        let overlaps = self.correlate(&window, &mask);
        let correlation = |index: usize| {
            let mut matrix = [[0.0; 3]; 3];
            for (cell, product) in products.iter().enumerate() {
                matrix[cell / 3][cell % 3] = product[index];
            }
            let size = energies[0][index] * energies[1][index];
            let covered = overlaps[index] >= LEAST_OVERLAP * self.points as f64;
            if covered && size > 0.0 { rotation_norm(&matrix) / size.sqrt() } else { 0.0 }
        };
        let correlations = (0..=2 * self.range).map(correlation).collect();
        let share = |overlap: &f64| overlap / self.points as f64;
        Curve { correlations, overlaps: overlaps.iter().map(share).collect() }
    }

    /// Sums of products of two real signals at each lag of the search.
    fn correlate(&self, a: &(Vec<f64>, Vec<f64>), b: &(Vec<f64>, Vec<f64>)) -> Vec<f64> {
        let size = self.fft.size();
        let (mut re, mut im) = (vec![0.0; size], vec![0.0; size]);
        for k in 0..size {
            re[k] = a.0[k] * b.0[k] + a.1[k] * b.1[k];
            im[k] = a.0[k] * b.1[k] - a.1[k] * b.0[k];
        }
        self.fft.inverse(&mut re, &mut im);
        let range = self.range as i64;
        (-range..=range).map(|lag| re[lag.rem_euclid(size as i64) as usize]).collect()
    }
}

/// Indexes of the peaks, the highest first; an end counts when the curve rises towards it.
fn peaks(curve: &[f64]) -> Vec<usize> {
    let at = |i: Option<usize>| i.and_then(|i| curve.get(i)).copied().unwrap_or(-1.0);
    let mut found: Vec<(usize, f64)> = (0..curve.len())
        .filter(|&i| curve[i] > 0.0 && curve[i] >= at(i.checked_sub(1)) && curve[i] > at(Some(i + 1)))
        .map(|i| (i, height(curve, i)))
        .collect();
    found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    found.into_iter().map(|(index, _)| index).collect()
}

/// Height of a peak between the points of the grid: the parabola through the highest point and its neighbours.
fn height(curve: &[f64], peak: usize) -> f64 {
    if peak == 0 || peak + 1 >= curve.len() {
        return curve[peak];
    }
    let (before, top, after) = (curve[peak - 1], curve[peak], curve[peak + 1]);
    let bend = before - 2.0 * top + after;
    if bend < 0.0 { top - (after - before) * (after - before) / (8.0 * bend) } else { top }
}

#[cfg(test)]
#[path = "measure_tests.rs"]
mod tests;
