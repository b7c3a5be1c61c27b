//! Places device times on the reference clock with a clock model.
//!
//! Sums are exact 64-bit integers; only the change of the offset since a knot, which is small, is a float.

use crate::near::{near_float, near_integer, NEAR};
use crate::sampling::MISSING;

/// A point of a clock model.
#[derive(Clone, Copy, Debug)]
pub struct Knot {
    pub device: i64,
    pub offset: i64,
    /// Change of the offset per device time outside the knots.
    pub skew: f64,
    pub sigma: f64,
    /// Standard uncertainty of the skew.
    pub skew_sigma: f64,
}

/// A stretch without a step: its knots, by increasing device time, and where it holds.
#[derive(Clone, Debug)]
pub struct Segment {
    pub from: i64,
    pub to: i64,
    pub knots: Vec<Knot>,
}

/// A model with a pointer that follows the samples.
pub struct Applier {
    segments: Vec<Segment>,
    current: usize,
    piece: Piece,
    /// The time ahead of this one, where segments are chosen by time.
    last: i64,
    /// Variance of each stamp about the sampling time, ns^2.
    stamp_variance: f64,
}

fn round(value: f64) -> i64 {
    (value + 0.5).floor() as i64
}

/// Samples that are tried at once.
const BLOCK: usize = 16;
/// Times and offsets that can be added without overflow.
const FAR: i64 = 1 << 61;

/// The stretch between two knots, or outside all of them, where offset and sigma have one formula.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: i64,
    to: i64,
    /// Where distances are measured from, and the offset there.
    origin: i64,
    offset: i64,
    slope: f64,
    sigma: f64,
    sigma_slope: f64,
    skew_sigma: f64,
    /// Whether [`Piece::apply_block`] holds for it.
    near: bool,
}

impl Piece {
    /// Holds for no time at all.
    const NONE: Piece = Piece {
        from: 0,
        to: -1,
        origin: 0,
        offset: 0,
        slope: 0.0,
        sigma: 0.0,
        sigma_slope: 0.0,
        skew_sigma: 0.0,
        near: false,
    };

    /// The piece that a time lies in. There is at least one knot.
    fn around(knots: &[Knot], time: i64) -> Piece {
        let after = knots.partition_point(|knot| knot.device <= time);
        match (after.checked_sub(1).map(|index| &knots[index]), knots.get(after)) {
            (Some(left), Some(right)) => Piece::between(left, right),
            (Some(last), None) => Piece::outside(last, last.device, i64::MAX, time),
            (None, _) => Piece::outside(&knots[0], i64::MIN, knots[0].device - 1, time),
        }
    }

    fn between(left: &Knot, right: &Knot) -> Piece {
        let run = right.device.saturating_sub(left.device) as f64;
        Piece {
            from: left.device,
            to: right.device,
            origin: left.device,
            offset: left.offset,
            slope: right.offset.saturating_sub(left.offset) as f64 / run,
            sigma: left.sigma,
            sigma_slope: (right.sigma - left.sigma) / run,
            skew_sigma: 0.0,
            near: false,
        }
        .judged()
    }

    /// Beyond a knot; cut at the distance up to which several can be calculated at once, when the time lies there.
    fn outside(knot: &Knot, from: i64, to: i64, time: i64) -> Piece {
        let (low, high) = (knot.device.saturating_sub(NEAR), knot.device.saturating_add(NEAR));
        let close = low <= time && time <= high;
        Piece {
            from: if close { from.max(low) } else { from },
            to: if close { to.min(high) } else { to },
            origin: knot.device,
            offset: knot.offset,
            slope: knot.skew,
            sigma: knot.sigma,
            sigma_slope: 0.0,
            skew_sigma: knot.skew_sigma,
            near: false,
        }
        .judged()
    }

    fn judged(mut self) -> Piece {
        let small = |value: i64| -FAR < value && value < FAR;
        let distance = self.from.abs_diff(self.origin).max(self.to.abs_diff(self.origin));
        self.near = distance <= NEAR as u64
            && (self.slope * distance as f64).abs() < NEAR as f64
            && [self.from, self.to, self.offset].into_iter().all(small);
        self
    }

    fn holds(&self, time: i64) -> bool {
        self.from <= time && time <= self.to
    }

    /// Reference time and variance of any time.
    fn at(&self, time: i64) -> (i64, f64) {
        let distance = time.saturating_sub(self.origin) as f64;
        let offset = self.offset.saturating_add(round(self.slope * distance));
        (time.saturating_add(offset).max(MISSING + 1), self.variance(distance))
    }

