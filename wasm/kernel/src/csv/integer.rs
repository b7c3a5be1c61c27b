//! Decimal text to exact 64-bit integers, by decimal arithmetic.

use super::decimal::{is_missing, split, trim, Decimal, Tail, POWERS_OF_TEN};
use super::numeral::split_at;
use super::MISSING;

/// The integer that a cell spells, [`MISSING`] for an empty one, `None` for anything else.
pub fn parse_i64(cell: &[u8], point: u8) -> Option<i64> {
    let cell = trim(cell);
    match split(cell, point) {
        Some(decimal) => {
            let (value, exact) = scale(&decimal, 0)?;
            exact.then_some(value)
        }
        None => is_missing(cell).then_some(MISSING),
    }
}

/// A cell times `10^exponent`, rounded half to even. [`MISSING`] for an empty one, `None` for what is no number
/// or does not fit.
pub fn parse_scaled(cell: &[u8], point: u8, exponent: i32) -> Option<i64> {
    let cell = trim(cell);
    match split(cell, point) {
        Some(decimal) => scale(&decimal, exponent).map(|(value, _)| value),
        None => is_missing(cell).then_some(MISSING),
    }
}

/// Like [`parse_i64`] for `bytes[start..end]`, faster where there are bytes before it.
pub fn parse_i64_at(bytes: &[u8], start: usize, end: usize, point: u8) -> Option<i64> {
    match split_at(bytes, start, end, point) {
        Some(decimal) => scale(&decimal, 0).and_then(|(value, exact)| exact.then_some(value)),
        None => parse_i64(&bytes[start..end], point),
    }
}

/// Like [`parse_scaled`] for `bytes[start..end]`, faster where there are bytes before it.
pub fn parse_scaled_at(
    bytes: &[u8],
    start: usize,
    end: usize,
    point: u8,
    exponent: i32,
) -> Option<i64> {
    match split_at(bytes, start, end, point) {
        Some(decimal) => scale(&decimal, exponent).map(|(value, _)| value),
        None => parse_scaled(&bytes[start..end], point, exponent),
    }
}

/// A decimal times `10^exponent`, and whether nothing was rounded away.
fn scale(decimal: &Decimal, exponent: i32) -> Option<(i64, bool)> {
    let shift = decimal.exponent.saturating_add(exponent);
    let (magnitude, tail) = if decimal.mantissa == 0 {
        (0, decimal.tail)
    } else if shift >= 0 {
        let power = POWERS_OF_TEN.get(shift.unsigned_abs() as usize)?;
        (decimal.mantissa.checked_mul(*power)?, decimal.tail)
    } else {
        divide(decimal.mantissa, shift.unsigned_abs(), decimal.tail)
    };
    let up = tail == Tail::AboveHalf || (tail == Tail::Half && magnitude & 1 == 1);
    let rounded = i64::try_from(magnitude.checked_add(u64::from(up))?).ok()?;
    Some((
        if decimal.negative { -rounded } else { rounded },
        tail == Tail::None,
    ))
}

/// Quotient by a power of ten, and how the rest compares with half of it.
fn divide(mantissa: u64, places: u32, tail: Tail) -> (u64, Tail) {
    let Some(divisor) = POWERS_OF_TEN.get(places as usize) else {
        // Below 2^64 / 10^20, hence below a half.
        return (0, Tail::BelowHalf);
    };
    let quotient = mantissa / divisor;
    let rest = mantissa - quotient * divisor;
    let comparison = match (rest.cmp(&(divisor / 2)), tail) {
        (core::cmp::Ordering::Less, _) if rest == 0 && tail == Tail::None => Tail::None,
        (core::cmp::Ordering::Less, _) => Tail::BelowHalf,
        (core::cmp::Ordering::Equal, Tail::None) => Tail::Half,
        _ => Tail::AboveHalf,
    };
    (quotient, comparison)
}

#[cfg(test)]
mod tests {
    use super::{parse_i64, parse_scaled};
    use crate::csv::MISSING;

    #[test]
    fn integers_are_exact_or_refused() {
        assert_eq!(
            parse_i64(b" 9007199254740993 ", b'.'),
            Some(9_007_199_254_740_993)
        );
        assert_eq!(parse_i64(b"-9223372036854775807", b'.'), Some(-i64::MAX));
        assert_eq!(parse_i64(b"12.00", b'.'), Some(12));
        assert_eq!(parse_i64(b"1.5e1", b'.'), Some(15));
        assert_eq!(parse_i64(b"null", b'.'), Some(MISSING));
        for text in [
            "1.5",
            "9223372036854775808",
            "-9223372036854775808",
            "1e19",
            "inf",
            "x",
        ] {
            assert_eq!(parse_i64(text.as_bytes(), b'.'), None, "{text}");
        }
    }

    #[test]
    fn times_scale_without_a_float() {
        assert_eq!(
            parse_scaled(b"1.595933810034E12", b'.', 6),
            Some(1_595_933_810_034_000_000)
        );
        assert_eq!(
            parse_scaled(b"1595933810.034000001", b'.', 9),
            Some(1_595_933_810_034_000_001)
        );
        assert_eq!(
            parse_scaled(b"1595933810034,25", b',', 6),
            Some(1_595_933_810_034_250_000)
        );
        assert_eq!(parse_scaled(b"-0.5", b'.', 0), Some(0));
    }

    #[test]
    fn ties_go_to_even() {
        for (text, expected) in [
            ("0.5", 0),
            ("1.5", 2),
            ("2.5", 2),
            ("-1.5", -2),
            ("-2.5", -2),
            ("2.50000000000000000000001", 3),
            ("2.49999999999999999999999", 2),
            ("1e-30", 0),
            ("0.9999999999999999999999", 1),
            ("1234567890123456789.5", 1_234_567_890_123_456_790),
            ("1234567890123456788.5", 1_234_567_890_123_456_788),
            ("1234567890123456788.50000001", 1_234_567_890_123_456_789),
        ] {
            assert_eq!(
                parse_scaled(text.as_bytes(), b'.', 0),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(parse_scaled(b"9223372036854775807.5", b'.', 0), None);
        assert_eq!(parse_scaled(b"0e999999", b'.', 9), Some(0));
    }
}
