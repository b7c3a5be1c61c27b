//! Splits the text of a decimal number into sign, digits and exponent, without rounding.

/// Significant digits that always fit in a `u64`.
const KEPT_DIGITS: usize = 19;
/// Exponents beyond this are all alike: far outside every range.
const EXPONENT_LIMIT: i32 = 100_000;

/// Eight times the digit zero.
const ZERO_DIGITS: u64 = 0x3030_3030_3030_3030;

/// Powers of ten that fit in a `u64`.
pub const POWERS_OF_TEN: [u64; 20] = powers_of_ten();

const fn powers_of_ten() -> [u64; 20] {
    let mut powers = [1; 20];
    let mut exponent = 1;
    while exponent < 20 {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
}

/// How the digits that were not kept compare with half a unit of the last one kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tail {
    None,
    BelowHalf,
    Half,
    AboveHalf,
}

/// `mantissa * 10^exponent`, plus the tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decimal {
    pub negative: bool,
    pub mantissa: u64,
    pub exponent: i32,
    pub tail: Tail,
}

/// Removes spaces and tabs on both sides.
#[inline]
pub fn trim(mut cell: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = cell {
        cell = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = cell {
        cell = rest;
    }
    cell
}

/// Whether a trimmed cell says that there is no value.
pub fn is_missing(cell: &[u8]) -> bool {
    const WORDS: [&[u8]; 5] = [b"nan", b"na", b"n/a", b"null", b"none"];
    let unsigned = match cell {
        [b'+' | b'-', rest @ ..] => rest,
        _ => cell,
    };
    cell.is_empty() || WORDS.iter().any(|word| unsigned.eq_ignore_ascii_case(word))
}

/// Splits a trimmed cell: `[+-] digits [point digits] [e [+-] digits]`, with a digit before or after the point.
#[inline]
pub fn split(cell: &[u8], point: u8) -> Option<Decimal> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    };
    if let Some((mantissa, places)) = split_short(digits, point) {
        return Some(Decimal {
            negative,
            mantissa,
            exponent: -places,
            tail: Tail::None,
        });
    }
    let (mut mantissa, whole) = read_digits(digits, 0, 0);
    let mut end = whole;
    let mut places = 0;
    if end < digits.len() && digits[end] == point {
        (mantissa, end) = read_digits(digits, end + 1, mantissa);
        places = end - whole - 1;
    }
    if whole + places == 0 {
        return None;
    }
    let mut exponent = -(places as i32);
    let numeral = &digits[..end];
    if end < digits.len() {
        exponent += read_exponent(&digits[end..])?;
    }
    if whole + places > KEPT_DIGITS {
        return Some(split_long(numeral, negative, exponent));
    }
    Some(Decimal {
        negative,
        mantissa,
        exponent,
        tail: Tail::None,
    })
}

/// Mantissa and decimal places of the usual number: up to 7 digits, a point, and up to 19 digits in all, zeros at
/// the start not counted. `None` says nothing but that it is written otherwise.
#[inline]
fn split_short(digits: &[u8], point: u8) -> Option<(u64, i32)> {
    if digits.len() < 8 {
        return None;
    }
    let head = load(digits, 0)?;
    let difference = head ^ (0x0101_0101_0101_0101 * u64::from(point));
    // The lowest byte that is zero gets its high bit set.
    let zeros =
        difference.wrapping_sub(0x0101_0101_0101_0101) & !difference & 0x8080_8080_8080_8080;
    let whole = zeros.trailing_zeros() as usize / 8;
    if !(1..8).contains(&whole) {
        return None;
    }
    let mut mantissa = eight_digits(last_bytes(head << (64 - 8 * whole), whole))?;
    let mut at = whole + 1;
    let places = digits.len() - at;
    if places + if mantissa == 0 { 0 } else { whole } > KEPT_DIGITS {
        return None;
    }
    while let Some(word) = load(digits, at) {
        mantissa = mantissa * 100_000_000 + eight_digits(word)?;
        at += 8;
    }
    let rest = digits.len() - at;
    if rest > 0 {
        let word = last_bytes(load(digits, digits.len() - 8)?, rest);
        mantissa = mantissa * POWERS_OF_TEN[rest] + eight_digits(word)?;
    }
    Some((mantissa, places as i32))
}

/// Eight bytes as a word, the first one lowest.
#[inline]
fn load(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at + 8)?;
    Some(u64::from_le_bytes(eight.try_into().ok()?))
}

/// The last bytes of a word, 1 to 7 of them, behind zero digits.
#[inline]
fn last_bytes(word: u64, count: usize) -> u64 {
    let shift = 64 - 8 * count;
    (word >> shift << shift) | (ZERO_DIGITS >> (8 * count))
}

