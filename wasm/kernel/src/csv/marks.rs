//! Finds the bytes that structure a table: separators, quotes, line feeds and carriage returns.

pub const QUOTE: u8 = b'"';
pub const LF: u8 = b'\n';
pub const CR: u8 = b'\r';

/// Places of structural bytes, and the next one to look at.
#[derive(Default)]
pub struct Marks {
    pub places: Vec<u32>,
    pub next: usize,
}

impl Marks {
    /// Lists the structural bytes of `bytes[start..]`; places count from the start of `bytes`.
    pub fn find(&mut self, bytes: &[u8], start: usize, separator: u8) {
        self.places.clear();
        self.next = 0;
        let done = self.find_blocks(bytes, start, separator);
        for (place, &byte) in bytes.iter().enumerate().skip(done) {
            if byte == separator || byte == QUOTE || byte == LF || byte == CR {
                self.places.push(place as u32);
            }
        }
    }

    /// Handles whole blocks of 64 bytes and returns where it stopped.
    #[cfg(target_arch = "wasm32")]
    fn find_blocks(&mut self, bytes: &[u8], start: usize, separator: u8) -> usize {
        let mut place = start;
        for block in bytes[start..].chunks_exact(64) {
            let mut bits = block_bits(block, separator);
            self.places.reserve(64);
            while bits != 0 {
                self.places.push(place as u32 + bits.trailing_zeros());
                bits &= bits - 1;
            }
            place += 64;
        }
        place
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn find_blocks(&mut self, _bytes: &[u8], start: usize, _separator: u8) -> usize {
        start
    }
}

/// One bit for each structural byte of 64.
#[cfg(target_arch = "wasm32")]
#[inline]
fn block_bits(block: &[u8], separator: u8) -> u64 {
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
    let low = u8x16_splat(0x0f);
    let part = |at: usize| {
        let lane: [u8; 16] = block[at..at + 16].try_into().unwrap_or([0; 16]);
        // SAFETY: the array is 16 readable bytes; the load needs no alignment.
        let lane = unsafe { v128_load(lane.as_ptr().cast()) };
        let expected = u8x16_swizzle(table(), v128_and(lane, low));
        let hits = v128_or(u8x16_eq(lane, expected), u8x16_eq(lane, separators));
        u64::from(u8x16_bitmask(hits)) << at
    };
    part(0) | part(16) | part(32) | part(48)
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn lists_structural_bytes_from_the_start() {
        let mut marks = Marks::default();
        marks.find(b"a,\"b\",c\r\nd", 2, b',');
        assert_eq!(marks.places, [2, 4, 5, 7, 8]);
    }
}
