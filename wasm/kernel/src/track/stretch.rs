//! The course of a clock between two steps.

use super::blocks::{blocks, Points};
use super::curve::Curve;
use super::filter::{smooth, Prior};
use super::stiffness::{average, choose, refine, Choice};
use super::weights::{local_slope, rough_residuals, weigh};

/// Each so manieth reading is held out to check the curve.
const HOLD_OUT: usize = 10;

/// Readings of which one round of weights is good enough.
const MANY: usize = 1 << 14;

/// A fitted stretch.
pub struct Stretch {
    pub curve: Curve,
    pub weights: Vec<f64>,
    /// Reading minus curve, ns.
    pub residuals: Vec<f64>,
    /// Factor by which the variances of the readings were too small.
    pub scale: f64,
    choice: Choice,
    prior: Prior,
}

/// Fits readings, of which those within `full` robust deviations count fully; the curve reaches over `ends` as well.
/// None when there are none.
pub fn fit(points: &Points, ends: (f64, f64), prior: Prior, full: f64) -> Option<Stretch> {
    if points.len() == 0 {
        return None;
    }
    let slope = local_slope(&points.x, &points.y);
    let mut residuals = rough_residuals(points, slope);
    let mut weights = weigh(&residuals, &points.variance, full);
    let mut choice = choose(points, &weights, &prior)?;
    if points.len() <= MANY {
        residuals = residuals_of(points, &average(&choice, ends, &prior));
        weights = weigh(&residuals, &points.variance, full);
        choice = refine(points, &weights, &prior, &choice)?;
    }
    let curve = average(&choice, ends, &prior);
    residuals = residuals_of(points, &curve);
    let scale = choice.wanders.iter().map(|wander| wander.weight * wander.scale).sum();
    Some(Stretch { curve, weights, residuals, scale, choice, prior })
}

fn residuals_of(points: &Points, curve: &Curve) -> Vec<f64> {
    let offsets = curve.offsets(&points.x);
    points.y.iter().zip(&offsets).map(|(y, offset)| y - offset).collect()
}

/// Residuals of readings that the curve did not see, over what they are expected to be.
pub fn held_out(points: &Points, stretch: &Stretch) -> Vec<f64> {
    let seen: Vec<f64> = stretch
        .weights
        .iter()
        .enumerate()
        .map(|(index, &weight)| if index % HOLD_OUT == HOLD_OUT / 2 { 0.0 } else { weight })
        .collect();
    let nodes = blocks(points, &seen, stretch.choice.length);
    let likely = stretch.choice.wanders.iter().copied().max_by(|a, b| a.weight.total_cmp(&b.weight));
    let Some(wander) = likely.filter(|_| nodes.len() > 2) else { return Vec::new() };
    let curve = Curve {
        x: nodes.iter().map(|node| node.x).collect(),
        estimates: smooth(&nodes, wander.q, &stretch.prior),
    };
    (HOLD_OUT / 2..points.len())
        .step_by(HOLD_OUT)
        .filter(|&index| stretch.weights[index] > 0.0)
        .map(|index| {
            let (offset, variance) = curve.at(points.x[index]);
            (points.y[index] - offset) / (wander.scale * (variance + points.variance[index])).sqrt()
        })
        .collect()
}
