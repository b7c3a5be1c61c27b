//! The decimal digits of integers, copied fast.
//!
//! Copies of a fixed size become a few instructions; copies of a few bytes, how many is not known, become a
//! call of the WebAssembly engine. So windows are copied whole, and what is too much is overwritten or cut.

/// At least the digits of any integer, and the zeros up to 10^21.
const WINDOW: usize = 24;
/// Room for a window behind `0.00000`, or behind 21 digits and a point.
pub const CELL: usize = 48;

/// Copies a window to a place in a cell.
pub fn copy_window(cell: &mut [u8; CELL], start: usize, window: &[u8]) {
    cell[start..start + WINDOW].copy_from_slice(&window[..WINDOW]);
}

/// Appends the first bytes of a cell.
pub fn append_start(cell: &[u8; CELL], length: usize, out: &mut Vec<u8>) {
    let end = out.len() + length;
    out.extend_from_slice(cell);
    out.truncate(end);
}

/// The decimal digits of an integer, followed by zeros.
pub struct Digits {
    bytes: [u8; CELL],
    start: usize,
    end: usize,
}

/// Where the last digit ends: 20 digits hold any integer of 64 bits.
const DIGITS_END: usize = 20;
const EIGHT_DIGITS: u64 = 100_000_000;

/// The two digits of every number below 100.
static PAIRS: [[u8; 2]; 100] = pairs();

const fn pairs() -> [[u8; 2]; 100] {
    let mut pairs = [[0; 2]; 100];
    let mut value = 0;
    while value < 100 {
        pairs[value] = [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
        value += 1;
    }
    pairs
}

/// The digits of a number below 10^8 with zeros in front. No pair waits for another.
#[inline(always)]
pub fn eight_digits(value: u32) -> [u8; 8] {
    let (upper, lower) = (value / 10_000, value % 10_000);
    let mut digits = [0; 8];
    for (at, pair) in [upper / 100, upper % 100, lower / 100, lower % 100].into_iter().enumerate() {
        digits[2 * at..2 * at + 2].copy_from_slice(&PAIRS[pair as usize]);
    }
    digits
}

impl Digits {
    /// The digits of a number; zero has one.
    pub fn of(mut value: u64) -> Digits {
        let mut digits = Digits { bytes: [b'0'; CELL], start: DIGITS_END, end: DIGITS_END };
        // Division of 64 bits is slow: as few as possible, then 32 bits.
        while value >= EIGHT_DIGITS {
            let eight = (value % EIGHT_DIGITS) as u32;
            value /= EIGHT_DIGITS;
            digits.push_pairs(eight, 4);
        }
        let mut value = value as u32;
        while value >= 100 {
            digits.push_pairs(value % 100, 1);
            value /= 100;
        }
        if value >= 10 {
            digits.push_pairs(value, 1);
        } else {
            digits.start -= 1;
            digits.bytes[digits.start] = b'0' + value as u8;
        }
        digits
    }

    /// Puts the last digits of a number in front, in pairs.
    #[inline(always)]
    fn push_pairs(&mut self, mut value: u32, pairs: usize) {
        for _ in 0..pairs {
            self.start -= 2;
            self.bytes[self.start..self.start + 2].copy_from_slice(&PAIRS[(value % 100) as usize]);
            value /= 100;
        }
    }

    /// Cuts the zeros at the end, but keeps the first digit.
    pub fn without_zeros(mut self) -> Digits {
        while self.end > self.start + 1 && self.bytes[self.end - 1] == b'0' {
            self.end -= 1;
        }
        self
    }

    /// Number of digits.
    pub fn count(&self) -> usize {
        self.end - self.start
    }

    /// The digits alone.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// The digits from one on, with zeros after the last.
    pub fn window(&self, from: usize) -> &[u8] {
        &self.bytes[self.start + from..self.start + from + WINDOW]
    }
}

#[cfg(test)]
mod tests {
    use super::Digits;

    #[test]
    fn gives_the_digits_of_every_length() {
        let mut value = 0u64;
        for digit in 1..=19 {
            value = value * 10 + digit % 10;
            for number in [value, value - 1, 10u64.pow(digit as u32), 10u64.pow(digit as u32) - 1] {
                assert_eq!(Digits::of(number).as_slice(), number.to_string().as_bytes());
            }
        }
        assert_eq!(Digits::of(u64::MAX).as_slice(), u64::MAX.to_string().as_bytes());
        assert_eq!(Digits::of(0).as_slice(), b"0");
        assert_eq!(Digits::of(100).without_zeros().as_slice(), b"1");
        assert_eq!(Digits::of(0).without_zeros().as_slice(), b"0");
    }
}
