//! Thins pairs of a device stamp and the host's stamp of its arrival to the quickest arrival of each block.
//!
//! A transfer takes at least some smallest time and often much longer. The quickest arrival of a block comes
//! closest to it, so that the difference host minus device over blocks follows the clocks.

use crate::sampling::MISSING;
use std::collections::VecDeque;

/// Length of the first blocks in ns; it doubles until it reaches [`LONG_BLOCK_NS`].
const SHORT_BLOCK_NS: i64 = 625_000_000;
/// Length that blocks have in a long stream.
const LONG_BLOCK_NS: i64 = 10_000_000_000;
/// Blocks from which short ones are joined.
const FEW_BLOCKS: usize = 512;
/// Blocks from which long ones are joined: three days of them.
const MANY_BLOCKS: usize = 1 << 15;
/// A change of the difference that makes a pair suspicious.
const SUSPICIOUS_NS: i64 = 1_000_000_000;
/// Pairs on either side that outvote a single wrong one.
const SIDE: usize = 2;

#[derive(Clone, Copy, Debug)]
struct Pair {
    row: f64,
    device: i64,
    host: i64,
}

impl Pair {
    fn difference(&self) -> i64 {
        self.host.saturating_sub(self.device)
    }
}

/// A sudden change of the difference from one pair to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Jump {
    /// Row of the first pair after it.
    pub row: f64,
    /// Device time of that pair.
    pub device: i64,
    pub size: i64,
    /// Device time that passed since the pair before it.
    pub passed: i64,
}

impl Jump {
    /// How much it looks like a step of the device clock, which shows in the device stamps as well, and only
    /// then like one of the host clock.
    fn weight(&self) -> u128 {
        let size = self.size.unsigned_abs();
        let both = u128::from(size.min(self.passed.unsigned_abs()));
        (both << 10) + u128::from(size)
    }
}

/// What is kept of a block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    bin: i64,
    pub row: f64,
    pub device: i64,
    pub host: i64,
    pub count: u32,
    pub up: Jump,
    pub down: Jump,
}

impl Block {
    fn difference(&self) -> i64 {
        self.host.saturating_sub(self.device)
    }

    fn join(&mut self, other: &Block) {
        if other.difference() < self.difference() {
            (self.row, self.device, self.host) = (other.row, other.device, other.host);
        }
        self.count = self.count.saturating_add(other.count);
        if other.up.weight() > self.up.weight() {
            self.up = other.up;
        }
        if other.down.weight() > self.down.weight() {
            self.down = other.down;
        }
    }
}

/// Gathers blocks pair by pair, in file order.
#[derive(Clone)]
pub struct Envelope {
    rows: f64,
    length: i64,
    origin: Option<i64>,
    recent: VecDeque<Pair>,
    last: Option<Pair>,
    blocks: Vec<Block>,
    /// Pairs that were left out as wrong.
    pub rejected: f64,
}

impl Default for Envelope {
    fn default() -> Envelope {
        Envelope {
            rows: 0.0,
            length: SHORT_BLOCK_NS,
            origin: None,
            recent: VecDeque::new(),
            last: None,
            blocks: Vec::new(),
            rejected: 0.0,
        }
    }
}

impl Envelope {
    /// Adds the next pairs of a stream; those with a missing stamp only count as rows.
    pub fn add(&mut self, device: &[i64], host: &[i64]) {
        for (&device, &host) in device.iter().zip(host) {
            if device != MISSING && host != MISSING {
                self.recent.push_back(Pair { row: self.rows, device, host });
                if self.recent.len() > 2 * SIDE {
                    self.judge(SIDE);
                    self.recent.pop_front();
                }
            }
            self.rows += 1.0;
        }
    }

    /// The blocks so far, with the pairs that still waited for later ones.
    pub fn finished(&self) -> Envelope {
        let mut done = self.clone();
        let waiting = done.recent.len();
        let judged = if self.last.is_some() || self.rejected > 0.0 { SIDE.min(waiting) } else { 0 };
        (judged..waiting).for_each(|index| done.judge(index));
        done
    }

    /// The blocks in file order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Takes a pair, unless it disagrees with the pairs around it.
    fn judge(&mut self, index: usize) {
        if index == SIDE && self.last.is_none() && self.blocks.is_empty() {
            (0..SIDE).for_each(|early| self.judge_one(early));
        }
        self.judge_one(index);
    }

    fn judge_one(&mut self, index: usize) {
        let pair = self.recent[index];
        let difference = pair.difference();
        let changes = |other: &Pair| other.difference().saturating_sub(difference) > SUSPICIOUS_NS;
        if self.recent.iter().any(changes) {
            let mut around: Vec<i64> = self.recent.iter().map(Pair::difference).collect();
            let middle = around.len() / 2;
            let (_, &mut typical, _) = around.select_nth_unstable(middle);
            if difference < typical.saturating_sub(SUSPICIOUS_NS) {
                self.rejected += 1.0;
                return;
            }
        }
        self.take(pair);
    }

