//! The numbers that fill most cells of recordings, written by the shortest way.
//!
//! Everything is copied in blocks of a fixed size and then cut, as in `digits`.

use crate::digits::eight_digits;

const EIGHT_DIGITS: u64 = 100_000_000;
/// Room for the digits of any integer: three blocks of eight.
const INTEGER: usize = 24;
/// Room for a short number.
const SHORT: usize = 16;

/// Appends an integer.
pub fn write_integer(value: u64, out: &mut Vec<u8>) {
    let mut cell = [b'0'; 2 * INTEGER];
    cell[16..24].copy_from_slice(&eight_digits((value % EIGHT_DIGITS) as u32));
    // Division of 64 bits is slow: as few as possible.
    let rest = value / EIGHT_DIGITS;
    let mut start = 16;
    if rest != 0 {
        cell[8..16].copy_from_slice(&eight_digits((rest % EIGHT_DIGITS) as u32));
        start = 8;
        if rest >= EIGHT_DIGITS {
            cell[..8].copy_from_slice(&eight_digits((rest / EIGHT_DIGITS) as u32));
            start = 0;
        }
    }
    while start < INTEGER - 1 && cell[start] == b'0' {
        start += 1;
    }
    append::<INTEGER>(&cell[start..], INTEGER - start, out);
}

/// Appends a point and `billionths`, which are below 10^9, without zeros at the end; nothing for none.
pub fn write_billionths(billionths: u32, out: &mut Vec<u8>) {
    if billionths == 0 {
        return;
    }
    let mut cell = [b'0'; SHORT];
    cell[0] = b'.';
    cell[1..9].copy_from_slice(&eight_digits(billionths / 10));
    cell[9] = b'0' + (billionths % 10) as u8;
    append::<SHORT>(&cell, end_of_digits(&cell, 10), out);
}

/// Appends a float that equals a decimal of at most five places behind the point and fits into 32 bits without it.
/// Returns false, and appends nothing, for any other. The sign is not written.
///
/// The decimal is the shortest one that reads back as `size`: `scaled` and 10^5 are exact floats, so one division
/// tells whether it does, and no two decimals of up to 15 digits share a float (DBL_DIG).
pub fn write_measured(size: f64, out: &mut Vec<u8>) -> bool {
    const SCALE: u32 = 100_000;
    let scaled = (size * f64::from(SCALE) + 0.5) as u32;
    if f64::from(scaled) / f64::from(SCALE) != size {
        return false;
    }
    let (whole, fraction) = (scaled / SCALE, scaled % SCALE);
    let mut cell = [b'0'; 2 * SHORT];
    cell[..8].copy_from_slice(&eight_digits(whole));
    cell[8] = b'.';
    cell[9..17].copy_from_slice(&eight_digits(fraction * 1000));
    let start = 8 - count_digits(whole);
    let end = if fraction == 0 { 8 } else { end_of_digits(&cell, 14) };
    append::<SHORT>(&cell[start..], end - start, out);
    true
}

/// Number of digits of an integer below 100,000.
fn count_digits(value: u32) -> usize {
    1 + [10, 100, 1000, 10_000].iter().filter(|&&power| value >= power).count()
}

/// The end of a number that stops at `end`, without the zeros there.
fn end_of_digits(cell: &[u8], mut end: usize) -> usize {
    while cell[end - 1] == b'0' {
        end -= 1;
    }
    end
}

#[inline(always)]
fn append<const WINDOW: usize>(cell: &[u8], length: usize, out: &mut Vec<u8>) {
    let end = out.len() + length;
    let mut window = [0; WINDOW];
    window.copy_from_slice(&cell[..WINDOW]);
    out.extend_from_slice(&window);
    out.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_integers_of_every_length() {
        let mut value = 0u64;
        for digit in 1..=19 {
            value = value * 10 + digit % 10;
            let power = 10u64.pow(digit as u32);
            for number in [value, power - 1, power, power + 1] {
                assert_eq!(text_of(|out| write_integer(number, out)), number.to_string());
            }
        }
        for number in [0, u64::MAX] {
            assert_eq!(text_of(|out| write_integer(number, out)), number.to_string());
        }
    }

    #[test]
    fn writes_billionths_without_zeros_at_the_end() {
        let cases = [(0, ""), (1, ".000000001"), (500_000_000, ".5"), (999_999_999, ".999999999")];
        for (billionths, expected) in cases {
            assert_eq!(text_of(|out| write_billionths(billionths, out)), expected);
        }
    }

    #[test]
    fn writes_measured_numbers_as_the_standard_library() {
        let decimals = (0..=u32::MAX).step_by(9973).map(|scaled| f64::from(scaled) / 1e5);
        let edges = [0.0, 1e-5, 1.0, 9.99999, 10.0, 100.5, 1000.0, 10_000.00001, 42949.67295];
        for value in decimals.chain(edges) {
            let mut written = false;
            let text = text_of(|out| written = write_measured(value, out));
            assert!(written, "{value}");
            assert_eq!(text, value.to_string());
        }
    }

    #[test]
    fn leaves_other_floats_alone() {
        for value in [1e-6, 0.1 + 0.2, 1.0 / 3.0, 42949.67296, 1e300, 5e-324, f64::INFINITY] {
            assert_eq!(text_of(|out| assert!(!write_measured(value, out))), "", "{value}");
        }
    }
}
