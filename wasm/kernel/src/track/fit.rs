//! The whole way from readings to a model.

use super::assemble::assemble;
use super::blocks::Points;
use super::borders::{deny, settle};
use super::confirm::hints;
use super::arrivals::{self, step_of, Link};
use super::delay;
use super::filter::Prior;
use super::gate::plausible;
use super::model::{Arrivals, Fit, Jumps, Options, Readings};
use super::noise::{estimate, Noise, Quality};
use super::steps::{explained, find, Course};
use super::stretch::{self, Stretch};
use super::weights::{FULL, FULL_ARRIVALS};

/// What the skew of a short stretch may differ from that of a long one, ns/s.
const SAME_CRYSTAL: f64 = 2e3;
/// Quickest arrivals are late together where a link is busy: steps of theirs cost more.
const ARRIVALS_CAUTION: f64 = 2.0;
/// Readings of a stretch that tells its own skew.
const LONG: usize = 12;

/// Plausible readings in seconds and ns, in file order.
pub struct Series {
    /// Place of each among all readings.
    pub kept: Vec<usize>,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub noise: Noise,
    /// Readings that the stamps of samples deny.
    pub denied: Vec<bool>,
    /// One course explains every reading.
    plain: bool,
}

/// A stretch of the series with its fit.
pub struct Part {
    /// Range of the series.
    pub start: usize,
    pub end: usize,
    pub base: i64,
    pub base_offset: i64,
    /// Place in the series of each point, by device time.
    pub places: Vec<usize>,
    pub points: Points,
    pub fitted: Stretch,
}

/// Fits the clock of the device against the reference.
pub fn fit(readings: &Readings, jumps: &Jumps, options: &Options) -> Fit {
    let mut series = series(readings);
    let hints = hints(readings, &series.kept, jumps);
    let caution = if options.arrivals.is_some() { ARRIVALS_CAUTION } else { 1.0 };
    let found = find(&Course { hints: &hints, caution, ..course(&series, 0, series.x.len()) });
    series.plain = found.plain;
    let mut borders = found.starts;
    borders.push(series.x.len());
    let mut parts = fit_parts(readings, &series, &borders, options);
    if correct(readings, options, &parts, &mut series) {
        let Series { y, noise, .. } = &mut series;
        y.iter_mut().zip(&noise.shift).for_each(|(y, shift)| *y -= shift);
        series.plain = false;
        parts = fit_parts(readings, &series, &borders, options);
    }
    let mut steps = settle(readings, jumps, &parts, &series.kept);
    if deny(&parts, &steps, &mut series.denied, &mut borders) {
        parts = fit_parts(readings, &series, &borders, options);
        steps = settle(readings, jumps, &parts, &series.kept);
    }
    assemble(readings, options, &series, parts, &steps)
}

/// Takes off readings what is learnt of their delays. Whether there is anything.
fn correct(readings: &Readings, options: &Options, parts: &[Part], series: &mut Series) -> bool {
    let Some(Arrivals { resolution, low, high }) = options.arrivals else {
        return !series.noise.held_up.is_empty() && delay::learn(&residuals(series, parts), &mut series.noise);
    };
    let residuals = residuals(series, parts);
    let host_step = step_of(series.kept.iter().map(|&i| readings.reference[i]));
    let device_step = if resolution > host_step { resolution } else { 0.0 };
    let counts: Vec<f64> = series.kept.iter().map(|&i| readings.counts.get(i).copied().unwrap_or(1.0)).collect();
    arrivals::learn(&residuals, &counts, &Link { host_step, device_step, low, high }, &mut series.noise)
}

fn series(readings: &Readings) -> Series {
    let kept = plausible(readings.device, readings.reference);
    let difference = |i: usize| readings.reference[i] - readings.device[i];
    let (origin, level) = kept.first().map_or((0, 0), |&i| (readings.reference[i], difference(i)));
    let x: Vec<f64> = kept.iter().map(|&i| (readings.reference[i] as f64 - origin as f64) / 1e9).collect();
    let y: Vec<f64> = kept.iter().map(|&i| difference(i).saturating_sub(level) as f64).collect();
    let pick = |values: &[f64]| match values.len() {
        0 => Vec::new(),
        _ => kept.iter().map(|&i| values[i]).collect::<Vec<f64>>(),
    };
    let (round_trips, sigmas) = (pick(readings.round_trips), pick(readings.sigmas));
    let noise = estimate(&Quality { x: &x, y: &y, round_trips: &round_trips, sigmas: &sigmas });
    let denied = vec![false; kept.len()];
    Series { kept, x, y, noise, denied, plain: false }
}