    fn take(&mut self, pair: Pair) {
        let origin = *self.origin.get_or_insert(pair.host);
        let last = self.last.unwrap_or(pair);
        let jump = Jump {
            row: pair.row,
            device: pair.device,
            size: pair.difference().saturating_sub(last.difference()),
            passed: pair.device.saturating_sub(last.device),
        };
        let block = Block {
            bin: pair.host.saturating_sub(origin).div_euclid(self.length),
            row: pair.row,
            device: pair.device,
            host: pair.host,
            count: 1,
            up: if jump.size > 0 { jump } else { Jump::default() },
            down: if jump.size < 0 { jump } else { Jump::default() },
        };
        self.last = Some(pair);
        match self.blocks.last_mut() {
            // Late arrivals may overtake the border of two blocks.
            Some(last) if (0..=1).contains(&last.bin.saturating_sub(block.bin)) => last.join(&block),
            _ => self.blocks.push(block),
        }
        let limit = if self.length < LONG_BLOCK_NS { FEW_BLOCKS } else { MANY_BLOCKS };
        if self.blocks.len() > limit {
            self.double();
        }
    }

    /// Doubles the length of the blocks; where that joins none, pairs are joined regardless of time.
    fn double(&mut self) {
        self.length = self.length.saturating_mul(2);
        let before = self.blocks.len();
        for block in &mut self.blocks {
            block.bin = block.bin.div_euclid(2);
        }
        self.blocks.dedup_by(|next, kept| {
            let joins = next.bin == kept.bin;
            if joins {
                kept.join(next);
            }
            joins
        });
        if self.blocks.len() * 4 > before * 3 {
            let pairs: Vec<Block> = self.blocks.chunks(2).map(joined).collect();
            self.blocks = pairs;
        }
    }
}

fn joined(blocks: &[Block]) -> Block {
    let mut all = blocks[0];
    blocks[1..].iter().for_each(|next| all.join(next));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn gather(pairs: &[(i64, i64)]) -> Envelope {
        let mut envelope = Envelope::default();
        for chunk in pairs.chunks(777) {
            let (device, host): (Vec<i64>, Vec<i64>) = chunk.iter().copied().unzip();
            envelope.add(&device, &host);
        }
        envelope.finished()
    }

    #[test]
    fn blocks_hold_the_quickest_pair_and_all_are_counted() {
        let mut random = Random::new(6);
        let pairs: Vec<(i64, i64)> = (0..360_000i64)
            .map(|i| (i * 10_000_000, i * 10_000_000 + 5_000_000 + (random.exponential() * 2e7) as i64))
            .collect();
        let envelope = gather(&pairs);
        assert!((350..=361).contains(&envelope.blocks().len()), "{}", envelope.blocks().len());
        assert_eq!(envelope.blocks().iter().map(|block| block.count).sum::<u32>(), 360_000);
        for block in envelope.blocks() {
            assert_eq!(pairs[block.row as usize], (block.device, block.host));
            assert!(block.count < 500 || block.difference() < 5_500_000);
        }
    }

    #[test]
    fn single_wrong_pairs_are_left_out_and_steps_are_not() {
        let mut pairs: Vec<(i64, i64)> = (0..20_000i64).map(|i| (i * 10_000_000, i * 10_000_000 + 7)).collect();
        for index in (50..20_000).step_by(100) {
            pairs[index] = (0x7000_0000_0000_0000, 0);
        }
        pairs[10_000..].iter_mut().for_each(|pair| pair.1 -= 5_000_000_000);
        let envelope = gather(&pairs);
        assert_eq!(envelope.rejected, 200.0);
        let steps: Vec<&Block> = envelope.blocks().iter().filter(|block| block.down.size < 0).collect();
        assert_eq!(steps.len(), 1);
        assert_eq!((steps[0].down.row, steps[0].down.size), (10_000.0, -5_000_000_000));
    }

    #[test]
    fn short_and_wild_streams() {
        assert_eq!(gather(&[]).blocks().len(), 0);
        assert_eq!(gather(&[(1, 2)]).blocks().len(), 1);
        assert_eq!(gather(&[(1, 2), (3, 4), (5, 6)]).blocks()[0].count, 3);
        let wild = [0, i64::MAX, i64::MIN + 1, -1, 1 << 40];
        let pairs: Vec<(i64, i64)> = (0..200_000usize).map(|i| (wild[i % 5], wild[i * i % 5])).collect();
        assert!(gather(&pairs).blocks().len() <= MANY_BLOCKS);
    }
}
