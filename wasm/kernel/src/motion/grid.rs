//! Samples at irregular times, brought onto a regular grid and freed of gravity and of what lies beyond motion.

use super::spikes::usable;
use crate::fft::Fft;
use core::f64::consts::{PI, TAU};

/// Samples of the grid per second: far above what hands and bodies do.
pub const GRID_HZ: f64 = 128.0;
/// Gravity and slow tilt lie below.
const LOW_HZ: f64 = 0.5;
/// Motion lies below.
const HIGH_HZ: f64 = 20.0;
/// Share of the sample rate up to which samples show a movement as it was.
const USABLE_BAND: f64 = 0.4;
/// Samples further apart than this many periods have a gap between them.
const GAP_PERIODS: f64 = 3.5;
/// Samples closer than this share of a period are merged: a curve through both would swing wildly.
const TOO_CLOSE: f64 = 0.25;

/// Samples of one sensor about a window, times in seconds from a common origin.
#[derive(Clone, Copy)]
pub struct Samples<'a> {
    pub times: &'a [f64],
    pub axes: [&'a [f64]; 3],
}

/// Samples that can be used, in order.
struct Clean {
    times: Vec<f64>,
    axes: [Vec<f64>; 3],
    period: f64,
}

/// A stretch of a sensor's motion on the grid: one complex spectrum for each axis, and where it was measured.
pub struct GridMotion {
    pub re: [Vec<f64>; 3],
    pub im: [Vec<f64>; 3],
    /// 1 where the grid lies between neighbouring samples, else 0.
    pub mask: Vec<f64>,
}

fn clean(samples: &Samples) -> Option<Clean> {
    let length = samples.axes.iter().fold(samples.times.len(), |least, axis| least.min(axis.len()));
    let vector = |i: usize| samples.axes.map(|axis| axis[i]);
    let given: Vec<usize> = (0..length)
        .filter(|&i| samples.times[i].is_finite() && vector(i).iter().all(|v| v.is_finite()))
        .collect();
    let period = median_period(&given.iter().map(|&i| samples.times[i]).collect::<Vec<f64>>())?;
    let mut found = Clean { times: Vec::new(), axes: Default::default(), period };
    for around in given.windows(5) {
        let i = around[2];
        let five = [around[0], around[1], around[2], around[3], around[4]].map(vector);
        let close = found.times.last().is_some_and(|last| samples.times[i] - last < TOO_CLOSE * period);
        if close || !usable(&five) {
            continue;
        }
        found.times.push(samples.times[i]);
        for axis in 0..3 {
            found.axes[axis].push(samples.axes[axis][i]);
        }
    }
    (found.times.len() >= 8).then_some(found)
}

