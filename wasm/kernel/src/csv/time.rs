//! Date-time text (ISO 8601 and close relatives) to nanoseconds since 1970-01-01T00:00:00.

use super::decimal::{is_missing, trim};
use super::integer::parse_scaled;
use super::MISSING;

const NS_PER_SECOND: i64 = 1_000_000_000;

/// Nanoseconds of `YYYY-MM-DD[ T]HH:MM[:SS[.fraction]][zone]`; text without a zone counts as UTC. Dates may be
/// written with `/`, fractions with a comma. [`MISSING`] for an empty cell, `None` for anything else.
pub fn parse_iso(cell: &[u8]) -> Option<i64> {
    let cell = trim(cell);
    if is_missing(cell) {
        return Some(MISSING);
    }
    let (day, clock) = (cell.get(..10)?, cell.get(11..)?);
    if !matches!(cell[10], b' ' | b'T' | b't') {
        return None;
    }
    let days = parse_date(day)?;
    let (seconds, fraction, zone) = parse_clock(clock)?;
    let offset = parse_zone(zone)?;
    (days * 86_400 + seconds - offset)
        .checked_mul(NS_PER_SECOND)?
        .checked_add(fraction)
}

/// Two digits at a place.
fn two(text: &[u8], at: usize) -> Option<i64> {
    match text.get(at..at + 2)? {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
        }
        _ => None,
    }
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
fn parse_date(text: &[u8]) -> Option<i64> {
    let separator = text[4];
    if !matches!(separator, b'-' | b'/') || text[7] != separator {
        return None;
    }
    let year = two(text, 0)? * 100 + two(text, 2)?;
    let (month, day) = (two(text, 5)?, two(text, 8)?);
    let valid = (1..=12).contains(&month) && (1..=month_length(year, month)).contains(&day);
    valid.then(|| days_from_date(year, month, day))
}

fn month_length(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the proleptic Gregorian calendar, counting years from March so that leap days come last.
fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let month = (month + 9) % 12;
    let before_year = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    before_year + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Seconds, nanoseconds and the rest of `HH:MM[:SS[.fraction]]`.
fn parse_clock(text: &[u8]) -> Option<(i64, i64, &[u8])> {
    let (hour, minute) = (two(text, 0)?, two(text, 3)?);
    if text[2] != b':' || hour > 23 || minute > 59 {
        return None;
    }
    let start = hour * 3600 + minute * 60;
    let rest = &text[5..];
    if rest.first() != Some(&b':') {
        return Some((start, 0, rest));
    }
    let second = two(rest, 1)?;
    // A leap second counts as the first of the next minute, as in POSIX.
    if second > 60 {
        return None;
    }
    let (fraction, zone) = parse_fraction(&rest[3..])?;
    Some((start + second, fraction, zone))
}

/// Nanoseconds of `.digits`, rounded half to even, and what follows.
fn parse_fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(&point @ (b'.' | b',')) = text.first() else {
        return Some((0, text));
    };
    let digits = text[1..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if digits == 0 {
        return None;
    }
    let (fraction, zone) = text.split_at(digits + 1);
    Some((parse_scaled(fraction, point, 9)?, zone))
}

/// Seconds east of UTC of nothing, `Z`, `+HH`, `+HHMM` or `+HH:MM`.
fn parse_zone(text: &[u8]) -> Option<i64> {
    let text = trim(text);
    let (sign, digits) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let minutes = match digits.len() {
        2 => 0,
        4 => two(digits, 2)?,
        5 if digits[2] == b':' => two(digits, 3)?,
        _ => return None,
    };
    let hours = two(digits, 0)?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::parse_iso;
    use crate::csv::MISSING;

    #[test]
    fn reads_the_usual_forms() {
        for (text, expected) in [
            ("1970-01-01T00:00", 0),
            ("2020-07-28T10:56:50.034Z", 1_595_933_810_034_000_000),
            ("2020/07/28 10:56:50,034", 1_595_933_810_034_000_000),
            ("2020-07-28T12:56:50.034+02:00", 1_595_933_810_034_000_000),
            ("2020-07-28T05:26:50.034 -0530", 1_595_933_810_034_000_000),
            ("2000-02-29T23:59:60Z", 951_868_800_000_000_000),
            ("1969-12-31 23:59:59.9999999996", 0),
            ("1969-12-31 23:59:59.123456789", -876_543_211),
        ] {
            assert_eq!(parse_iso(text.as_bytes()), Some(expected), "{text}");
        }
        assert_eq!(parse_iso(b" "), Some(MISSING));
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "2021-02-29T00:00",
            "2020-13-01T00:00",
            "2020-00-01T00:00",
            "2020-07-28",
            "2020-07-28T24:00",
            "12:30",
            "2020-07-28T10:60",
            "2020-07-28T10:56:61",
            "2020-07-28T10:56:50.",
            "2020-07-28T10:56:50 CET",
            "2020-07/28T10:56",
            "2020-07-28T10:56+1",
            "2263-01-01T00:00",
            "20-07-28T10:56:50",
            "2020-07-28T10-56",
        ] {
            assert_eq!(parse_iso(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = 0;
        for year in 1970..2200 {
            for month in 1..=12 {
                for day in 1..=super::month_length(year, month) {
                    let text = format!("{year:04}-{month:02}-{day:02}T00:00");
                    assert_eq!(
                        parse_iso(text.as_bytes()),
                        Some(expected * 86_400_000_000_000)
                    );
                    expected += 1;
                }
            }
        }
    }
}