    fn variance(&self, distance: f64) -> f64 {
        let sigma = self.sigma + self.sigma_slope * distance;
        let spread = self.skew_sigma * distance;
        sigma * sigma + spread * spread
    }

    /// Converts a block as [`Piece::at`] does, without branches. False, with rubbish written, when one of its
    /// times lies elsewhere.
    fn apply_block(&self, times: &[i64; BLOCK], stamp: f64, reference: &mut [i64; BLOCK], sigmas: &mut [f64; BLOCK]) -> bool {
        let mut outside = 0;
        for index in 0..BLOCK {
            let time = times[index];
            outside |= time.wrapping_sub(self.from) | self.to.wrapping_sub(time);
            let distance = near_float(time.wrapping_sub(self.origin));
            let change = near_integer((self.slope * distance + 0.5).floor());
            reference[index] = time.wrapping_add(self.offset).wrapping_add(change);
            sigmas[index] = (self.variance(distance) + stamp).sqrt();
        }
        outside >= 0
    }
}

impl Applier {
    /// Takes segments with at least one knot each; others are dropped.
    pub fn new(mut segments: Vec<Segment>, stamp_variance: f64) -> Applier {
        segments.retain(|segment| !segment.knots.is_empty());
        Applier { segments, current: 0, piece: Piece::NONE, last: MISSING, stamp_variance }
    }

    /// Converts times; a segment that is not negative holds for all of them, otherwise it is found by time.
    pub fn apply(&mut self, segment: i32, times: &[i64], reference: &mut [i64], sigmas: &mut [f64]) {
        if segment >= 0 && (segment as usize) < self.segments.len() {
            self.enter(segment as usize);
        }
        // A single segment holds for all times.
        let follows = segment < 0 && self.segments.len() > 1;
        let mut row = 0;
        while row < times.len() {
            let end = (row + BLOCK).min(times.len());
            let (part, reference) = (&times[row..end], &mut reference[row..end]);
            let sigmas = &mut sigmas[row..end];
            if !self.apply_block(follows, part, reference, sigmas) {
                self.apply_each(follows, part, reference, sigmas);
            }
            row = end;
        }
    }

    /// Converts a whole block that lies in the current piece; false when it does not.
    fn apply_block(&mut self, follows: bool, times: &[i64], reference: &mut [i64], sigmas: &mut [f64]) -> bool {
        let (Ok(block), Ok(reference), Ok(sigmas)) = (times.try_into(), reference.try_into(), sigmas.try_into()) else {
            return false;
        };
        if !self.piece.near || !self.piece.apply_block(block, self.stamp_variance, reference, sigmas) {
            return false;
        }
        if follows {
            let Segment { from, to, .. } = self.segments[self.current];
            let mut before = self.last;
            for &time in block {
                if time < before || time < from || time > to {
                    return false;
                }
                before = time;
            }
            self.last = before;
        }
        true
    }

    fn apply_each(&mut self, follows: bool, times: &[i64], reference: &mut [i64], sigmas: &mut [f64]) {
        for (index, &time) in times.iter().enumerate() {
            if time == MISSING || self.segments.is_empty() {
                reference[index] = MISSING;
                sigmas[index] = f64::NAN;
                continue;
            }
            if follows {
                self.follow(time);
            }
            if !self.piece.holds(time) {
                self.piece = Piece::around(&self.segments[self.current].knots, time);
            }
            let (found, variance) = self.piece.at(time);
            reference[index] = found;
            sigmas[index] = (variance + self.stamp_variance).sqrt();
        }
    }

    fn enter(&mut self, segment: usize) {
        if segment != self.current {
            self.current = segment;
            self.piece = Piece::NONE;
        }
    }

    /// Where a clock was set back, the same time lies in two segments: going back by about the step means that
    /// the next one has begun.
    fn was_set_back(&self, time: i64) -> bool {
        let Some(next) = self.segments.get(self.current + 1) else {
            return false;
        };
        let overlap = self.segments[self.current].to.saturating_sub(next.from);
        overlap > 0 && self.last != MISSING && self.last.saturating_sub(time) > overlap / 2
    }