fn median_period(times: &[f64]) -> Option<f64> {
    let mut intervals: Vec<f64> =
        times.windows(2).map(|pair| pair[1] - pair[0]).filter(|&passed| passed > 0.0).collect();
    if intervals.len() < 8 {
        return None;
    }
    let middle = intervals.len() / 2;
    Some(*intervals.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// Averages neighbours of a stream that is far denser than the grid, so that nothing folds into the band.
fn thin(mut dense: Clean) -> Clean {
    let group = (1.0 / (GRID_HZ * 1.5) / dense.period) as usize;
    if group < 2 {
        return dense;
    }
    let mean = |values: &[f64]| -> Vec<f64> {
        values.chunks(group).map(|part| part.iter().sum::<f64>() / part.len() as f64).collect()
    };
    dense.times = mean(&dense.times);
    dense.axes = dense.axes.map(|axis| mean(&axis));
    dense.period *= group as f64;
    dense
}

/// Second derivatives of the natural cubic spline through the points.
fn spline(times: &[f64], values: &[f64]) -> Vec<f64> {
    let count = times.len();
    let mut second = vec![0.0; count];
    let mut carry = vec![0.0; count];
    for i in 1..count.saturating_sub(1) {
        let (before, after) = (times[i] - times[i - 1], times[i + 1] - times[i]);
        let share = before / (before + after);
        let pivot = share * carry[i - 1] + 2.0;
        carry[i] = (share - 1.0) / pivot;
        let bend = (values[i + 1] - values[i]) / after - (values[i] - values[i - 1]) / before;
        second[i] = (6.0 * bend / (before + after) - share * second[i - 1]) / pivot;
    }
    for i in (1..count.saturating_sub(1)).rev() {
        second[i] += carry[i] * second[i + 1];
    }
    second
}

fn spline_at(times: &[f64], values: &[f64], second: &[f64], i: usize, time: f64) -> f64 {
    let step = times[i + 1] - times[i];
    let (b, a) = ((time - times[i]) / step, (times[i + 1] - time) / step);
    let bend = (a * a * a - a) * second[i] + (b * b * b - b) * second[i + 1];
    a * values[i] + b * values[i + 1] + bend * step * step / 6.0
}

/// Writes a stretch without gaps onto the grid.
fn lay(points: (&[f64], [&[f64]; 3]), from: f64, grid: &mut [Vec<f64>; 3], mask: &mut [f64]) {
    let (times, axes) = points;
    let seconds: [Vec<f64>; 3] = axes.map(|axis| spline(times, axis));
    let first = ((times[0] - from) * GRID_HZ).ceil().max(0.0) as usize;
    let mut i = 0;
    for k in first..mask.len() {
        let time = from + k as f64 / GRID_HZ;
        while i + 2 < times.len() && times[i + 1] < time {
            i += 1;
        }
        if time > times[i + 1] {
            break;
        }
        mask[k] = 1.0;
        for axis in 0..3 {
            grid[axis][k] = spline_at(times, axes[axis], &seconds[axis], i, time);
        }
    }
}

/// Joins measured stretches by straight lines, and lets the ends run level.
fn bridge(values: &mut [f64], mask: &[f64]) {
    let mut last: Option<usize> = None;
    for k in 0..values.len() {
        if mask[k] == 0.0 {
            continue;
        }
        let from = last.map_or(0, |last| last + 1);
        let (start, width) = match last {
            Some(last) => (values[last], (k - last) as f64),
            None => (values[k], 1.0),
        };
        for gap in from..k {
            let share = (gap + 1 - from) as f64 / width;
            values[gap] = if last.is_some() { start + share * (values[k] - start) } else { start };
        }
        last = Some(k);
    }
    if let Some(last) = last {
        let level = values[last];
        values[last + 1..].fill(level);
    }
}

/// Less its mean, and let to fade at both ends, where the transform joins them.
fn settle(values: &mut [f64], length: usize, mask: &[f64]) {
    let count: f64 = mask.iter().sum();
    let mean = values.iter().zip(mask).map(|(value, mask)| value * mask).sum::<f64>() / count.max(1.0);
    let fade = (0.5 * GRID_HZ) as usize;
    for (k, value) in values.iter_mut().enumerate() {
        let edge = k.min(length.saturating_sub(1).saturating_sub(k));
        let share = if k >= length { 0.0 } else { (edge as f64 / fade as f64).min(1.0) };
        *value = (*value - mean) * (0.5 - 0.5 * (PI * share).cos());
    }
}

/// What the band keeps of a frequency.
fn gain(hz: f64, high: f64) -> f64 {
    let rise = ((hz - 0.5 * LOW_HZ) / LOW_HZ).clamp(0.0, 1.0);
    let fall = ((high - hz) / (0.25 * high)).clamp(0.0, 1.0);
    (0.5 - 0.5 * (PI * rise).cos()) * (0.5 - 0.5 * (PI * fall).cos())
}

/// Upper end of the band in which both streams show what was moved.
pub fn band_end(period_a: f64, period_b: f64) -> f64 {
    HIGH_HZ.min(USABLE_BAND / period_a.max(period_b))
}

/// A stream on the grid, not yet filtered.
pub struct Laid {
    axes: [Vec<f64>; 3],
    mask: Vec<f64>,
    pub period: f64,
}

/// Brings samples onto `length` grid points from `from` on; none when there are too few.
pub fn lay_samples(samples: &Samples, from: f64, length: usize, size: usize) -> Option<Laid> {
    let points = thin(clean(samples)?);
    let mut axes = [vec![0.0; size], vec![0.0; size], vec![0.0; size]];
    let mut mask = vec![0.0; size];
    let limit = GAP_PERIODS * points.period;
    let mut start = 0;
    for end in 1..=points.times.len() {
        let whole = end < points.times.len() && points.times[end] - points.times[end - 1] <= limit;
        if whole {
            continue;
        }
        if end - start >= 4 {
            let part = [0, 1, 2].map(|axis| &points.axes[axis][start..end]);
            lay((&points.times[start..end], part), from, &mut axes, &mut mask[..length]);
        }
        start = end;
    }
    Some(Laid { axes, mask, period: points.period })
}

/// Filters a stream to the band.
pub fn filter(laid: Laid, length: usize, high: f64, fft: &Fft) -> GridMotion {
    let Laid { mut axes, mask, .. } = laid;
    let size = fft.size();
    let mut im = [vec![0.0; size], vec![0.0; size], vec![0.0; size]];
    for axis in 0..3 {
        bridge(&mut axes[axis][..length], &mask[..length]);
        settle(&mut axes[axis], length, &mask);
        fft.forward(&mut axes[axis], &mut im[axis]);
        for k in 0..size {
            let kept = gain(frequency(k, size).abs() / TAU, high);
            axes[axis][k] *= kept;
            im[axis][k] *= kept;
        }
    }
    GridMotion { re: axes, im, mask }
}

/// Angular frequency of a value of a spectrum.
pub fn frequency(k: usize, size: usize) -> f64 {
    let index = if 2 * k < size { k as f64 } else { k as f64 - size as f64 };
    TAU * index * GRID_HZ / size as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spline_follows_a_smooth_curve() {
        // Unevenly spaced; away from the ends, where a natural spline is straight.
        let times: Vec<f64> = (0..200).map(|i| i as f64 * 0.02 + 0.004 * (i as f64).sin()).collect();
        let values: Vec<f64> = times.iter().map(|t| (10.0 * t).sin()).collect();
        let second = spline(&times, &values);
        for i in 20..180 {
            let time = 0.5 * (times[i] + times[i + 1]);
            let found = spline_at(&times, &values, &second, i, time);
            assert!((found - (10.0 * time).sin()).abs() < 2e-5);
        }
    }

    #[test]
    fn band_keeps_motion_only() {
        assert_eq!(gain(0.0, 20.0), 0.0);
        assert_eq!(gain(0.2, 20.0), 0.0);
        assert_eq!(gain(5.0, 20.0), 1.0);
        assert_eq!(gain(20.0, 20.0), 0.0);
        assert_eq!(band_end(0.01, 0.02), 20.0);
        assert!((band_end(0.01, 1.0 / 32.0) - 12.8).abs() < 1e-12);
    }

    #[test]
    fn filtered_motion_is_the_movement_without_gravity() {
        let times: Vec<f64> = (0..1500).map(|i| i as f64 / 100.0).collect();
        let moved: Vec<f64> = times.iter().map(|t| 9.81 + (TAU * 4.0 * t).sin()).collect();
        let samples = Samples { times: &times, axes: [&moved, &moved, &moved] };
        let fft = Fft::new(2048).unwrap();
        let laid = lay_samples(&samples, 0.0, 1900, 2048).unwrap();
        assert_eq!(laid.mask[1000], 1.0);
        let GridMotion { mut re, mut im, .. } = filter(laid, 1900, 20.0, &fft);
        fft.inverse(&mut re[0], &mut im[0]);
        for k in 300..1600 {
            let expected = (TAU * 4.0 * k as f64 / GRID_HZ).sin();
            assert!((re[0][k] - expected).abs() < 0.01, "{k}: {} {expected}", re[0][k]);
            assert!(im[0][k].abs() < 1e-9);
        }
    }

    #[test]
    fn gaps_are_masked() {
        let times: Vec<f64> =
            (0..1500).filter(|i| !(500..600).contains(i)).map(|i| i as f64 / 100.0).collect();
        let moved: Vec<f64> = times.iter().map(|t| (TAU * 4.0 * t).sin()).collect();
        let samples = Samples { times: &times, axes: [&moved, &moved, &moved] };
        let laid = lay_samples(&samples, 0.0, 1900, 2048).unwrap();
        let masked = |seconds: f64| laid.mask[(seconds * GRID_HZ) as usize];
        assert_eq!([masked(4.9), masked(5.5), masked(6.1)], [1.0, 0.0, 1.0]);
    }
}
