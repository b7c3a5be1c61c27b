//! Places device times on the reference clock with a clock model.
//!
//! Sums are exact 64-bit integers; only the change of the offset since a knot, which is small, is a float.

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

fn extrapolated(knot: &Knot, time: i64) -> (i64, f64) {
    let distance = time.saturating_sub(knot.device) as f64;
    let offset = knot.offset.saturating_add(round(knot.skew * distance));
    (offset, knot.sigma.hypot(knot.skew_sigma * distance))
}

/// The stretch between two knots.
#[derive(Clone, Copy)]
struct Piece {
    from: i64,
    to: i64,
    offset: i64,
    slope: f64,
    sigma: f64,
    sigma_slope: f64,
}

impl Piece {
    /// Holds for no time at all.
    const NONE: Piece = Piece { from: 0, to: -1, offset: 0, slope: 0.0, sigma: 0.0, sigma_slope: 0.0 };

    fn between(left: &Knot, right: &Knot) -> Piece {
        let run = right.device.saturating_sub(left.device) as f64;
        Piece {
            from: left.device,
            to: right.device,
            offset: left.offset,
            slope: right.offset.saturating_sub(left.offset) as f64 / run,
            sigma: left.sigma,
            sigma_slope: (right.sigma - left.sigma) / run,
        }
    }

    fn at(&self, time: i64) -> (i64, f64) {
        let distance = time.saturating_sub(self.from) as f64;
        let offset = self.offset.saturating_add(round(self.slope * distance));
        (offset, self.sigma + self.sigma_slope * distance)
    }
}

/// Offset and sigma of a time; keeps the piece that it lies in.
fn offset_at(knots: &[Knot], time: i64, piece: &mut Piece) -> (i64, f64) {
    if piece.from <= time && time <= piece.to {
        return piece.at(time);
    }
    let after = knots.partition_point(|knot| knot.device <= time);
    match (after.checked_sub(1).map(|index| &knots[index]), knots.get(after)) {
        (Some(left), Some(right)) => {
            *piece = Piece::between(left, right);
            piece.at(time)
        }
        (Some(last), None) => extrapolated(last, time),
        (None, _) => extrapolated(&knots[0], time),
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
        for (index, &time) in times.iter().enumerate() {
            if time == MISSING || self.segments.is_empty() {
                reference[index] = MISSING;
                sigmas[index] = f64::NAN;
                continue;
            }
            if segment < 0 {
                self.follow(time);
            }
            let knots = &self.segments[self.current].knots;
            let (offset, sigma) = offset_at(knots, time, &mut self.piece);
            reference[index] = time.saturating_add(offset).max(MISSING + 1);
            sigmas[index] = (sigma * sigma + self.stamp_variance).sqrt();
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
