//! What the first pass found as bytes, so that a second pass can be made later.

use super::blocks::Block;
use super::found::{Found, Moved};
use super::survey::Skipped;
use super::tracker::Jump;

const WORD: usize = 8;
/// Begins a state: the layout of what follows.
const LAYOUT: u64 = 0x6c61_7474_0000_0003;

struct Writer(Vec<u8>);

impl Writer {
    fn word(&mut self, word: u64) {
        self.0.extend_from_slice(&word.to_le_bytes());
    }

    fn integers(&mut self, values: &[i64]) {
        values.iter().for_each(|&value| self.word(value as u64));
    }

    fn floats(&mut self, values: &[f64]) {
        values.iter().for_each(|value| self.word(value.to_bits()));
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn word(&mut self) -> Option<u64> {
        let (word, rest) = self.0.split_first_chunk::<WORD>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*word))
    }

    fn integer(&mut self) -> Option<i64> {
        self.word().map(|word| word as i64)
    }

    fn float(&mut self) -> Option<f64> {
        self.word().map(f64::from_bits)
    }

    /// Reads a list whose items take so many words.
    fn list<Item>(&mut self, words: usize, item: impl Fn(&mut Self) -> Option<Item>) -> Option<Vec<Item>> {
        let length = usize::try_from(self.word()?).ok()?;
        if length > self.0.len() / (WORD * words) {
            return None;
        }
        (0..length).map(|_| item(self)).collect()
    }
}

/// Writes what was found, or why nothing was.
pub fn write(found: &Result<Found, Skipped>) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.word(LAYOUT);
    match found {
        Err(reason) => out.word(*reason as u64),
        Ok(found) => {
            out.word(0);
            write_found(found, &mut out);
        }
    }
    out.0
}

fn write_found(found: &Found, out: &mut Writer) {
    let Found { period, sigma, span, stamp_sigma, systematic, shared, bias, .. } = *found;
    out.floats(&[period, sigma, span, stamp_sigma, systematic, shared, bias]);
    out.integers(&[found.first_shift, found.blocks.len() as i64]);
    for block in &found.blocks {
        out.integers(&[block.row, block.place, block.time]);
        out.floats(&[block.place_mean, block.time_mean, block.count]);
    }
    out.word(found.jumps.len() as u64);
    for jump in &found.jumps {
        out.integers(&[jump.row, jump.change, i64::from(jump.open), jump.from, jump.to]);
        out.floats(&[jump.offset]);
    }
    out.word(found.moved.len() as u64);
    found.moved.iter().for_each(|moved| out.integers(&[moved.row, moved.slot]));
}

/// Reads what [`write`] wrote; none when it is something else.
pub fn read(bytes: &[u8]) -> Option<Result<Found, Skipped>> {
    let mut from = Reader(bytes);
    if from.word()? != LAYOUT {
        return None;
    }
    let found = match from.word()? {
        0 => Ok(read_found(&mut from)?),
        1 => Err(Skipped::TooFew),
        2 => Err(Skipped::Irregular),
        _ => return None,
    };
    from.0.is_empty().then_some(found)
}

fn read_found(from: &mut Reader) -> Option<Found> {
    Some(Found {
        period: from.float()?,
        sigma: from.float()?,
        span: from.float()?,
        stamp_sigma: from.float()?,
        systematic: from.float()?,
        shared: from.float()?,
        bias: from.float()?,
        first_shift: from.integer()?,
        blocks: from.list(6, |from| {
            Some(Block {
                row: from.integer()?,
                place: from.integer()?,
                time: from.integer()?,
                place_mean: from.float()?,
                time_mean: from.float()?,
                count: from.float()?,
            })
        })?,
        jumps: from.list(6, |from| {
            Some(Jump {
                row: from.integer()?,
                change: from.integer()?,
                open: from.integer()? != 0,
                from: from.integer()?,
                to: from.integer()?,
                offset: from.float()?,
            })
        })?,
        moved: from.list(2, |from| Some(Moved { row: from.integer()?, slot: from.integer()? }))?,
    })
}