/// Appends digits to a mantissa; wraps around when there are too many. Returns it and where they end.
#[inline]
fn read_digits(bytes: &[u8], start: usize, mut mantissa: u64) -> (u64, usize) {
    let mut end = start;
    while let Some(eight) = load(bytes, end).and_then(eight_digits) {
        mantissa = mantissa.wrapping_mul(100_000_000).wrapping_add(eight);
        end += 8;
    }
    while end < bytes.len() {
        let digit = bytes[end].wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    (mantissa, end)
}

/// The number that eight bytes spell, all at once, if they are digits.
#[inline]
fn eight_digits(word: u64) -> Option<u64> {
    let digits = word ^ ZERO_DIGITS;
    // A byte above 9 has a bit of its high half set, or gets one from adding 6.
    if (digits | digits.wrapping_add(0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0 != 0 {
        return None;
    }
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

fn read_exponent(text: &[u8]) -> Option<i32> {
    let (negative, digits) = match text {
        [b'e' | b'E', b'-', rest @ ..] => (true, rest),
        [b'e' | b'E', b'+', rest @ ..] => (false, rest),
        [b'e' | b'E', rest @ ..] => (false, rest),
        _ => return None,
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0, |value: i32, digit| {
        (value * 10 + i32::from(digit - b'0')).min(EXPONENT_LIMIT)
    });
    Some(if negative { -value } else { value })
}

/// Like [`split`] for more digits than fit: keeps the first significant ones and sums up the rest.
#[cold]
fn split_long(numeral: &[u8], negative: bool, exponent: i32) -> Decimal {
    let mut digits = numeral
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .map(|byte| byte - b'0');
    let mut mantissa = 0;
    let mut kept = 0;
    let mut dropped = 0;
    let mut tail = Tail::None;
    for digit in digits.by_ref() {
        if kept < KEPT_DIGITS {
            mantissa = mantissa * 10 + u64::from(digit);
            kept += usize::from(mantissa > 0);
            continue;
        }
        tail = if dropped == 0 {
            first_tail(digit)
        } else {
            next_tail(tail, digit)
        };
        dropped += 1;
    }
    Decimal {
        negative,
        mantissa,
        exponent: exponent.saturating_add(dropped),
        tail,
    }
}

fn first_tail(digit: u8) -> Tail {
    match digit {
        0 => Tail::None,
        1..=4 => Tail::BelowHalf,
        5 => Tail::Half,
        _ => Tail::AboveHalf,
    }
}

fn next_tail(tail: Tail, digit: u8) -> Tail {
    match (tail, digit) {
        (_, 0) => tail,
        (Tail::None, _) => Tail::BelowHalf,
        (Tail::Half, _) => Tail::AboveHalf,
        _ => tail,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_missing, split, trim, Decimal, Tail};

    fn parts(text: &str) -> Option<(bool, u64, i32, Tail)> {
        split(text.as_bytes(), b'.').map(
            |Decimal {
                 negative,
                 mantissa,
                 exponent,
                 tail,
             }| { (negative, mantissa, exponent, tail) },
        )
    }

    #[test]
    fn splits_plain_numbers() {
        assert_eq!(parts("12.50"), Some((false, 1250, -2, Tail::None)));
        assert_eq!(parts("-.5e-3"), Some((true, 5, -4, Tail::None)));
        assert_eq!(
            parts("+1.595933810034E12"),
            Some((false, 1_595_933_810_034, 0, Tail::None))
        );
        assert_eq!(
            parts("123456789012345678"),
            Some((false, 123_456_789_012_345_678, 0, Tail::None))
        );
        assert_eq!(
            parts("1e999999999999"),
            Some((false, 1, 100_000, Tail::None))
        );
    }

    #[test]
    fn refuses_what_is_not_a_number() {
        for text in [
            "", "+", ".", "1e", "1e+", "e5", "1.2.3", "0x10", "1 2", "--1", "1_0", "12:30", "1/2",
        ] {
            assert_eq!(parts(text), None, "{text}");
        }
        assert_eq!(split(b"1.5", b','), None);
        assert_eq!(split(b"1,5", b',').map(|one| one.mantissa), Some(15));
    }

    #[test]
    fn sums_up_the_digits_that_do_not_fit() {
        assert_eq!(
            parts("10000000000000000005"),
            Some((false, 1_000_000_000_000_000_000, 1, Tail::Half))
        );
        assert_eq!(
            parts("1000000000000000000.5001"),
            Some((false, 10u64.pow(18), 0, Tail::AboveHalf))
        );
        assert_eq!(
            parts("1000000000000000000.0001"),
            Some((false, 10u64.pow(18), 0, Tail::BelowHalf))
        );
        assert_eq!(
            parts("0000000000000000000000012.5"),
            Some((false, 125, -1, Tail::None))
        );
        assert_eq!(
            parts("1000000000000000000.0000"),
            Some((false, 10u64.pow(18), 0, Tail::None))
        );
    }

    #[test]
    fn knows_the_words_for_missing() {
        for word in ["", "NaN", "nan", "-nan", "NA", "n/a", "NULL", "None"] {
            assert!(is_missing(word.as_bytes()), "{word}");
        }
        assert!(!is_missing(b"0") && !is_missing(b"nane") && !is_missing(b"-"));
        assert_eq!(trim(b" \t1 2\t "), b"1 2");
    }
}
