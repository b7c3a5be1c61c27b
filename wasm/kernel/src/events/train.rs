//! One train of events.

use core::ops::Range;

/// Events in ns from an origin. Labels and widths may be absent.
#[derive(Clone, Copy)]
pub struct Train<'a> {
    pub times: &'a [f64],
    pub labels: &'a [u32],
    pub widths: &'a [f64],
}

impl<'a> Train<'a> {
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Time from the first event to the last.
    pub fn span(&self) -> f64 {
        match (self.times.first(), self.times.last()) {
            (Some(first), Some(last)) => last - first,
            _ => 0.0,
        }
    }

    /// Events per ns, not more than one in the whole span and one more.
    pub fn rate(&self) -> f64 {
        let span = self.span();
        if span > 0.0 {
            self.len() as f64 / span
        } else {
            0.0
        }
    }

    pub fn part(&self, range: Range<usize>) -> Train<'a> {
        Train {
            times: &self.times[range.clone()],
            labels: if self.labels.is_empty() { self.labels } else { &self.labels[range.clone()] },
            widths: if self.widths.is_empty() { self.widths } else { &self.widths[range] },
        }
    }

    /// Indexes of the events from one time to another, both included.
    pub fn between(&self, from: f64, to: f64) -> Range<usize> {
        let start = self.times.partition_point(|&time| time < from);
        let end = self.times.partition_point(|&time| time <= to);
        start..end.max(start)
    }
}

/// Two trains whose events may belong together.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    pub a: Train<'a>,
    pub b: Train<'a>,
    /// Widths that differ by more do not belong together.
    pub width_tolerance: f64,
}

impl Pair<'_> {
    /// Whether labels and widths let two events be the same.
    pub fn agree(&self, i: usize, j: usize) -> bool {
        let (a, b) = (&self.a, &self.b);
        if !a.labels.is_empty() && !b.labels.is_empty() && a.labels[i] != b.labels[j] {
            return false;
        }
        if a.widths.is_empty() || b.widths.is_empty() {
            return true;
        }
        let difference = (a.widths[i] - b.widths[j]).abs();
        // A width that is not known is no reason against.
        !(difference > self.width_tolerance)
    }

    /// The event of `b` nearest to a time, within a distance, that can be the event `i` of `a`.
    pub fn nearest(&self, i: usize, time: f64, within: f64) -> Option<usize> {
        let mut best = None;
        let mut least = f64::INFINITY;
        for j in self.b.between(time - within, time + within) {
            let distance = (self.b.times[j] - time).abs();
            if distance < least && self.agree(i, j) {
                best = Some(j);
                least = distance;
            }
        }
        best
    }

    /// Share of pairs of events that labels and widths let belong together: how much they narrow the choice.
    pub fn openness(&self) -> f64 {
        let (n, m) = (self.a.len(), self.b.len());
        if n == 0 || m == 0 || (self.a.labels.is_empty() && self.a.widths.is_empty()) {
            return 1.0;
        }
        // Up to some 64 x 256 pairs, evenly spread.
        let (step_a, step_b) = (n.div_ceil(64), m.div_ceil(256));
        let (mut open, mut all) = (0u32, 0u32);
        for i in (0..n).step_by(step_a) {
            for j in (0..m).step_by(step_b) {
                all += 1;
                open += u32::from(self.agree(i, j));
            }
        }
        f64::from(open.max(1)) / f64::from(all.max(1))
    }
}
