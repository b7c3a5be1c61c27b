//! Streams whose samples arrive in packets: the quickest arrival of each block shows when its sample was due.

use super::blocks::Block;
use super::found::Found;
use super::tracker::Jump;
use crate::lattice::{Lattice, Placement};
use crate::period::Period;

/// Length of a block in ns, and in samples at least.
const BLOCK_NS: f64 = 10e9;
const BLOCK_SAMPLES: f64 = 512.0;

/// Share of the mean smallest delay that is not known, and variance by coarse stamps in steps squared.
const DOUBT: f64 = 0.3;
const COARSE: f64 = 3e-3;
/// Least share of a block that counts.
const LEAST_SHARE: f64 = 1e-3;

/// Follows one stream of packets.
#[derive(Clone, Debug)]
pub struct Packets {
    lattice: Lattice,
    followed: Followed,
    step: f64,
}

/// What is kept of the samples that were placed.
#[derive(Clone, Debug)]
struct Followed {
    period: f64,
    length: i64,
    shift: i64,
    last: Option<i64>,
    /// Place of the last sample.
    place: i64,
    open: Option<Quickest>,
    blocks: Vec<Block>,
    jumps: Vec<Jump>,
}

/// The quickest arrival of the open block.
#[derive(Clone, Copy, Debug)]
struct Quickest {
    first: i64,
    base: i64,
    late: f64,
    row: i64,
    place: i64,
    time: i64,
}

impl Followed {
    fn take(&mut self, time: i64, row: f64, placement: Placement) {
        let row = row as i64;
        let (change, open) = match placement {
            Placement::Lone => return,
            Placement::After(missing) => (missing as i64, false),
            Placement::Restart => (0, self.last.is_some()),
        };
        if change != 0 || open {
            let from = self.last.unwrap_or(time);
            self.jumps.push(Jump { row, change, offset: 0.0, open, from, to: time });
            self.cut();
        }
        self.shift = self.shift.saturating_add(change);
        self.last = Some(time);
        self.compare(time, row, row.saturating_add(self.shift));
    }

    fn compare(&mut self, time: i64, row: i64, place: i64) {
        if self.open.is_some_and(|open| place - open.first >= self.length) {
            self.cut();
        }
        let Some(open) = &mut self.open else {
            self.place = place;
            self.open = Some(Quickest { first: place, base: time, late: 0.0, row, place, time });
            return;
        };
        self.place = self.place.max(place);
        let late = time.saturating_sub(open.base) as f64 - (place - open.first) as f64 * self.period;
        if late < open.late {
            *open = Quickest { late, row, place, time, ..*open };
        }
    }

    fn cut(&mut self) {
        if let Some(Quickest { first, row, place, time, .. }) = self.open.take() {
            // The quickest of fewer packets is later.
            let share = ((self.place - first + 1) as f64 / self.length as f64).clamp(LEAST_SHARE, 1.0);
            self.blocks.push(Block { row, place, time, count: share * share, ..Block::default() });
        }
    }

    /// Standard deviation of the smallest delays of the blocks, from how they bend.
    fn scatter(&self) -> f64 {
        let bend = |part: &[Block]| {
            let time = |index: usize| part[index].time.saturating_sub(part[1].time) as f64;
            let place = |index: usize| (part[index].place - part[1].place) as f64;
            let share = -place(0) / (place(2) - place(0));
            (time(0) * (1.0 - share) + time(2) * share).abs()
        };
        let whole = |part: &&[Block]| part.iter().all(|block| block.count == 1.0);
        let windows = || self.blocks.windows(3);
        let mut bends: Vec<f64> = windows().filter(whole).map(bend).filter(|bend| bend.is_finite()).collect();
        if bends.is_empty() {
            bends = windows().map(bend).filter(|bend| bend.is_finite()).collect();
        }
        if bends.is_empty() {
            return self.period;
        }
        let middle = bends.len() / 2;
        let median = *bends.select_nth_unstable_by(middle, f64::total_cmp).1;
        // The median of |X - (Y + Z) / 2| for exponential X, Y and Z is 0.80 of their standard deviation.
        (median / 0.80).max(1e-4 * self.period)
    }
}

impl Packets {
    pub fn new(period: Period, step: f64) -> Packets {
        let length = (BLOCK_NS / period.ns).max(BLOCK_SAMPLES).min(1e9) as i64;
        let followed = Followed {
            period: period.ns,
            length,
            shift: 0,
            last: None,
            place: 0,
            open: None,
            blocks: Vec::new(),
            jumps: Vec::new(),
        };
        Packets { lattice: Lattice::new(period), followed, step }
    }

    pub fn add(&mut self, row: i64, time: i64) {
        let Packets { lattice, followed, .. } = self;
        lattice.add_then(time, row as f64, &mut |time, row, placement| followed.take(time, row, placement));
    }

    pub fn finish(mut self) -> Found {
        let Packets { lattice, followed, step } = &mut self;
        lattice.finish_then(&mut |time, row, placement| followed.take(time, row, placement));
        followed.cut();
        let scatter = followed.scatter();
        let bias = smallest_delay(scatter, *step);
        Found {
            period: lattice.mean_period(),
            sigma: scatter,
            span: followed.length as f64,
            stamp_sigma: lattice.stamp_sigma(),
            systematic: (DOUBT * bias).powi(2) + *step * *step * COARSE,
            shared: 0.0,
            bias,
            first_shift: 0,
            blocks: self.followed.blocks,
            jumps: self.followed.jumps,
            moved: Vec::new(),
        }
    }
}

/// Mean of the smallest delays by their scatter.
///
/// The smallest of exponential delays lies as far above none as it scatters. Where stamps are coarser than that,
/// the smallest is one that was rounded down: the smallest of a rising density (Rayleigh) from half a step below.
fn smallest_delay(scatter: f64, step: f64) -> f64 {
    const RAYLEIGH_SIGMA: f64 = 0.655;
    const RAYLEIGH_MEAN: f64 = 1.253;
    if scatter > RAYLEIGH_SIGMA * step {
        return scatter;
    }
    RAYLEIGH_MEAN / RAYLEIGH_SIGMA * scatter - 0.5 * step
}