    /// Keeps to the current segment while it holds, otherwise takes the next that does, or the nearest.
    fn follow(&mut self, time: i64) {
        if self.was_set_back(time) {
            self.enter(self.current + 1);
        }
        self.last = time;
        let distance = |segment: &Segment| {
            segment.from.saturating_sub(time).max(time.saturating_sub(segment.to)).max(0)
        };
        if distance(&self.segments[self.current]) == 0 {
            return;
        }
        let count = self.segments.len();
        let others = (1..count).map(|step| (self.current + step) % count);
        let mut best = self.current;
        for other in others {
            if distance(&self.segments[other]) < distance(&self.segments[best]) {
                best = other;
            }
        }
        self.enter(best);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn knot(device: i64, offset: i64) -> Knot {
        Knot { device, offset, skew: 2e-5, sigma: 3.0, skew_sigma: 1e-6 }
    }

    fn applied(applier: &mut Applier, segment: i32, times: &[i64]) -> (Vec<i64>, Vec<f64>) {
        let (mut reference, mut sigmas) = (vec![0; times.len()], vec![0.0; times.len()]);
        applier.apply(segment, times, &mut reference, &mut sigmas);
        (reference, sigmas)
    }

    #[test]
    fn knots_are_met_exactly_and_missing_stays_missing() {
        let epoch = 1_700_000_000_000_000_001;
        let knots = vec![knot(epoch, 500), knot(epoch + 1_000_000, 520), knot(epoch + 3_000_000, 500)];
        let segment = Segment { from: epoch, to: epoch + 3_000_000, knots };
        let mut applier = Applier::new(vec![segment], 16.0);
        let times = [epoch, MISSING, epoch + 1_000_000, epoch + 2_000_000, epoch + 3_000_000, epoch + 4_000_000];
        let (reference, sigmas) = applied(&mut applier, -1, &times);
        assert_eq!(reference, [times[0] + 500, MISSING, times[2] + 520, times[3] + 510, times[4] + 500, times[5] + 520]);
        assert_eq!(sigmas[0], 5.0);
        assert!(sigmas[1].is_nan() && sigmas[5] > 5.0);
    }

    #[test]
    fn blocks_are_what_single_times_are() {
        let mut random = Random::new(4);
        let epoch = 1_700_000_000_000_000_000;
        for spacing in [7, 1_000_000, 5_000_000_000, 3_000_000_000_000_000] {
            let mut near = |scale: f64| ((random.uniform() - 0.5) * scale) as i64;
            let knots: Vec<Knot> = (0..40).map(|i| knot(epoch + i * spacing, near(spacing as f64))).collect();
            let segment = Segment { from: epoch, to: epoch + 39 * spacing, knots };
            let mut times: Vec<i64> = (0..3000).map(|i| epoch + (i - 700) * (spacing / 41).max(1)).collect();
            times[100] = MISSING;
            times[2000] = i64::MAX;
            let (mut whole, mut single) = (Applier::new(vec![segment.clone()], 9.0), Applier::new(vec![segment], 9.0));
            let (reference, sigmas) = applied(&mut whole, 0, &times);
            for (row, &time) in times.iter().enumerate() {
                let (one, sigma) = applied(&mut single, 0, &[time]);
                assert_eq!((one[0], sigma[0].to_bits()), (reference[row], sigmas[row].to_bits()), "{spacing} {row}");
            }
        }
    }

    #[test]
    fn overlapping_segments_are_told_apart_by_row() {
        let one = Segment { from: 0, to: 1000, knots: vec![knot(0, 0)] };
        let two = Segment { from: 500, to: 2000, knots: vec![knot(500, 10_000)] };
        let mut applier = Applier::new(vec![one, two], 0.0);
        assert_eq!(applied(&mut applier, 1, &[600]).0, [10_600]);
        assert_eq!(applied(&mut applier, 0, &[600]).0, [600]);
        assert_eq!(applied(&mut applier, -1, &[900, 1500, 600]).0, [900, 11_500, 10_600]);
        applied(&mut applier, 0, &[0]);
        assert_eq!(applied(&mut applier, -1, &[0, 900, 890, 1000, 510, 900]).0[3..], [1000, 10_510, 10_900]);
    }

    #[test]
    fn order_is_kept() {
        let times: Vec<i64> = (-5000..60_000).collect();
        let gentle: Vec<Knot> = (0..50).map(|i| knot(i * 1000, (i * i) % 7 * 20)).collect();
        let mut applier = Applier::new(vec![Segment { from: 0, to: 50_000, knots: gentle }], 0.0);
        assert!(applied(&mut applier, 0, &times).0.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
