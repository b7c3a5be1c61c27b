//! The whole way from readings to a model.

use super::blocks::Points;
use super::check::{judge, Check};
use super::delay::learn;
use super::filter::Prior;
use super::knots::{thin, Point};
use super::model::{Fit, Knot, Options, Readings, Segment, Step, Verdict};
use super::noise::{estimate, Noise, Quality};
use super::steps::{explained, find, Course};
use super::stretch::{self, Stretch};
use super::gate::plausible;

/// Least skew wander of any crystal beyond what its readings show, ns/s: 0.1 ppm.
const WANDER: f64 = 100.0;
/// What the skew of a short stretch may differ from that of a long one, ns/s.
const SAME_CRYSTAL: f64 = 2e3;
/// Readings of a stretch that tells its own skew.
const LONG: usize = 12;
/// What is beyond any delay, ns.
const NO_DELAY: f64 = 60e9;

/// Plausible readings in seconds and ns, in file order.
struct Series {
    /// Place of each among all readings.
    kept: Vec<usize>,
    x: Vec<f64>,
    y: Vec<f64>,
    noise: Noise,
}

/// A stretch of the series with its fit.
struct Part {
    /// Range of the series.
    start: usize,
    end: usize,
    base: i64,
    base_offset: i64,
    /// Place in the series of each point, by device time.
    places: Vec<usize>,
    points: Points,
    fitted: Stretch,
}

/// Fits the clock of the device against the reference.
pub fn fit(readings: &Readings, options: &Options) -> Fit {
    let mut series = series(readings);
    let mut borders = find(&course(&series, 0, series.x.len()));
    borders.push(series.x.len());
    let mut parts = fit_parts(readings, &series, &borders, options);
    if !series.noise.excess.is_empty() && learn(&residuals(&series, &parts), &mut series.noise) {
        let Series { y, noise, .. } = &mut series;
        y.iter_mut().zip(&noise.shift).for_each(|(y, shift)| *y -= shift);
        parts = fit_parts(readings, &series, &borders, options);
    }
    assemble(readings, options, &series, parts)
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
    Series { kept, x, y, noise }
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
    }
}

