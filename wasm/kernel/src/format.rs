//! Numbers and text as the cells of a CSV table.
//!
//! A float is written with the fewest digits that read back as the same float, in the notation of
//! ECMAScript's `Number::toString` (ECMA-262, 6.1.6.1.20); only -0 differs, which keeps its sign.

use crate::digits::{append_start, copy_window, Digits, CELL};
use crate::quick::{write_billionths, write_integer, write_measured};
use crate::shortest::{shortest, Decimal};

/// Stands for an int64 that was not recorded.
const MISSING_I64: i64 = i64::MIN;
/// Stands for a boolean that was not recorded.
const MISSING_BOOL: u8 = 255;
const NS_PER_SECOND: u64 = 1_000_000_000;

/// One column of a table; all columns of one call have the same length.
pub enum Column<'a> {
    /// Missing is NaN.
    F64(&'a [f64]),
    /// Missing is the smallest int64.
    I64(&'a [i64]),
    /// 0 or 1; missing is 255.
    Bool(&'a [u8]),
    /// Times in ns, written as decimal seconds since `origin`, exact to the nanosecond.
    Seconds { times: &'a [i64], origin: i64 },
    /// Spans in ns, written in seconds as the nearest float.
    NsAsSeconds(&'a [f64]),
    Text(Text<'a>),
}

/// A text column: row `r` holds entry `codes[r]` of a dictionary of UTF-8 strings laid end to end.
pub struct Text<'a> {
    pub codes: &'a [u32],
    /// Start of each entry, then the end of the last.
    pub offsets: &'a [u32],
    pub bytes: &'a [u8],
}

impl Text<'_> {
    /// The string of a row; empty when a code or an offset lies outside.
    fn entry(&self, row: usize) -> &[u8] {
        let code = self.codes[row] as usize;
        match (self.offsets.get(code), self.offsets.get(code + 1)) {
            (Some(&from), Some(&to)) => self.bytes.get(from as usize..to as usize).unwrap_or(&[]),
            _ => &[],
        }
    }
}

impl Column<'_> {
    /// The cell is that of the row before, and takes longer to write than to copy: many times share one
    /// uncertainty, a number of 17 digits.
    fn repeats(&self, row: usize) -> bool {
        match self {
            Column::NsAsSeconds(values) => values[row].to_bits() == values[row - 1].to_bits(),
            _ => false,
        }
    }

    fn write_cell(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Column::F64(values) => write_f64(values[row], out),
            Column::I64(values) => write_i64(values[row], out),
            Column::Bool(values) => match values[row] {
                MISSING_BOOL => {}
                value => out.push(b'0' + u8::from(value != 0)),
            },
            Column::Seconds { times, origin } => write_seconds(times[row], *origin, out),
            Column::NsAsSeconds(values) => write_f64(values[row] / NS_PER_SECOND as f64, out),
            Column::Text(text) => write_text(text.entry(row), out),
        }
    }
}

/// Appends rows from `from` on until all `length` are written or `out` holds `limit` bytes or more, and
/// returns the first row that was not written. Always writes at least one row.
pub fn write_rows(
    columns: &[Column],
    length: usize,
    from: usize,
    limit: usize,
    out: &mut Vec<u8>,
) -> usize {
    let mut cells = vec![0..0; columns.len()];
    for row in from..length {
        for (index, (column, cell)) in columns.iter().zip(&mut cells).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            let start = out.len();
            if row > from && column.repeats(row) {
                out.extend_from_within(cell.clone());
            } else {
                column.write_cell(row, out);
            }
            *cell = start..out.len();
        }
        out.push(b'\n');
        if out.len() >= limit {
            return row + 1;
        }
    }
    length
}

