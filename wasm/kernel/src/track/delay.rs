//! What slow round trips do to readings, learnt from how far those readings lie off.
//!
//! A probe that was held up on one of its two ways errs by half of the extra time, always towards the same side
//! while the same way is the slow one. Where the readings show that, it is taken off, and slow probes count almost
//! as much as quick ones; where they do not, slow probes count as little as their round trip says.

use super::noise::Noise;

/// Chance of having been held up above which a probe counts as slow, and below which as quick.
const SURELY: f64 = 0.9;
const HARDLY: f64 = 0.5;
/// By how many deviations of it the excess of a slow probe exceeds zero.
const SHARPLY: f64 = 3.0;
/// Slow and quick readings that are needed each.
const FEWEST: usize = 24;
/// Parts of a recording that must agree.
const PARTS: usize = 4;
/// Least share of the excess that shows, and how far parts may disagree on it.
const LEAST: f64 = 0.3;
const ALIKE: f64 = 0.4;
/// Scatter about the response that is left, as a share of the typical excess.
const SHARP: f64 = 0.4;
/// Uncertainty of the response, as a share of the excess.
const REST: f64 = 0.02;
/// Share of what is taken off quick readings that may be wrong.
const DOUBT: f64 = 0.4;
/// Rounds of robust regression.
const ROUNDS: usize = 6;

/// A slow reading and how far it lies off.
#[derive(Clone, Copy)]
struct Slow {
    excess: f64,
    off: f64,
}

/// A straight response `level + slope * excess` with the scatter about it.
#[derive(Clone, Copy, Debug)]
struct Response {
    level: f64,
    slope: f64,
    scatter: f64,
}

/// Learns the response from residuals (NaN where there is none) and sets what is to be taken off each reading and
/// how much it scatters then. Whether it did.
pub fn learn(residuals: &[f64], noise: &mut Noise) -> bool {
    let known = |&i: &usize| residuals[i].is_finite() && noise.held_up[i].half.is_finite();
    let readings: Vec<usize> = (0..noise.held_up.len().min(residuals.len())).filter(known).collect();
    let is_slow = |i: usize| noise.held_up[i].chance > SURELY && noise.held_up[i].half > SHARPLY * noise.held_up[i].deviation;
    let slow: Vec<usize> = readings.iter().copied().filter(|&i| is_slow(i)).collect();
    let quick: Vec<usize> = readings.iter().copied().filter(|&i| noise.held_up[i].chance < HARDLY).collect();
    if slow.len() < FEWEST * PARTS || quick.len() < FEWEST {
        return false;
    }
    let point = |&i: &usize| Slow { excess: noise.held_up[i].half, off: residuals[i] };
    let points: Vec<Slow> = slow.iter().map(point).collect();
    let Some(all) = response(&points) else { return false };
    if !steady(&points, &all) {
        return false;
    }
    let rest: Vec<f64> = quick.iter().map(|&i| residuals[i] - all.slope * noise.held_up[i].half).collect();
    let level = all.level - centre(&rest);
    let (fast, late) = (quick.len() as f64, slow.len() as f64);
    let chance = (noise.base / fast + all.scatter * all.scatter / late).sqrt() * 1.2 * late / readings.len() as f64;
    let doubtful = all.slope * quick.iter().map(|&i| noise.held_up[i].half).sum::<f64>() / fast;
    noise.systematic = chance.hypot(DOUBT * doubtful);
    take_off(noise, level, &all);
    true
}

/// Sets the shift of each reading and its scatter.
fn take_off(noise: &mut Noise, level: f64, all: &Response) {
    let unknown = |i: usize| !noise.held_up[i].half.is_finite();
    noise.shift = (0..noise.held_up.len())
        .map(|i| if unknown(i) { 0.0 } else { noise.held_up[i].chance * level + all.slope * noise.held_up[i].half })
        .collect();
    for (said, variance) in noise.held_up.iter().zip(&mut noise.variance).filter(|(said, _)| said.half.is_finite()) {
        let fuzzy = all.slope * said.deviation;
        *variance = noise.base + fuzzy * fuzzy + REST * REST * said.half * said.half;
    }
}

/// Whether the response is sharp and the same in all parts of the recording.
fn steady(points: &[Slow], all: &Response) -> bool {
    let parts = points.chunks(points.len().div_ceil(PARTS)).map(response);
    let alike = parts.into_iter().all(|part| part.is_some_and(|part| (part.slope - all.slope).abs() < ALIKE));
    let mut sizes: Vec<f64> = points.iter().map(|point| point.excess).collect();
    alike && all.slope.abs() > LEAST && all.scatter < SHARP * median(&mut sizes)
}

/// Robust straight line.
fn response(points: &[Slow]) -> Option<Response> {
    if points.len() < FEWEST / 2 {
        return None;
    }
    let mut line = rough(points);
    for _ in 0..ROUNDS {
        let mut sizes: Vec<f64> = points.iter().map(|p| (p.off - line.level - line.slope * p.excess).abs()).collect();
        line.scatter = 1.4826 * median(&mut sizes);
        line = improved(points, &line)?;
    }
    Some(line)
}

/// A line through the medians of the slower and the quicker half.
fn rough(points: &[Slow]) -> Response {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.excess.total_cmp(&b.excess));
    let (low, high) = sorted.split_at(sorted.len() / 2);
    let middle = |some: &[Slow]| {
        let mut excess: Vec<f64> = some.iter().map(|p| p.excess).collect();
        let mut off: Vec<f64> = some.iter().map(|p| p.off).collect();
        (median(&mut excess), median(&mut off))
    };
    let ((xa, ya), (xb, yb)) = (middle(low), middle(high));
    let slope = if xb > xa { (yb - ya) / (xb - xa) } else { 0.0 };
    Response { level: ya - slope * xa, slope, scatter: 0.0 }
}

/// Weighted least squares with biweights about a line.
fn improved(points: &[Slow], line: &Response) -> Option<Response> {
    let limit = (6.0 * line.scatter).max(1.0);
    let [mut s, mut sx, mut sy, mut sxx, mut sxy] = [0.0; 5];
    for p in points {
        let ratio = (p.off - line.level - line.slope * p.excess) / limit;
        let weight = if ratio.abs() < 1.0 { (1.0 - ratio * ratio) * (1.0 - ratio * ratio) } else { 0.0 };
        s += weight;
        sx += weight * p.excess;
        sy += weight * p.off;
        sxx += weight * p.excess * p.excess;
        sxy += weight * p.excess * p.off;
    }
    let determinant = s * sxx - sx * sx;
    if !(determinant > 1e-12 * s * sxx) {
        return None;
    }
    let slope = (s * sxy - sx * sy) / determinant;
    Some(Response { level: (sy - slope * sx) / s, slope, ..*line })
}

/// Mean of values without those far off.
fn centre(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    let middle = median(&mut sorted);
    let mut sizes: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    let limit = 3.0 * 1.4826 * median(&mut sizes);
    let near: Vec<f64> = values.iter().copied().filter(|value| (value - middle).abs() <= limit).collect();
    near.iter().sum::<f64>() / near.len().max(1) as f64
}

fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
