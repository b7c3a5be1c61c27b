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
mod tests {
    use super::super::simulation::{Recorded, Sensor, Shake};
    use super::*;

    const WINDOW: f64 = 10.0;

    fn samples(recorded: &Recorded) -> Samples<'_> {
        Samples { times: &recorded.times, axes: [0, 1, 2].map(|axis| &recorded.axes[axis][..]) }
    }

    fn sensor(seed: u64, hz: f64, offset: f64, drift: f64) -> Sensor {
        Sensor { hz, offset, drift, noise: 0.1, angle: seed as f64, scale: 1.0 + seed as f64, seed }
    }

    fn search(range: f64) -> Search {
        Search { window: WINDOW, range, refine: true }
    }

    fn run(shake: &Shake, a: &Sensor, b: &Sensor, range: f64) -> Option<Reading> {
        let (a, b) = (a.record(shake, -3.0, 13.0), b.record(shake, -3.0, 13.0));
        measure(&samples(&a), &samples(&b), &search(range))
    }

    /// Measures many lags and drifts; returns the coverage of the 95 % interval and the largest error.
    fn trial(hz_a: f64, hz_b: f64) -> (f64, f64) {
        let (mut inside, mut worst) = (0, 0.0f64);
        let trials = 200;
        for seed in 0..trials {
            let shake = Shake::new(seed);
            let lag = 0.4 * ((seed as f64) * 0.37).sin();
            let drift = 50e-6;
            let (a, b) = (sensor(2 * seed, hz_a, 0.0, 0.0), sensor(2 * seed + 1, hz_b, lag, drift));
            let found = run(&shake, &a, &b, 1.0).unwrap();
            let error = found.lag - (lag + drift * found.centre);
            assert!(found.correlation > 0.95, "{found:?}");
            assert!(found.rival_score > 4.0, "{found:?}");
            worst = worst.max(error.abs());
            inside += u64::from(error.abs() < 1.96 * found.sigma);
        }
        (inside as f64 / trials as f64, worst)
    }

    #[test]
    fn finds_the_lag_within_its_uncertainty() {
        for (hz_a, hz_b) in [(100.0, 50.0), (32.0, 100.0), (1000.0, 25.0)] {
            let (coverage, worst) = trial(hz_a, hz_b);
            assert!((0.93..=0.99).contains(&coverage), "{hz_a} {hz_b}: {coverage}");
            assert!(worst < 1e-3, "{hz_a} {hz_b}: {worst}");
        }
    }

    #[test]
    fn turning_a_sensor_changes_nothing() {
        let shake = Shake::new(7);
        let a = Sensor { noise: 0.0, ..sensor(1, 100.0, 0.0, 0.0) };
        let lags = [0.0, 1.0, 2.5].map(|angle| {
            let b = Sensor { noise: 0.0, angle, ..sensor(2, 50.0, 0.123, 0.0) };
            let found = run(&shake, &a, &b, 1.0).unwrap();
            assert!(found.correlation > 0.9999);
            assert!((found.scale - 1.5).abs() < 1e-3);
            found.lag
        });
        for lag in lags {
            assert!((lag - 0.123).abs() < 2e-5, "{lag}");
        }
    }

    #[test]
    fn axes_are_turned_but_not_mirrored() {
        let shake = Shake::new(8);
        let a = sensor(1, 100.0, 0.0, 0.0).record(&shake, -3.0, 13.0);
        let mut b = sensor(2, 50.0, -0.2, 0.0).record(&shake, -3.0, 13.0);
        b.axes[0].iter_mut().for_each(|x| *x = -*x);
        let mirrored = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
        assert!(mirrored.correlation < 0.9, "{mirrored:?}");
        b.axes.iter_mut().flatten().for_each(|x| *x = -*x);
        let found = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
        assert!((found.lag + 0.2).abs() < 1e-3 && found.correlation > 0.95);
        assert!(found.rival_evidence > 100.0);
    }

    #[test]
    fn gaps_and_wild_values_cost_little() {
        let shake = Shake::new(9);
        let a = sensor(1, 100.0, 0.0, 0.0).record(&shake, -3.0, 13.0);
        let mut b = sensor(2, 50.0, 0.3, 0.0).record(&shake, -3.0, 13.0);
        for i in (20..800).step_by(50) {
            b.axes[i % 3][i] = 1e6;
            b.axes[1][i + 7] = f64::NAN;
        }
        for i in 300..400 {
            b.times[i] = f64::NAN;
        }
        let found = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
        assert!((found.lag - 0.3).abs() < 3.0 * found.sigma && found.sigma < 1e-3, "{found:?}");
        assert!(found.overlap < 0.85 && found.correlation > 0.9, "{found:?}");
    }

    #[test]
    fn other_movements_do_not_agree() {
        for seed in 0..50 {
            let a = sensor(2 * seed, 100.0, 0.0, 0.0).record(&Shake::new(seed), -3.0, 13.0);
            let b = sensor(2 * seed + 1, 50.0, 0.0, 0.0).record(&Shake::new(seed + 500), -3.0, 13.0);
            let found = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
            assert!(found.correlation < 0.45, "{found:?}");
            assert!(!(found.rival_score > 3.0), "{found:?}");
        }
    }

    #[test]
    fn periodic_movements_are_ambiguous() {
        for seed in 0..20 {
            let shake = Shake::periodic(1.5 + seed as f64 / 5.0);
            let (a, b) = (sensor(2 * seed, 100.0, 0.0, 0.0), sensor(2 * seed + 1, 50.0, 0.1, 0.0));
            let found = run(&shake, &a, &b, 1.0).unwrap();
            assert!(!(found.rival_score > 3.0), "{found:?}");
        }
    }

    #[test]
    fn survives_any_samples() {
        let wild = [f64::NAN, f64::INFINITY, -1e300, 1e300, 0.0, -0.0, 1e-300, 5.0];
        let mut random = crate::testing::Random::new(3);
        for trial in 0..60 {
            let length = [0, 1, 7, 500][trial % 4];
            let mut pick = || wild[(random.uniform() * 8.0) as usize % 8];
            let times: Vec<f64> = (0..length).map(|i| if trial % 3 == 0 { pick() } else { i as f64 / 40.0 }).collect();
            let axis: Vec<f64> = (0..length).map(|_| pick()).collect();
            let made = Samples { times: &times, axes: [&axis, &axis, &axis] };
            for refine in [false, true] {
                measure(&made, &made, &Search { window: WINDOW, range: 1.0, refine });
            }
        }
        let none = Samples { times: &[], axes: [&[], &[], &[]] };
        for window in [0.0, f64::NAN, 1e9] {
            assert!(measure(&none, &none, &Search { window, range: 1.0, refine: true }).is_none());
        }
    }

    /// A shift in time and a rotation do nearly the same to a circling hand: both must be found together.
    #[test]
    fn circling_hands_give_honest_lags() {
        let (mut inside, trials) = (0, 60);
        for seed in 0..trials {
            let pace = 0.3 + seed as f64 / 60.0;
            let record = |hz: f64, lag: f64, noise: f64, seed: u64| {
                let mut random = crate::testing::Random::new(seed);
                let times: Vec<f64> = (0..(16.0 * hz) as usize).map(|i| i as f64 / hz - 3.0).collect();
                let axes = [0.0, 1.0, 2.0].map(|phase| {
                    times
                        .iter()
                        .map(|t| (19.0 * t + 5.0 * (pace * t).sin() + phase).sin())
                        .map(|value| value + noise * super::super::simulation::gaussian(&mut random))
                        .collect::<Vec<f64>>()
                });
                Recorded { times: times.iter().map(|t| t + lag).collect(), axes }
            };
            let (a, b) = (record(100.0, 0.0, 0.1, 2 * seed), record(50.0, 0.2, 0.1, 2 * seed + 1));
            let found = measure(&samples(&a), &samples(&b), &search(0.5)).unwrap();
            inside += u64::from((found.lag - 0.2).abs() < 1.96 * found.sigma);
        }
        assert!((0.93..=0.99).contains(&(inside as f64 / trials as f64)), "{inside}");
    }

    /// A steady oscillation that swells: only the envelope tells which cycle is which, and mirroring halves them.
    #[test]
    fn swelling_oscillations_are_told_apart_between_grid_points() {
        for trial in 0..30 {
            let lag = 0.0123 * trial as f64 - 0.2;
            let record = |hz: f64, lag: f64| {
                let times: Vec<f64> = (0..(16.0 * hz) as usize).map(|i| i as f64 / hz - 3.0).collect();
                let swell = |t: f64| (t + 3.0) * (17.0 - t) / 100.0;
                let wave = |t: f64, phase: f64| swell(t) * (31.4 * t + phase).sin();
                let axes = [0.0, 1.2, 2.4]
                    .map(|phase| times.iter().map(|&t| wave(t, phase)).collect::<Vec<f64>>());
                Recorded { times: times.iter().map(|t| t + lag).collect(), axes }
            };
            let found =
                measure(&samples(&record(100.0, 0.0)), &samples(&record(51.2, lag)), &search(1.0)).unwrap();
            assert!((found.lag - lag).abs() < 0.05, "{lag}: {found:?}");
        }
    }
}