/// Appends a text cell, quoted as in RFC 4180 where it holds a separator, a quote or a line end.
pub fn write_text(text: &[u8], out: &mut Vec<u8>) {
    if !text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for &byte in text {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Appends an integer; nothing when it is missing.
pub fn write_i64(value: i64, out: &mut Vec<u8>) {
    if value == MISSING_I64 {
        return;
    }
    if value < 0 {
        out.push(b'-');
    }
    write_integer(value.unsigned_abs(), out);
}

/// Appends a time as decimal seconds since an origin, without trailing zeros; nothing when it is missing.
pub fn write_seconds(time: i64, origin: i64, out: &mut Vec<u8>) {
    if time == MISSING_I64 {
        return;
    }
    if time < origin {
        out.push(b'-');
    }
    let distance = time.abs_diff(origin);
    write_integer(distance / NS_PER_SECOND, out);
    write_billionths((distance % NS_PER_SECOND) as u32, out);
}

/// Seconds of times in ns since an origin; NaN for a missing one. The nearest float for spans below 2^53 ns,
/// which is 104 days, since only the division rounds.
pub fn seconds_since(times: &[i64], origin: i64, seconds: &mut [f64]) {
    for (second, &time) in seconds.iter_mut().zip(times) {
        let distance = i128::from(time) - i128::from(origin);
        let value = distance as f64 / NS_PER_SECOND as f64;
        *second = if time == MISSING_I64 { f64::NAN } else { value };
    }
}

/// Appends the shortest decimal that reads back as the same float; nothing for NaN.
pub fn write_f64(value: f64, out: &mut Vec<u8>) {
    if value.is_nan() {
        return;
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    let size = value.abs();
    if size == f64::INFINITY {
        out.extend_from_slice(b"Infinity");
    } else if !write_measured(size, out) {
        let Decimal { digits, exponent } = shortest(size);
        let digits = Digits::of(digits);
        let point = digits.count() as i32 + exponent;
        write_decimal(&digits.without_zeros(), point, out);
    }
}

/// Writes `0.digits * 10^point` in the notation of ECMAScript.
fn write_decimal(digits: &Digits, point: i32, out: &mut Vec<u8>) {
    let count = digits.count();
    let mut cell = [b'0'; CELL];
    let end = if (1..=21).contains(&point) {
        let point = point as usize;
        copy_window(&mut cell, 0, digits.window(0));
        if count > point {
            cell[point] = b'.';
            copy_window(&mut cell, point + 1, digits.window(point));
        }
        if count > point { count + 1 } else { point }
    } else if (-5..=0).contains(&point) {
        let start = 2 + point.unsigned_abs() as usize;
        cell[1] = b'.';
        copy_window(&mut cell, start, digits.window(0));
        start + count
    } else {
        return write_scientific(digits.as_slice(), point - 1, out);
    };
    append_start(&cell, end, out);
}

fn write_scientific(digits: &[u8], exponent: i32, out: &mut Vec<u8>) {
    out.push(digits[0]);
    if digits.len() > 1 {
        out.push(b'.');
        out.extend_from_slice(&digits[1..]);
    }
    out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    write_integer(u64::from(exponent.unsigned_abs()), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn float(value: f64) -> String {
        text_of(|out| write_f64(value, out))
    }

    /// Fewest digits that read back, counted by the standard library.
    fn fewest_digits(value: f64) -> usize {
        let text = format!("{value:e}");
        let mantissa = text.split('e').next().unwrap();
        mantissa.bytes().filter(u8::is_ascii_digit).count()
    }

    fn significant_digits(text: &str) -> usize {
        let mantissa = text.split('e').next().unwrap();
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        if mantissa.contains('.') { digits.len() } else { digits.trim_end_matches('0').len() }
    }

    #[test]
    fn writes_floats_in_the_notation_of_ecmascript() {
        let cases: [(f64, &str); 18] = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-12.5, "-12.5"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (1e-6, "0.000001"),
            (1.25e-7, "1.25e-7"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (9007199254740993.0, "9007199254740992"),
            (123456789012345680.0, "123456789012345680"),
            (f64::INFINITY, "Infinity"),
            (f64::NAN, ""),
        ];
        for (value, expected) in cases {
            assert_eq!(float(value), expected);
        }
    }

    #[test]
    fn floats_read_back_with_the_fewest_digits() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..200_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let wild = f64::from_bits(state);
            let measured = (state % 2_000_000_000) as f64 / 10f64.powi((state >> 60) as i32);
            for value in [wild, measured] {
                if value.is_finite() {
                    let text = float(value);
                    assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
                    if value != 0.0 {
                        assert_eq!(significant_digits(&text), fewest_digits(value), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn writes_integers_and_seconds_exactly() {
        let int = |value| text_of(|out| write_i64(value, out));
        assert_eq!(int(0), "0");
        assert_eq!(int(-1), "-1");
        assert_eq!(int(i64::MAX), "9223372036854775807");
        assert_eq!(int(i64::MIN + 1), "-9223372036854775807");
        assert_eq!(int(i64::MIN), "");
        let seconds = |time, origin| text_of(|out| write_seconds(time, origin, out));
        assert_eq!(seconds(5_000_000_000, 5_000_000_000), "0");
        assert_eq!(seconds(6_500_000_000, 5_000_000_000), "1.5");
        assert_eq!(seconds(4_999_999_999, 5_000_000_000), "-0.000000001");
        assert_eq!(seconds(i64::MAX, -i64::MAX), "18446744073.709551614");
        assert_eq!(seconds(i64::MIN, 0), "");
    }

    #[test]
    fn seconds_are_the_nearest_floats_of_exact_decimals() {
        let origin = 1_595_933_810_034_000_000;
        let times = [origin + 123_456_789_012, origin - 1, i64::MIN, origin + (1 << 52) + 1];
        let mut seconds = [0.0; 4];
        seconds_since(&times, origin, &mut seconds);
        assert_eq!(seconds[..2], [123.456789012, -1e-9]);
        assert!(seconds[2].is_nan());
        assert_eq!(seconds[3], 4503599.627370497);
    }

    #[test]
    fn writes_rows_of_every_kind_and_stops_at_the_limit() {
        let text = Text { codes: &[0, 1, 7], offsets: &[0, 3, 8], bytes: b"a,bsay\"x" };
        let columns = [
            Column::Seconds { times: &[0, 250_000_000, i64::MIN], origin: 0 },
            Column::I64(&[7, i64::MIN, -7]),
            Column::Bool(&[1, 0, 255]),
            Column::NsAsSeconds(&[1500.0, 1500.0, 1e9]),
            Column::Text(text),
        ];
        let mut out = Vec::new();
        assert_eq!(write_rows(&columns, 3, 0, usize::MAX, &mut out), 3);
        let expected = "0,7,1,0.0000015,\"a,b\"\n0.25,,0,0.0000015,\"say\"\"x\"\n,-7,,1,\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let mut first = Vec::new();
        assert_eq!(write_rows(&columns, 3, 1, 1, &mut first), 2);
        assert_eq!(first, b"0.25,,0,0.0000015,\"say\"\"x\"\n");
    }
}
