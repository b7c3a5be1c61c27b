//! The scanner on small tables, cut into pieces of every size.

use super::column::{Column, ColumnType};
use super::scanner::{Format, Scanner};

const FORMAT: Format = Format {
    separator: b',',
    point: b'.',
    max_line: 1 << 20,
    batch_rows: 3,
    window: 1 << 10,
};

/// Everything that a scanner says about a text, as a text.
fn scan(text: &[u8], types: &[ColumnType], format: Format, piece: usize) -> String {
    let mut scanner = Scanner::new(format, types, 1.0);
    let mut said = String::new();
    for bytes in text.chunks(piece) {
        scanner.room()[..bytes.len()].copy_from_slice(bytes);
        scanner.fill(bytes.len());
        while scanner.scan(false) {
            take(&mut scanner, &mut said);
        }
    }
    while scanner.scan(true) {
        take(&mut scanner, &mut said);
    }
    take(&mut scanner, &mut said);
    said
}

fn take(scanner: &mut Scanner, said: &mut String) {
    for row in 0..scanner.rows {
        for column in &mut scanner.columns {
            let text = match column {
                Column::Float(values) => format!("{:?}", values[row]),
                Column::Integer(values) | Column::Iso(values) | Column::Scaled(values, _) => {
                    format!("{}", values[row])
                }
                Column::Text(numbers, words) => word(words, numbers[row]),
                Column::Skip => String::new(),
            };
            said.push_str(&text);
            said.push('|');
        }
        said.push('\n');
    }
    let defects = &scanner.defects;
    let mut start = 0;
    for record in defects.records.chunks(6) {
        let units: Vec<u16> = defects.text.encode_utf16().collect();
        let text = String::from_utf16_lossy(&units[start..record[5] as usize]);
        start = record[5] as usize;
        said.push_str(&format!("!{:?}{text}\n", &record[..5]));
    }
    scanner.clear();
}

fn word(words: &mut super::words::Words, number: u32) -> String {
    words.all().swap_remove(number as usize)
}

#[track_caller]
fn assert_scan(text: &[u8], types: &[ColumnType], expected: &str) {
    assert_scan_as(text, types, FORMAT, expected);
}

#[track_caller]
fn assert_scan_as(text: &[u8], types: &[ColumnType], format: Format, expected: &str) {
    for piece in [1000, 1, 2, 3, 5, 7] {
        assert_eq!(
            scan(text, types, format, piece),
            expected,
            "in pieces of {piece}"
        );
    }
}

use ColumnType::{Float, Integer, Scaled, Skip, Text};

#[test]
fn reads_rows_with_every_line_end_and_skips_blank_lines() {
    let text = b"\xef\xbb\xbf1,a\r\n\r\n2,b\r3,c\n\n  \n4,d";
    assert_scan(text, &[Float, Text], "1.0|a|\n2.0|b|\n3.0|c|\n4.0|d|\n");
}

#[test]
fn reads_quoted_cells() {
    let text = b"\"1\",\"a,b\"\n2,\"say \"\"hi\"\"\"\n3,\"x\r\ny\"z\n4,p\"q\"\n5,\"\"\n";
    let expected = "1.0|a,b|\n2.0|say \"hi\"|\n3.0|x\r\nyz|\n4.0|p\"q\"|\n5.0||\n";
    assert_scan(text, &[Float, Text], expected);
}

#[test]
fn reports_short_long_and_invalid_rows_in_place() {
    let text = b"1,2\n3\n4,5,6\n7,x\n8,9,\n";
    let expected =
        "1.0|2.0|\n3.0|NaN|\n4.0|5.0|\n![0.0, 2.0, 1.0, -1.0, 1.0]\n![1.0, 3.0, 2.0, -1.0, 3.0]\n\
                    7.0|NaN|\n8.0|9.0|\n![2.0, 4.0, 3.0, 1.0, -1.0]x\n";
    assert_scan(text, &[Float, Float], expected);
}

#[test]
fn keeps_whole_cells_of_a_last_line_that_is_cut() {
    assert_scan(
        b"1,2,3\n4,5",
        &[Float, Integer, Scaled(6)],
        "1.0|2|3000000|\n4.0|-9223372036854775808|-9223372036854775808|\n![6.0, 2.0, 1.0, 1.0, 2.0]5\n",
    );
}

#[test]
fn loses_nothing_behind_a_quote_that_is_never_closed() {
    let expected = "1.0|\"a|\n2.0|b|\n3.0|c|\n![3.0, 1.0, 0.0, 1.0, -1.0]\n";
    assert_scan(b"1,\"a\n2,b\n3,c\n", &[Float, Text], expected);
    let format = Format {
        max_line: 6,
        ..FORMAT
    };
    assert_scan_as(b"1,\"a\n2,b\n3,c\n", &[Float, Text], format, expected);
}

#[test]
fn skips_lines_that_are_too_long() {
    let format = Format {
        max_line: 4,
        ..FORMAT
    };
    let expected = "1.0|a|\n2.0|b|\n![4.0, 2.0, 1.0, -1.0, -1.0]\n![4.0, 4.0, 2.0, -1.0, -1.0]\n";
    assert_scan_as(
        b"1,a\n1,aaa\n2,b\n1,aaaaaa",
        &[Float, Text],
        format,
        expected,
    );
}

#[test]
fn removes_nul_bytes_and_says_where_they_were() {
    let expected = "12.0|a|\n3.0|b|\n![5.0, 1.0, 0.0, -1.0, 1.0]\n![5.0, 3.0, 2.0, -1.0, 2.0]\n";
    assert_scan(b"1\x002,a\n3,b\n\0\0", &[Float, Text], expected);
}

#[test]
fn reports_nul_bytes_before_a_byte_order_mark_on_their_line() {
    let expected = "1.0|a|\n2.0|b|\n![5.0, 1.0, 0.0, -1.0, 1.0]\n";
    assert_scan(b"\0\xef\xbb\xbf1,a\n2,b\n", &[Float, Text], expected);
}

#[test]
fn replaces_text_that_is_not_utf8() {
    let expected = "\u{fffd}||\n![7.0, 1.0, 0.0, 0.0, -1.0]\u{fffd}\n";
    assert_scan(b"\xff,\xff\n", &[Text, Skip], expected);
}
