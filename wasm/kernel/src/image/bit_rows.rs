//! Marks of a picture as bits, 64 a word, so that small discs grow many pixels at once.

/// Rows of bits.
#[derive(Default)]
pub struct BitRows {
    words: usize,
    from: Vec<u64>,
    to: Vec<u64>,
}

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = LOW_BITS << 7;

impl BitRows {
    /// Grows what is marked in `bytes`, or what is not, by a disc; `reach` tells how far it reaches along a row, by
    /// the rows between. Pixels become `value` where it reaches, `other` elsewhere.
    pub fn grow(&mut self, bytes: &mut [u8], width: usize, marked: bool, reach: &[i32], values: [u8; 2]) {
        self.pack(bytes, width, marked);
        self.spread(bytes.len() / width, reach);
        for (line, words) in bytes.chunks_exact_mut(width).zip(self.to.chunks_exact(self.words)) {
            unpack(words, line, values);
        }
    }

    fn pack(&mut self, bytes: &[u8], width: usize, marked: bool) {
        self.words = width.div_ceil(64);
        self.from.clear();
        self.to.clear();
        self.to.resize(self.words * (bytes.len() / width), 0);
        let flip = if marked { 0 } else { u64::MAX };
        for line in bytes.chunks_exact(width) {
            let (whole, rest) = line.as_chunks::<64>();
            self.from.extend(whole.iter().map(|piece| pack_word(piece) ^ flip));
            if !rest.is_empty() {
                self.from.push(pack_word(rest) ^ flip & lowest(rest.len()));
            }
        }
    }

    /// Adds each row, grown along itself, to the rows that it reaches.
    fn spread(&mut self, rows: usize, reach: &[i32]) {
        let words = self.words;
        for row in 0..rows {
            let line = &mut self.from[row * words..(row + 1) * words];
            if line.iter().all(|&word| word == 0) {
                continue;
            }
            let mut grown = 0;
            // The farthest row comes first: the disc is narrowest there.
            for (away, &far) in reach.iter().enumerate().rev() {
                while grown < far {
                    grow_by_one(line);
                    grown += 1;
                }
                for target in [row.checked_sub(away), row.checked_add(away)].into_iter().flatten() {
                    if target < rows {
                        let to = &mut self.to[target * words..(target + 1) * words];
                        to.iter_mut().zip(line.iter()).for_each(|(to, &word)| *to |= word);
                    }
                }
            }
        }
    }
}

fn grow_by_one(line: &mut [u64]) {
    let mut before = 0;
    for at in 0..line.len() {
        let word = line[at];
        let after = line.get(at + 1).map_or(0, |next| next << 63);
        line[at] = word | word << 1 | before >> 63 | word >> 1 | after;
        before = word;
    }
}

fn lowest(count: usize) -> u64 {
    (1 << count) - 1
}

/// One bit for each of up to 64 bytes that is not 0.
#[inline(always)]
fn pack_word(bytes: &[u8]) -> u64 {
    bytes.chunks(8).enumerate().fold(0, |bits, (at, eight)| bits | pack_eight(eight) << (8 * at))
}

/// One bit for each of up to eight bytes that is not 0.
fn pack_eight(bytes: &[u8]) -> u64 {
    let Some(eight) = bytes.first_chunk::<8>() else {
        return bytes.iter().enumerate().fold(0, |bits, (at, &byte)| bits | u64::from(byte != 0) << at);
    };
    let word = u64::from_le_bytes(*eight);
    let marked = ((word & !HIGH_BITS) + !HIGH_BITS | word) & HIGH_BITS;
    // Each product moves one bit to the highest byte.
    (marked >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

fn unpack(words: &[u64], line: &mut [u8], [value, other]: [u8; 2]) {
    let flip = u64::from(other) * LOW_BITS;
    debug_assert_eq!(value, !other);
    let eight = |word: u64, at: usize| {
        let picked = ((word >> (8 * at)) & 0xff).wrapping_mul(LOW_BITS) & 0x8040_2010_0804_0201;
        let ones = ((picked + !HIGH_BITS) & HIGH_BITS) >> 7;
        (ones.wrapping_mul(255) ^ flip).to_le_bytes()
    };
    let (whole, rest) = line.as_chunks_mut::<64>();
    for (piece, &word) in whole.iter_mut().zip(words) {
        for (at, to) in piece.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            *to = eight(word, at);
        }
    }
    let last = words.last().copied().unwrap_or(0);
    for (at, to) in rest.chunks_mut(8).enumerate() {
        to.copy_from_slice(&eight(last, at)[..to.len()]);
    }
}
