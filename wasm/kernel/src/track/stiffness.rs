//! How much the skew of a clock wanders, told by the readings themselves.
//!
//! The wander is compared by marginal likelihood on a scale of time constants, from longer than the stretch to
//! about the spacing of its readings, and against none at all, which makes the curve a line. A long stretch is
//! compared on means of long blocks first: only where they show a quick wander are shorter ones needed.

use super::blocks::{blocks, with_gaps, Points};
use super::curve::Curve;
use super::weights::local_slope;
use super::filter::{likelihood, smooth, Estimate, Node, Prior};

/// Wanders that are compared.
const CANDIDATES: usize = 20;
/// Wanders that are compared once it is known about where they lie.
const REFINED: usize = 8;
/// Blocks of which all wanders are compared quickly enough.
const FEW: usize = 2048;
/// Pairs of neighbours that are looked at.
const PAIRS: usize = 8192;
/// Blocks of the first comparison.
const COARSE: f64 = 1024.0;
/// A time constant of at least this many blocks is not hurt by them.
const SMOOTH: f64 = 8.0;
/// Blocks that scatter by more than this factor beyond their readings hide a quick wander.
const HIDDEN: f64 = 1.3;
/// Wanders that are less likely than the best by this factor do not count.
const NEGLIGIBLE: f64 = 1e-2;
/// How likely a clock is to run straight, beforehand.
const STRAIGHT: f64 = 0.5;

/// A wander, how likely it is, and the factor by which variances are too small under it.
#[derive(Clone, Copy, Debug)]
pub struct Wander {
    pub q: f64,
    pub weight: f64,
    pub scale: f64,
}

/// What explains a stretch: wanders with their shares, and blocks that are short enough for them.
#[derive(Clone, Debug)]
pub struct Choice {
    pub wanders: Vec<Wander>,
    pub nodes: Vec<Node>,
    /// Length of the blocks in s, 0 where each reading is one.
    pub length: f64,
}

/// Compares wanders on blocks as long as they may be. None when no reading has weight.
pub fn choose(points: &Points, weights: &[f64], prior: &Prior) -> Option<Choice> {
    let duration = points.duration();
    let spacing = (duration / points.len().max(2) as f64).max(1e-6);
    let blocked = |length: f64| if length < 2.0 * spacing { 0.0 } else { length };
    let mut length = blocked(duration / COARSE);
    let mut longest = 2.0 * duration;
    let mut count = CANDIDATES;
    let near = neighbour_scale(points, weights);
    loop {
        let nodes = blocks(points, weights, length);
        if nodes.is_empty() {
            return None;
        }
        let shortest = 3.0 * length.max(spacing);
        let wanders = compare(&nodes, (shortest, longest.max(2.0 * shortest)), count, prior);
        let quickest = wanders.iter().map(|wander| wander.q).fold(0.0, f64::max);
        let constant = time_constant(&nodes, quickest);
        let hidden = wanders.iter().any(|wander| wander.scale > HIDDEN * near);
        if length <= 0.0 || (constant > SMOOTH * length && !hidden) {
            return Some(Choice { wanders, nodes, length });
        }
        longest = if hidden { 16.0 * length } else { 8.0 * constant };
        length = blocked((constant / (2.0 * SMOOTH)).min(length / 4.0));
        count = REFINED;
    }
}

/// Compares wanders near those of an earlier choice, on blocks of the same length, with other weights.
pub fn refine(points: &Points, weights: &[f64], prior: &Prior, before: &Choice) -> Option<Choice> {
    let nodes = blocks(points, weights, before.length);
    if nodes.is_empty() {
        return None;
    }
    let constants = before.wanders.iter().map(|wander| time_constant(&before.nodes, wander.q));
    let curved: Vec<f64> = constants.filter(|constant| constant.is_finite()).collect();
    if curved.is_empty() || nodes.len() <= FEW {
        return choose(points, weights, prior);
    }
    let shortest = curved.iter().copied().fold(f64::INFINITY, f64::min) / 1.5;
    let longest = curved.iter().copied().fold(0.0, f64::max) * 1.5;
    let wanders = compare(&nodes, (shortest, longest), REFINED, prior);
    Some(Choice { wanders, nodes, length: before.length })
}

