//! How much each reading counts, by its distance from a course that outliers do not bend: fully where normal scatter
//! explains it, then ever less by Tukey's biweight. That all normal readings count alike keeps the fit as good as
//! least squares and its stated uncertainty right, both of which a biweight from the middle on would cost. Arrivals,
//! whose delays have a long tail on one side, are weighed from the middle on.

use super::blocks::Points;

/// Robust deviations up to which readings count fully: those that scatter normally, and arrivals.
pub const FULL: f64 = 3.0;
pub const FULL_ARRIVALS: f64 = 0.0;
/// Robust deviations from which on they do not count.
const FARTHEST: f64 = 6.0;
/// Readings of which a median is taken.
const GROUP: usize = 16;
/// Readings of which a median is taken where there are many that scatter alike, and every which of those.
const LARGE_GROUP: usize = 32;
const SPARSE: usize = 4;
/// Readings that are many.
const MANY: usize = 1 << 14;
/// A normal deviation over the median of its size.
const NORMAL: f64 = 1.4826;
/// Readings that a robust deviation is taken from at most.
const SAMPLE: usize = 8192;

/// Weights of residuals, given what each is expected to scatter and up to how many deviations it counts fully.
pub fn weigh(residuals: &[f64], variance: &[f64], full: f64) -> Vec<f64> {
    let scale = deviation(residuals, variance);
    residuals.iter().zip(variance).map(|(off, variance)| weight(off * off / (variance * scale), full)).collect()
}

/// Weight by the square of the distance in robust deviations.
fn weight(square: f64, full: f64) -> f64 {
    if square <= full * full {
        return 1.0;
    }
    if !(square < FARTHEST * FARTHEST) {
        return 0.0;
    }
    let part = (square.sqrt() - full) / (FARTHEST - full);
    let left = 1.0 - part * part;
    left * left
}

/// Robust mean square of residuals in units of their variance, no less than a tenth.
fn deviation(residuals: &[f64], variance: &[f64]) -> f64 {
    let stride = residuals.len().div_ceil(SAMPLE).max(1);
    let mut sizes: Vec<f64> = residuals
        .iter()
        .zip(variance)
        .step_by(stride)
        .map(|(off, variance)| off * off / variance)
        .collect();
    let middle = sizes.len() / 2;
    if sizes.is_empty() {
        return 1.0;
    }
    let (_, median, _) = sizes.select_nth_unstable_by(middle, f64::total_cmp);
    (NORMAL * NORMAL * *median).clamp(0.1, 1e6)
}

/// Distance of each reading from lines between the weighted medians of groups of neighbours.
pub fn rough_residuals(points: &Points, slope: f64) -> Vec<f64> {
    let count = points.len();
    let alike = count > MANY && points.variance.iter().all(|&variance| variance == points.variance[0]);
    let centres = if alike { centres(points, slope, LARGE_GROUP, SPARSE) } else { centres(points, slope, GROUP, 1) };
    let mut residuals = Vec::with_capacity(count);
    let mut start = 0;
    for (at, &(xa, ya)) in centres.iter().enumerate() {
        // The last line holds to the end.
        let next = centres.get(at + 1);
        let is_last = at + 2 >= centres.len();
        let end = next.filter(|_| !is_last).map_or(count, |&(xb, _)| start + points.x[start..].partition_point(|&x| x <= xb));
        let (xb, yb) = next.copied().unwrap_or((xa, ya));
        let per = if xb > xa { 1.0 / (xb - xa) } else { 0.0 };
        residuals.extend(points.x[start..end].iter().zip(&points.y[start..end]).map(|(x, y)| {
            y - slope * x - (ya + ((x - xa) * per).clamp(0.0, 1.0) * (yb - ya))
        }));
        start = end;
        if is_last {
            break;
        }
    }
    residuals
}

/// Middles and weighted medians of groups of neighbours, of every so manieth of each.
fn centres(points: &Points, slope: f64, group: usize, every: usize) -> Vec<(f64, f64)> {
    let count = points.len();
    let group = group.min((count / 3).max(1));
    let mut centres: Vec<(f64, f64)> = Vec::with_capacity(count / group + 1);
    let mut some: Vec<(f64, f64)> = Vec::with_capacity(2 * group);
    let mut start = 0;
    while start < count {
        let end = if count - start < 2 * group { count } else { start + group };
        some.clear();
        let chosen = (start..end).step_by(every);
        some.extend(chosen.map(|i| (points.y[i] - slope * points.x[i], 1.0 / points.variance[i])));
        let x = 0.5 * (points.x[start] + points.x[end - 1]);
        centres.push((x, weighted_median(&mut some)));
        start = end;
    }
    centres
}

/// The value on either side of which half of the weight lies.
fn weighted_median(values: &mut [(f64, f64)]) -> f64 {
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * values.iter().map(|&(_, weight)| weight).sum::<f64>();
    let mut sum = 0.0;
    for &(value, weight) in values.iter() {
        sum += weight;
        if sum >= half {
            return value;
        }
    }
    values.last().map_or(0.0, |&(value, _)| value)
}

/// Typical slope between near readings, which steps and outliers do not affect, and its robust spread.
pub fn local_slope(x: &[f64], y: &[f64]) -> f64 {
    let lag = 2.min(x.len().saturating_sub(1));
    if lag == 0 {
        return 0.0;
    }
    let stride = x.len().div_ceil(SAMPLE).max(1);
    let mut slopes: Vec<f64> = (lag..x.len())
        .step_by(stride)
        .filter(|&i| x[i] > x[i - lag])
        .map(|i| (y[i] - y[i - lag]) / (x[i] - x[i - lag]))
        .collect();
    if slopes.is_empty() {
        return 0.0;
    }
    let middle = slopes.len() / 2;
    *slopes.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn normal_readings_count_fully_and_outliers_do_not() {
        let mut random = Random::new(8);
        let variance = vec![4.0; 2000];
        let mut residuals: Vec<f64> = (0..2000).map(|_| 2.0 * random.normal()).collect();
        let lost: f64 = 1.0 - weigh(&residuals, &variance, FULL).iter().sum::<f64>() / 2000.0;
        assert!(lost < 1e-3, "{lost}");
        (0..100).for_each(|i| residuals[i] = 100.0);
        let weights = weigh(&residuals, &variance, FULL);
        assert!(weights[..100].iter().all(|&weight| weight == 0.0));
        assert!(weights[100..].iter().sum::<f64>() > 1895.0);
    }

    #[test]
    fn weights_fall_steadily_to_nothing() {
        let at = |distance: f64| weight(distance * distance, FULL);
        assert_eq!((at(3.0), at(6.0), at(f64::INFINITY), at(f64::NAN)), (1.0, 0.0, 0.0, 0.0));
        assert!((at(4.5) - 0.5625).abs() < 1e-12);
        assert!((0..600).all(|i| at(f64::from(i) / 100.0) >= at(f64::from(i + 1) / 100.0)));
    }
}
