//! Means of stamps and places over blocks of a few seconds.

use super::tracker::Placed;

/// Length of a block in ns, and in samples at least.
const BLOCK_NS: f64 = 2e9;
const BLOCK_SAMPLES: f64 = 16.0;

/// The mean of some neighbouring samples.
#[derive(Clone, Copy, Debug, Default)]
pub struct Block {
    /// Row and place of its first sample.
    pub row: i64,
    pub place: i64,
    /// Mean place after the first one.
    pub place_mean: f64,
    /// Stamp of its first sample, and mean of the stamps after it.
    pub time: i64,
    pub time_mean: f64,
    pub count: f64,
}

/// Gathers blocks in file order.
#[derive(Clone, Debug)]
pub struct Blocks {
    length: i64,
    open: Block,
    pub done: Vec<Block>,
}

impl Blocks {
    pub fn new(period: f64) -> Blocks {
        let length = (BLOCK_NS / period).max(BLOCK_SAMPLES).min(1e9) as i64;
        Blocks { length, open: Block::default(), done: Vec::new() }
    }

    /// Adds samples that fit their places.
    pub fn add_all<'a>(&mut self, samples: impl Iterator<Item = &'a Placed>) {
        let mut open = self.open;
        for &Placed { row, place, time, .. } in samples {
            if place.abs_diff(open.place) as i64 >= self.length || open.count == 0.0 {
                self.open = open;
                self.cut();
                open = Block { row, place, time, ..Block::default() };
            }
            open.count += 1.0;
            open.place_mean += (place - open.place) as f64;
            open.time_mean += time.saturating_sub(open.time) as f64;
        }
        self.open = open;
    }

    /// Ends the block, so that no later sample is in it.
    pub fn cut(&mut self) {
        let mut block = std::mem::take(&mut self.open);
        if block.count > 0.0 {
            block.place_mean /= block.count;
            block.time_mean /= block.count;
            self.done.push(block);
        }
    }
}