/// By what factor neighbouring readings scatter about each other beyond their variances.
fn neighbour_scale(points: &Points, weights: &[f64]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    let slope = local_slope(&points.x, &points.y);
    let stride = points.len().div_ceil(PAIRS).max(1);
    for i in (1..points.len()).step_by(stride).filter(|&i| weights[i] > 0.0 && weights[i - 1] > 0.0) {
        let change = points.y[i] - points.y[i - 1] - slope * (points.x[i] - points.x[i - 1]);
        sum += change * change / (points.variance[i] / weights[i] + points.variance[i - 1] / weights[i - 1]);
        total += 1.0;
    }
    if total > 0.0 { sum / total } else { 1.0 }
}

/// What readings weigh per second.
fn density(nodes: &[Node]) -> f64 {
    let duration = nodes[nodes.len() - 1].x - nodes[0].x;
    nodes.iter().map(|node| node.weight).sum::<f64>() / duration.max(1e-3)
}

/// Over what time the smoother averages, in s.
fn time_constant(nodes: &[Node], q: f64) -> f64 {
    if q > 0.0 { (density(nodes) * q).powf(-0.25) } else { f64::INFINITY }
}

/// The likely wanders between two time constants, and none.
fn compare(nodes: &[Node], (shortest, longest): (f64, f64), count: usize, prior: &Prior) -> Vec<Wander> {
    let dense = density(nodes);
    let step = (longest / shortest).ln() / (count - 1) as f64;
    let curved = (0..count).map(|index| {
        let constant = shortest * (step * index as f64).exp();
        (1.0 / (dense * constant.powi(4)), (1.0 - STRAIGHT) / count as f64)
    });
    let candidates: Vec<(f64, f64)> = core::iter::once((0.0, STRAIGHT)).chain(curved).collect();
    let judged: Vec<(f64, f64, f64)> = candidates
        .iter()
        .map(|&(q, before)| {
            let found = likelihood(nodes, q, prior);
            (q, found.log + before.ln(), found.scale)
        })
        .collect();
    let best = judged.iter().map(|&(_, log, _)| log).fold(f64::NEG_INFINITY, f64::max);
    let mut wanders: Vec<Wander> = judged
        .iter()
        .map(|&(q, log, scale)| Wander { q, weight: (log - best).exp(), scale })
        .filter(|wander| wander.weight > NEGLIGIBLE)
        .collect();
    let total: f64 = wanders.iter().map(|wander| wander.weight).sum();
    wanders.iter_mut().for_each(|wander| wander.weight /= total);
    wanders
}

/// The mean of the curves of all likely wanders; its variance includes how far they differ.
pub fn average(choice: &Choice, ends: (f64, f64), prior: &Prior) -> Curve {
    let nodes = with_gaps(&choice.nodes, ends.0, ends.1);
    let mut mean = vec![Estimate::default(); nodes.len()];
    let mut squares = vec![(0.0, 0.0); nodes.len()];
    let mut first: Vec<Estimate> = Vec::new();
    for wander in &choice.wanders {
        let curve = smooth(&nodes, wander.q, prior);
        let share = wander.weight;
        if first.is_empty() {
            first = curve.clone();
        }
        for (index, one) in curve.iter().enumerate() {
            let (by, turn) = (one.offset - first[index].offset, one.skew - first[index].skew);
            let sum = &mut mean[index];
            sum.offset += share * by;
            sum.skew += share * turn;
            sum.offset_variance += share * wander.scale * one.offset_variance;
            sum.skew_variance += share * wander.scale * one.skew_variance;
            squares[index].0 += share * by * by;
            squares[index].1 += share * turn * turn;
        }
    }
    for (index, sum) in mean.iter_mut().enumerate() {
        sum.offset_variance += (squares[index].0 - sum.offset * sum.offset).max(0.0);
        sum.skew_variance += (squares[index].1 - sum.skew * sum.skew).max(0.0);
        sum.offset += first[index].offset;
        sum.skew += first[index].skew;
    }
    Curve { x: nodes.iter().map(|node| node.x).collect(), estimates: mean }
}
