//! Thins a curve to as few knots as straight pieces between them need.

use super::curve::Curve;

/// How far pieces may lie off the nodes of the curve, and off the curve between two nodes, ns.
const OFF_NODES: f64 = 400.0;
const OFF_CURVE: f64 = 300.0;
/// How far off sigma may be, as a share of it.
const OFF_SIGMA: f64 = 0.05;

/// A knot relative to the base of its stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub offset: f64,
    pub skew: f64,
    pub sigma: f64,
    pub skew_sigma: f64,
}

/// The knots of a curve.
pub fn thin(curve: &Curve) -> Vec<Point> {
    let dense = refine(curve);
    let mut kept: Vec<Point> = dense.first().copied().into_iter().collect();
    let mut at = 0;
    while at + 1 < dense.len() {
        at = farthest(&dense, at);
        kept.push(dense[at]);
    }
    kept
}

/// The nodes, and points between those over which the curve bends.
fn refine(curve: &Curve) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(curve.x.len());
    for (index, estimate) in curve.estimates.iter().enumerate() {
        let point = Point {
            x: curve.x[index],
            offset: estimate.offset,
            skew: estimate.skew,
            sigma: estimate.offset_variance.max(0.0).sqrt(),
            skew_sigma: estimate.skew_variance.max(0.0).sqrt(),
        };
        if let Some(before) = points.last().copied() {
            between(curve, &before, &point, &mut points);
        }
        points.push(point);
    }
    points
}

fn between(curve: &Curve, a: &Point, b: &Point, into: &mut Vec<Point>) {
    let run = b.x - a.x;
    let chord = (b.offset - a.offset) / run;
    let bend = (a.skew - chord).abs().max((b.skew - chord).abs()) * run / 4.0;
    let pieces = (bend / OFF_CURVE).sqrt().ceil().clamp(1.0, 64.0) as usize;
    for piece in 1..pieces {
        let t = piece as f64 / pieces as f64;
        let mix = |left: f64, right: f64| (1.0 - t) * left + t * right;
        let x = a.x + t * run;
        into.push(Point {
            x,
            offset: curve.at(x).0,
            skew: mix(a.skew, b.skew),
            sigma: mix(a.sigma, b.sigma),
            skew_sigma: mix(a.skew_sigma, b.skew_sigma),
        });
    }
}

/// The last point up to which one straight piece from `from` is close enough to all between (swinging door).
fn farthest(points: &[Point], from: usize) -> usize {
    let a = points[from];
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let (mut sigma_low, mut sigma_high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut best = from + 1;
    for (index, b) in points.iter().enumerate().skip(from + 1) {
        let run = b.x - a.x;
        let slope = (b.offset - a.offset) / run;
        let sigma_slope = (b.sigma - a.sigma) / run;
        if (low..=high).contains(&slope) && (sigma_low..=sigma_high).contains(&sigma_slope) {
            best = index;
        }
        low = low.max(slope - OFF_NODES / run);
        high = high.min(slope + OFF_NODES / run);
        let off = (OFF_SIGMA * b.sigma + 1.0) / run;
        sigma_low = sigma_low.max(sigma_slope - off);
        sigma_high = sigma_high.min(sigma_slope + off);
        if low > high || sigma_low > sigma_high {
            break;
        }
    }
    best
}
