//! Decimal text to the nearest `f64`, ties to even.
//!
//! Short numbers are exact with one multiplication or division (W. Clinger, "How to read floating point numbers
//! accurately", PLDI 1990); longer ones take 128-bit products (D. Lemire, "Number parsing at a gigabyte per
//! second", 2021); the few that neither decides go to the standard library.

use super::decimal::{is_missing, split, trim, Decimal, Tail};
use super::numeral::split_at;
use super::powers::power_of_five;

const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
const MANTISSA_BITS: u32 = 52;
const HIDDEN_BIT: u64 = 1 << MANTISSA_BITS;

/// The value of a cell: NaN for one that is empty or says that it is missing, `None` for what is no number.
#[inline]
pub fn parse_f64(cell: &[u8], point: u8) -> Option<f64> {
    let cell = trim(cell);
    match split(cell, point) {
        Some(decimal) => Some(convert(&decimal).unwrap_or_else(|| standard(cell, point))),
        None => parse_word(cell),
    }
}

/// Like [`parse_f64`] for `bytes[start..end]`, faster where there are bytes before it.
#[inline]
pub fn parse_f64_at(bytes: &[u8], start: usize, end: usize, point: u8) -> Option<f64> {
    let plain = split_at(bytes, start, end, point).and_then(|decimal| convert(&decimal));
    plain.or_else(|| parse_f64(&bytes[start..end], point))
}

/// Cells that are words: missing or infinite.
fn parse_word(cell: &[u8]) -> Option<f64> {
    if is_missing(cell) {
        return Some(f64::NAN);
    }
    let (value, word) = match cell {
        [b'-', rest @ ..] => (f64::NEG_INFINITY, rest),
        [b'+', rest @ ..] => (f64::INFINITY, rest),
        _ => (f64::INFINITY, cell),
    };
    let infinite = word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"infinity");
    infinite.then_some(value)
}

#[inline]
fn convert(decimal: &Decimal) -> Option<f64> {
    let magnitude = if decimal.tail == Tail::None {
        short(decimal.mantissa, decimal.exponent)
            .or_else(|| nearest(decimal.mantissa, decimal.exponent))?
    } else {
        // The value lies strictly between the two neighbours: where both round alike, so does it.
        let low = nearest(decimal.mantissa, decimal.exponent)?;
        let high = nearest(decimal.mantissa + 1, decimal.exponent)?;
        if low != high {
            return None;
        }
        low
    };
    Some(if decimal.negative {
        -magnitude
    } else {
        magnitude
    })
}

/// Exact operands and one rounding.
#[inline]
fn short(mantissa: u64, exponent: i32) -> Option<f64> {
    if mantissa > 2 * HIDDEN_BIT {
        return None;
    }
    let power = *EXACT_POWERS.get(exponent.unsigned_abs() as usize)?;
    let value = mantissa as f64;
    Some(if exponent < 0 {
        value / power
    } else {
        value * power
    })
}

/// Rounds `mantissa * 10^exponent` from the leading bits of the product with a power of five.
fn nearest(mantissa: u64, exponent: i32) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let (power_high, power_low) = power_of_five(exponent)?;
    let zeros = mantissa.leading_zeros();
    let (high, low) = leading_product(mantissa << zeros, power_high, power_low);
    if low == u64::MAX && !(-27..=55).contains(&exponent) {
        return None;
    }
    let upper = (high >> 63) as u32;
    let shift = upper + 64 - MANTISSA_BITS - 3;
    let mut bits = high >> shift;
    // floor(exponent * log2(10)) holds in the range of the table.
    let scale = ((exponent * 217_706) >> 16) + 63;
    let mut biased = scale + upper as i32 - zeros as i32 + 1023;
    let tie = low <= 1 && (-4..=23).contains(&exponent) && bits & 3 == 1 && bits << shift == high;
    if tie {
        bits &= !1;
    }
    bits = (bits + (bits & 1)) >> 1;
    if bits >= 2 * HIDDEN_BIT {
        bits = HIDDEN_BIT;
        biased += 1;
    }
    Some(f64::from_bits(
        (bits & !HIDDEN_BIT) | ((biased as u64) << MANTISSA_BITS),
    ))
}