/// Reading minus curve of each explained reading, NaN for others.
fn residuals(series: &Series, parts: &[Part]) -> Vec<f64> {
    let mut residuals = vec![f64::NAN; series.x.len()];
    for part in parts {
        for (&at, &residual) in part.places.iter().zip(&part.fitted.residuals) {
            residuals[at] = residual;
        }
    }
    residuals
}

fn course(series: &Series, start: usize, end: usize) -> Course<'_> {
    Course {
        x: &series.x[start..end],
        y: &series.y[start..end],
        variance: &series.noise.variance[start..end],
        slope: series.noise.slope,
        caution: 1.0,
        hints: &[],
    }
}

/// Fits every stretch: long ones first, whose skew the short ones share.
fn fit_parts(readings: &Readings, series: &Series, borders: &[usize], options: &Options) -> Vec<Part> {
    let mut drafts: Vec<(usize, usize, Draft)> = borders
        .windows(2)
        .filter_map(|pair| draft(readings, series, pair[0], pair[1]).map(|draft| (pair[0], pair[1], draft)))
        .collect();
    let full = if options.arrivals.is_some() { FULL_ARRIVALS } else { FULL };
    let unknown = Prior { skew: 0.0, sigma: options.skew_sigma.clamp(1e-12, 1.0) * 1e9 };
    let short = drafts.iter().any(|(_, _, draft)| draft.points.len() < LONG);
    let longest = drafts.iter().map(|(_, _, draft)| draft.points.len()).max().unwrap_or(0);
    let main = drafts.iter().find(|(_, _, draft)| short && draft.points.len() == longest && longest >= LONG);
    let shared = main
        .and_then(|(_, _, draft)| {
            let ends = (0.0, draft.points.duration());
            stretch::fit(&draft.points, ends, unknown, full).map(|fitted| fitted.curve.mean_skew())
        })
        .map_or(unknown, |skew| Prior { skew, sigma: SAME_CRYSTAL });
    drafts
        .drain(..)
        .filter_map(|(start, end, draft)| {
            let Draft { base, base_offset, places, points } = draft;
            let prior = if points.len() >= LONG { unknown } else { shared };
            let ends = (0.0, points.duration());
            let fitted = stretch::fit(&points, ends, prior, full)?;
            Some(Part { start, end, base, base_offset, places, points, fitted })
        })
        .collect()
}

struct Draft {
    base: i64,
    base_offset: i64,
    places: Vec<usize>,
    points: Points,
}

/// The explained readings of a stretch, by device time.
fn draft(readings: &Readings, series: &Series, start: usize, end: usize) -> Option<Draft> {
    let mut places: Vec<usize> = if series.plain {
        (start..end).collect()
    } else {
        let good = explained(&course(series, start, end), &series.denied[start..end]);
        (start..end).filter(|&at| good[at - start]).collect()
    };
    let device = |at: usize| readings.device[series.kept[at]];
    if places.windows(2).any(|pair| device(pair[0]) > device(pair[1])) {
        places.sort_by_key(|&at| device(at));
    }
    let first = *places.first()?;
    let base = device(first);
    let base_offset = readings.reference[series.kept[first]] - base;
    let shift = |at: usize| series.noise.shift.get(at).copied().unwrap_or(0.0);
    let points = Points {
        x: places.iter().map(|&at| (device(at) - base) as f64 / 1e9).collect(),
        y: places
            .iter()
            .map(|&at| {
                let i = series.kept[at];
                (readings.reference[i] - readings.device[i]).saturating_sub(base_offset) as f64 - shift(at)
            })
            .collect(),
        variance: places.iter().map(|&at| series.noise.variance[at]).collect(),
    };
    Some(Draft { base, base_offset, places, points })
}