/// Fits every stretch: long ones first, whose skew the short ones share.
fn fit_parts(readings: &Readings, series: &Series, borders: &[usize], options: &Options) -> Vec<Part> {
    let mut drafts: Vec<(usize, usize, Draft)> = borders
        .windows(2)
        .filter_map(|pair| draft(readings, series, pair[0], pair[1]).map(|draft| (pair[0], pair[1], draft)))
        .collect();
    let unknown = Prior { skew: 0.0, sigma: options.skew_sigma.clamp(1e-12, 1.0) * 1e9 };
    let longest = drafts.iter().map(|(_, _, draft)| draft.points.len()).max().unwrap_or(0);
    let main = drafts.iter().find(|(_, _, draft)| draft.points.len() == longest && longest >= LONG);
    let shared = main
        .and_then(|(_, _, draft)| {
            let ends = (0.0, draft.points.duration());
            stretch::fit(&draft.points, ends, unknown).map(|fitted| mean_skew(&fitted))
        })
        .map_or(unknown, |skew| Prior { skew, sigma: SAME_CRYSTAL });
    drafts
        .drain(..)
        .filter_map(|(start, end, draft)| {
            let Draft { base, base_offset, places, points } = draft;
            let prior = if points.len() >= LONG { unknown } else { shared };
            let ends = (0.0, points.duration());
            let fitted = stretch::fit(&points, ends, prior)?;
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
    let good = explained(&course(series, start, end));
    let mut places: Vec<usize> = (start..end).filter(|&at| good[at - start]).collect();
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

fn mean_skew(fitted: &Stretch) -> f64 {
    let curve = &fitted.curve;
    match (curve.estimates.first(), curve.estimates.last()) {
        (Some(first), Some(last)) if curve.x.len() > 1 => {
            (last.offset - first.offset) / (curve.x[curve.x.len() - 1] - curve.x[0])
        }
        (Some(first), _) => first.skew,
        _ => 0.0,
    }
}

fn assemble(readings: &Readings, options: &Options, series: &Series, mut parts: Vec<Part>) -> Fit {
    let check = check(&parts);
    let systematic = series.noise.systematic;
    parts.iter_mut().for_each(|part| part.fitted.curve.widen(check.widened, systematic));
    let count = readings.device.len();
    let mut fit = Fit {
        segments: Vec::new(),
        steps: Vec::new(),
        verdicts: vec![Verdict::Garbage; count],
        residuals: vec![f64::NAN; count],
        sigmas: vec![f64::NAN; count],
        check,
        drift: 0.0,
        drift_sigma: f64::INFINITY,
        rms: f64::NAN,
    };
    for (index, part) in parts.iter().enumerate() {
        audit(readings, series, part, index == 0, &mut fit);
        fit.segments.push(segment(part));
    }
    join_borders(readings, options, series, &parts, &mut fit);
    summarise(&parts, &mut fit);
    fit
}

fn check(parts: &[Part]) -> Check {
    let mut held_out = Vec::new();
    let mut residuals = Vec::new();
    for Part { points, fitted, .. } in parts {
        held_out.extend(stretch::held_out(points, fitted));
        let used = (0..points.len()).filter(|&index| fitted.weights[index] > 0.0);
        residuals.extend(used.map(|index| fitted.residuals[index] / points.variance[index].sqrt()));
    }
    judge(&held_out, &residuals)
}

/// Says of each reading of a part what became of it.
fn audit(readings: &Readings, series: &Series, part: &Part, first: bool, fit: &mut Fit) {
    let scale = part.fitted.scale;
    let shift = |at: usize| series.noise.shift.get(at).copied().unwrap_or(0.0);
    for at in if first { 0 } else { part.start }..part.end {
        let i = series.kept[at];
        let x = readings.device[i].saturating_sub(part.base) as f64 / 1e9;
        let y = (readings.reference[i] - readings.device[i]).saturating_sub(part.base_offset) as f64;
        let residual = y - shift(at) - part.fitted.curve.at(x).0;
        fit.residuals[i] = residual;
        fit.sigmas[i] = (scale * series.noise.variance[at]).sqrt();
        fit.verdicts[i] = rejection(series, at, residual);
    }
    for (index, &at) in part.places.iter().enumerate() {
        if part.fitted.weights[index] > 0.0 {
            fit.verdicts[series.kept[at]] = Verdict::Used;
        }
    }
}

/// Why a reading does not count.
fn rejection(series: &Series, at: usize, residual: f64) -> Verdict {
    let held_up = series.noise.excess.get(at).copied().unwrap_or(f64::NAN);
    if !(residual.abs() < NO_DELAY) {
        Verdict::Garbage
    } else if residual > 0.0 || held_up > 0.5 * residual.abs() {
        Verdict::Late
    } else {
        Verdict::Outlier
    }
}

fn segment(part: &Part) -> Segment {
    let knot = |point: &Point| Knot {
        device: part.base.saturating_add((point.x * 1e9).round() as i64),
        offset: part.base_offset.saturating_add(point.offset.round() as i64),
        skew: point.skew / 1e9,
        sigma: point.sigma,
        skew_sigma: point.skew_sigma.hypot(WANDER) / 1e9,
    };
    let mut knots: Vec<Knot> = thin(&part.fitted.curve).iter().map(knot).collect();
    knots.dedup_by(|next, kept| next.device <= kept.device);
    let (from, to) = (knots[0].device, knots[knots.len() - 1].device);
    Segment { from, to, first_row: f64::NAN, knots }
}

/// Lets stretches reach to the steps between them, and the outer ones over the span.
fn join_borders(readings: &Readings, options: &Options, series: &Series, parts: &[Part], fit: &mut Fit) {
    for index in 1..parts.len() {
        let (left, right) = (&parts[index - 1], &parts[index]);
        let last = series.kept[left.places.iter().copied().max().unwrap_or(left.start)];
        let first = series.kept[right.places.iter().copied().min().unwrap_or(right.start)];
        let gap = readings.reference[first].saturating_sub(readings.reference[last]).max(0) / 2;
        let before = &mut fit.segments[index - 1];
        before.to = before.to.max(readings.device[last].saturating_add(gap));
        let at = readings.device[first].saturating_sub(gap);
        let after = &mut fit.segments[index];
        after.from = after.from.min(at);
        let row = |i: usize| readings.rows.get(i).copied().unwrap_or(f64::NAN);
        after.first_row = (0.5 * (row(last) + row(first))).round();
        let x = |part: &Part| readings.device[first].saturating_sub(part.base) as f64 / 1e9;
        let expected = left.fitted.curve.at(left.points.duration() + 2.0 * gap as f64 / 1e9).0;
        let change = (right.base_offset as f64 - left.base_offset as f64)
            + right.fitted.curve.at(x(right)).0
            - expected;
        fit.steps.push(Step { at, change, in_host: false });
    }
    let Some((first, last)) = options.span else { return };
    if let Some(segment) = fit.segments.first_mut() {
        segment.first_row = 0.0;
        segment.from = segment.from.min(first);
    }
    if let Some(segment) = fit.segments.last_mut() {
        segment.to = segment.to.max(last);
    }
}

fn summarise(parts: &[Part], fit: &mut Fit) {
    let (mut squares, mut used) = (0.0, 0.0);
    for (residual, verdict) in fit.residuals.iter().zip(&fit.verdicts) {
        if *verdict == Verdict::Used {
            squares += residual * residual;
            used += 1.0;
        }
    }
    fit.rms = (squares / used).sqrt();
    let longest = parts.iter().max_by(|a, b| a.points.duration().total_cmp(&b.points.duration()));
    let Some(part) = longest else { return };
    fit.drift = mean_skew(&part.fitted) / 1e9;
    let curve = &part.fitted.curve;
    let ends = [curve.estimates[0], curve.estimates[curve.x.len() - 1]];
    let run = part.points.duration();
    let sigma = if run > 0.0 {
        (ends[0].offset_variance + ends[1].offset_variance).sqrt() / run
    } else {
        f64::INFINITY
    };
    fit.drift_sigma = sigma.min(ends[0].skew_variance.sqrt()) / 1e9;
}
