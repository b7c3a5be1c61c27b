//! Puts fitted stretches together to a model, with what became of every reading.

use super::borders::Border;
use super::check::{judge, Check};
use super::fit::{Part, Series};
use super::knots::{thin, Point};
use super::model::{Fit, Knot, Options, Readings, Segment, Step, Verdict};
use super::stretch;

/// Least skew wander of any crystal beyond what its readings show, ns/s: 0.1 ppm.
const WANDER: f64 = 100.0;
/// What is beyond any delay, ns.
const NO_DELAY: f64 = 60e9;

/// The model that fitted parts make.
pub fn assemble(
    readings: &Readings,
    options: &Options,
    series: &Series,
    mut parts: Vec<Part>,
    borders: &[Border],
) -> Fit {
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
    join(options, borders, &mut fit);
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
    let shift = |at: usize| series.noise.shift.get(at).copied().unwrap_or(0.0);
    for (index, &at) in part.places.iter().enumerate() {
        let i = series.kept[at];
        fit.residuals[i] = part.fitted.residuals[index];
        if part.fitted.weights[index] > 0.0 {
            fit.verdicts[i] = Verdict::Used;
        }
    }
    for at in if first { 0 } else { part.start }..part.end {
        let i = series.kept[at];
        fit.sigmas[i] = (part.fitted.scale * series.noise.variance[at]).sqrt();
        if fit.verdicts[i] == Verdict::Used {
            continue;
        }
        if fit.residuals[i].is_nan() {
            let x = readings.device[i].saturating_sub(part.base) as f64 / 1e9;
            let y = (readings.reference[i] - readings.device[i]).saturating_sub(part.base_offset) as f64;
            fit.residuals[i] = y - shift(at) - part.fitted.curve.at(x).0;
        }
        fit.verdicts[i] = rejection(series, at, fit.residuals[i]);
    }
}

/// Why a reading does not count.
fn rejection(series: &Series, at: usize, residual: f64) -> Verdict {
    let held_up = series.noise.held_up.get(at).map_or(f64::NAN, |said| said.half);
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
    Segment { from, to, first_row: 0.0, knots }
}

/// Lets stretches reach to the steps between them, and the outermost in time over the span: of a clock that was set
/// back, the last stretch can hold the earliest times.
fn join(options: &Options, borders: &[Border], fit: &mut Fit) {
    for (index, border) in borders.iter().enumerate() {
        let before = &mut fit.segments[index];
        before.to = before.to.max(border.to);
        let after = &mut fit.segments[index + 1];
        after.from = after.from.min(border.from);
        after.first_row = border.row;
        fit.steps.push(Step { at: border.from, change: border.change, in_host: border.in_host });
    }
    let Some((first, last)) = options.span else { return };
    if let Some(segment) = fit.segments.iter_mut().min_by_key(|segment| segment.from) {
        segment.from = segment.from.min(first);
    }
    if let Some(segment) = fit.segments.iter_mut().max_by_key(|segment| segment.to) {
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
    fit.drift = part.fitted.curve.mean_skew() / 1e9;
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