/// The upper 128 bits of a 64 by 128 bit product, the second half only as far as it matters.
#[inline]
fn leading_product(mantissa: u64, power_high: u64, power_low: u64) -> (u64, u64) {
    /// Bits below those that decide the rounding.
    const UNDECIDED: u64 = u64::MAX >> (MANTISSA_BITS + 3);
    let (mut high, mut low) = multiply(mantissa, power_high);
    if high & UNDECIDED == UNDECIDED {
        let (sum, carry) = low.overflowing_add(multiply(mantissa, power_low).0);
        low = sum;
        high += u64::from(carry);
    }
    (high, low)
}

/// High and low half of a product, from products of 32 bits: WebAssembly has no wider ones.
#[inline]
fn multiply(left: u64, right: u64) -> (u64, u64) {
    const LOW: u64 = 0xffff_ffff;
    let low = (left & LOW) * (right & LOW);
    let first = (left >> 32) * (right & LOW) + (low >> 32);
    let second = (left & LOW) * (right >> 32) + (first & LOW);
    let high = (left >> 32) * (right >> 32) + (first >> 32) + (second >> 32);
    (high, (second << 32) | (low & LOW))
}

/// The standard library's conversion; `cell` is known to be a number.
#[cold]
fn standard(cell: &[u8], point: u8) -> f64 {
    let text: String = cell
        .iter()
        .map(|&byte| if byte == point { '.' } else { char::from(byte) })
        .collect();
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{nearest, parse_f64};

    /// SplitMix64.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }
    }

    fn assert_same(text: &str) {
        let expected: f64 = text.parse().unwrap();
        let actual = parse_f64(text.as_bytes(), b'.').unwrap();
        assert_eq!(actual.to_bits(), expected.to_bits(), "{text}");
    }

    #[test]
    fn hard_numbers_match_the_standard_library() {
        for text in [
            "0",
            "0.0e9",
            "5e-324",
            "2.5e-324",
            "2.2250738585072012e-308",
            "1e23",
            "8.5e22",
            "9007199254740993",
            "9007199254740993.0000000000000000000001",
            "1e400",
            "1e-400",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "179769313486231580793e289",
            "4503599627370496.5",
            "4503599627370497.5",
            "1.59E12",
            "1.595933810034E12",
            "9223372036854775807",
            "0.500000000000000166533453693773481063544750213623046875",
            "3.518437208883201171875e13",
        ] {
            assert_same(text);
            assert_same(&format!("-{text}"));
        }
    }

    #[test]
    fn products_match_the_standard_library_over_the_whole_table() {
        let mut random = Random(1);
        for exponent in -64..=64 {
            for _ in 0..2000 {
                let mantissa = random.next() >> (random.next() % 64);
                let expected: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
                if let Some(value) = nearest(mantissa, exponent) {
                    assert_eq!(value.to_bits(), expected.to_bits(), "{mantissa}e{exponent}");
                }
            }
        }
    }

    #[test]
    fn random_digits_match_the_standard_library() {
        let mut random = Random(2);
        for _ in 0..200_000 {
            let length = 1 + random.next() % 40;
            let mut text: String = (0..length)
                .map(|_| char::from(b'0' + (random.next() % 10) as u8))
                .collect();
            text.insert((random.next() % (length + 1)) as usize, '.');
            assert_same(&format!("{text}e{}", (random.next() % 700) as i64 - 350));
            assert_same(&text);
        }
    }

    #[test]
    fn words_spaces_and_decimal_commas() {
        assert_eq!(parse_f64(b" +1,5 ", b','), Some(1.5));
        assert_eq!(parse_f64(b"-Infinity", b'.'), Some(f64::NEG_INFINITY));
        assert!(
            parse_f64(b"N/A", b'.').unwrap().is_nan() && parse_f64(b"", b'.').unwrap().is_nan()
        );
        assert_eq!(parse_f64(b"1.5V", b'.'), None);
        assert_eq!(parse_f64(b"\xff", b'.'), None);
    }
}
