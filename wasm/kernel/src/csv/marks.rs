//! Finds the bytes that structure a table: separators, quotes, line feeds and carriage returns.

pub const QUOTE: u8 = b'"';
pub const LF: u8 = b'\n';
pub const CR: u8 = b'\r';

/// Places of structural bytes, and the next one to look at.
#[derive(Default)]
pub struct Marks {
    /// Storage; the first `count` are places.
    places: Vec<u32>,
    count: usize,
    pub next: usize,
    /// Whether a quote is among them.
    pub quotes: bool,
}

impl Marks {
    /// The places that were found, in order.
    #[inline]
    pub fn places(&self) -> &[u32] {
        &self.places[..self.count]
    }

    /// Lists the structural bytes of `bytes[start..]`; places count from the start of `bytes`.
    pub fn find(&mut self, bytes: &[u8], start: usize, separator: u8) {
        let most = bytes.len() - start;
        if self.places.len() < most {
            self.places.resize(most, 0);
        }
        self.count = 0;
        self.next = 0;
        self.quotes = false;
        let done = self.find_blocks(bytes, start, separator);
        for (place, &byte) in bytes.iter().enumerate().skip(done) {
            if byte == separator || byte == QUOTE || byte == LF || byte == CR {
                self.quotes |= byte == QUOTE;
                self.places[self.count] = place as u32;
                self.count += 1;
            }
        }
    }

    /// Handles whole blocks of 64 bytes and returns where it stopped.
    #[cfg(target_arch = "wasm32")]
    fn find_blocks(&mut self, bytes: &[u8], start: usize, separator: u8) -> usize {
        let mut place = start;
        for block in bytes[start..].chunks_exact(64) {
            let (mut bits, quotes) = block_bits(block, separator);
            self.quotes |= quotes;
            let found = &mut self.places[self.count..self.count + bits.count_ones() as usize];
            for mark in found.iter_mut() {
                *mark = place as u32 + bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
            }
            self.count += found.len();
            place += 64;
        }
        place
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn find_blocks(&mut self, _bytes: &[u8], start: usize, _separator: u8) -> usize {
        start
    }
}

/// Whether no byte is NUL.
#[cfg(target_arch = "wasm32")]
pub fn all_set(bytes: &[u8]) -> bool {
    use core::arch::wasm32::*;
    let (blocks, rest) = bytes.as_chunks::<16>();
    // SAFETY: each block is 16 readable bytes; the load needs no alignment.
    let set = |block: &[u8; 16]| unsafe { u8x16_all_true(v128_load(block.as_ptr().cast())) };
    blocks.iter().all(set) && !rest.contains(&0)
}

/// Whether no byte is NUL.
#[cfg(not(target_arch = "wasm32"))]
pub fn all_set(bytes: &[u8]) -> bool {
    !bytes.contains(&0)
}

/// One bit for each structural byte of 64, and whether one of them is a quote.
#[cfg(target_arch = "wasm32")]
#[inline]
fn block_bits(block: &[u8], separator: u8) -> (u64, bool) {
    use core::arch::wasm32::*;
    const NONE: u8 = 0;
    // At each low half-byte stands the only structural byte that ends in it; no byte matches its own NONE
    // but 0 at place 0, where another byte is put.
    const fn table() -> v128 {
        u8x16(
            1, NONE, QUOTE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, LF, NONE, NONE, CR, NONE,
            NONE,
        )
    }
    let separators = u8x16_splat(separator);
    let quote = u8x16_splat(QUOTE);
    let low = u8x16_splat(0x0f);
    let part = |at: usize| {
        let lane: [u8; 16] = block[at..at + 16].try_into().unwrap_or([0; 16]);
        // SAFETY: the array is 16 readable bytes; the load needs no alignment.
        let lane = unsafe { v128_load(lane.as_ptr().cast()) };
        let expected = u8x16_swizzle(table(), v128_and(lane, low));
        let hits = v128_or(u8x16_eq(lane, expected), u8x16_eq(lane, separators));
        (u64::from(u8x16_bitmask(hits)) << at, u8x16_eq(lane, quote))
    };
    let ((a, quotes_a), (b, quotes_b)) = (part(0), part(16));
    let ((c, quotes_c), (d, quotes_d)) = (part(32), part(48));
    let quotes = v128_or(v128_or(quotes_a, quotes_b), v128_or(quotes_c, quotes_d));
    (a | b | c | d, v128_any_true(quotes))
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn lists_structural_bytes_from_the_start() {
        let mut marks = Marks::default();
        marks.find(b"a,\"b\",c\r\nd", 2, b',');
        assert_eq!(marks.places(), [2, 4, 5, 7, 8]);
        assert!(marks.quotes);
    }
}
