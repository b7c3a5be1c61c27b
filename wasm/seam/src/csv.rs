//! Scanning of delimiter-separated text.

use crate::memory::slice;
use session_process_kernel::csv::column::{Column, ColumnType};
use session_process_kernel::csv::scanner::{Format, Scanner};

/// Numbers of the column types on the other side; a larger one is an exponent plus [`FIRST_SCALED`].
const FIRST_SCALED: u8 = 16;

fn column_type(code: u8) -> ColumnType {
    match code {
        1 => ColumnType::Float,
        2 => ColumnType::Integer,
        3 => ColumnType::Text,
        4 => ColumnType::Iso,
        FIRST_SCALED.. => ColumnType::Scaled(i32::from(code - FIRST_SCALED)),
        _ => ColumnType::Skip,
    }
}

/// Makes a scanner; [`sp_csv_free`] gives it back.
///
/// # Safety
/// `types` points to `columns` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_csv_new(
    types: *const u8,
    columns: usize,
    separator: u8,
    point: u8,
    max_line: usize,
    batch_rows: usize,
    window: usize,
    first_line: f64,
) -> *mut Scanner {
    let types: Vec<ColumnType> = slice(types, columns)
        .iter()
        .map(|&code| column_type(code))
        .collect();
    let format = Format {
        separator,
        point,
        max_line,
        batch_rows,
        window,
    };
    Box::into_raw(Box::new(Scanner::new(format, &types, first_line)))
}

/// Gives back a scanner.
///
/// # Safety
/// `scanner` came from [`sp_csv_new`] and was not freed; so for every function below.
#[no_mangle]
pub unsafe extern "C" fn sp_csv_free(scanner: *mut Scanner) {
    drop(Box::from_raw(scanner));
}

/// Writes address and length of the free part of the window.
///
/// # Safety
/// `found` points to two numbers.
#[no_mangle]
pub unsafe extern "C" fn sp_csv_room(scanner: *mut Scanner, found: *mut [usize; 2]) {
    let room = (*scanner).room();
    found.write([room.as_mut_ptr() as usize, room.len()]);
}

/// Takes over bytes that were written to the free part; returns how many more fit behind them.
///
/// # Safety
/// See [`sp_csv_free`].
#[no_mangle]
pub unsafe extern "C" fn sp_csv_fill(scanner: *mut Scanner, count: usize) -> usize {
    (*scanner).fill(count)
}

/// Reads on; returns 1 when a batch is full and 0 when more bytes are needed.
///
/// # Safety
/// See [`sp_csv_free`].
#[no_mangle]
pub unsafe extern "C" fn sp_csv_scan(scanner: *mut Scanner, last: u32) -> u32 {
    u32::from((*scanner).scan(last != 0))
}

/// Rows of the batch.
///
/// # Safety
/// See [`sp_csv_free`].
#[no_mangle]
pub unsafe extern "C" fn sp_csv_rows(scanner: *const Scanner) -> usize {
    (*scanner).rows
}

/// Writes address and length of the values of a column, then of the ends and of the text of its new words.
/// Lengths are in elements; those of words are 0 unless the column is text.
///
/// # Safety
/// `column` is one of the columns; `found` points to seven numbers, the last of which tells how many words are
/// known in all.
#[no_mangle]
pub unsafe extern "C" fn sp_csv_column(
    scanner: *mut Scanner,
    column: usize,
    found: *mut [usize; 7],
) {
    let scanner = &mut *scanner;
    let rows = scanner.rows;
    found.write(match &mut scanner.columns[column] {
        Column::Skip => [0; 7],
        Column::Float(values) => [values.as_ptr() as usize, rows, 0, 0, 0, 0, 0],
        Column::Integer(values) | Column::Iso(values) | Column::Scaled(values, _) => {
            [values.as_ptr() as usize, rows, 0, 0, 0, 0, 0]
        }
        Column::Text(numbers, words) => {
            let known = words.known();
            let (text, ends) = words.hand_over();
            let (text_at, ends_at) = (text.as_ptr() as usize, ends.as_ptr() as usize);
            [
                numbers.as_ptr() as usize,
                rows,
                ends_at,
                ends.len(),
                text_at,
                text.len(),
                known,
            ]
        }
    });
}

/// Writes address and length of the records and of the texts of the defects, and their number.
///
/// # Safety
/// `found` points to five numbers.
#[no_mangle]
pub unsafe extern "C" fn sp_csv_defects(scanner: *const Scanner, found: *mut [usize; 5]) {
    let defects = &(*scanner).defects;
    let (records, text) = (&defects.records, &defects.text);
    found.write([
        records.as_ptr() as usize,
        records.len(),
        text.as_ptr() as usize,
        text.len(),
        defects.count(),
    ]);
}

/// Starts the next batch.
///
/// # Safety
/// See [`sp_csv_free`].
#[no_mangle]
pub unsafe extern "C" fn sp_csv_clear(scanner: *mut Scanner) {
    (*scanner).clear();
}
