//! What the first pass found.

use super::blocks::Block;
use super::tracker::Jump;

/// Blocks and jumps of a stream, and what is known of its stamps.
#[derive(Clone, Debug)]
pub struct Found {
    pub period: f64,
    /// Standard deviation of one sample of a block.
    pub sigma: f64,
    /// Rows of which a block keeps one sample: those of a block of packets.
    pub span: f64,
    /// Spread of the stamps.
    pub stamp_sigma: f64,
    /// Variance of block means that more samples do not lower.
    pub systematic: f64,
    /// Variance times samples of errors that many neighbouring stamps share.
    pub shared: f64,
    /// By how much the times of blocks are late.
    pub bias: f64,
    /// Shift of the first row, which is only a matter of counting.
    pub first_shift: i64,
    pub blocks: Vec<Block>,
    pub jumps: Vec<Jump>,
    pub moved: Vec<Moved>,
}

/// A row that was recorded out of order: it belongs where another row is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    pub row: i64,
    pub slot: i64,
}

impl Found {
    /// Rows and stamps of the instants from which the lattice is found: the middles of blocks, then the samples
    /// before and after each jump.
    pub fn instants(&self) -> Vec<(i64, i64)> {
        let middle = |block: &Block| (block.row, block.time.saturating_add(block.time_mean.round() as i64));
        let before = self.jumps.iter().map(|jump| (jump.row.saturating_sub(1), jump.from));
        let after = self.jumps.iter().map(|jump| (jump.row, jump.to));
        self.blocks.iter().map(middle).chain(before).chain(after).collect()
    }
}
