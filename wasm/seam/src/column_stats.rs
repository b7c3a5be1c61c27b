//! Facts about columns and rows of tables.

use crate::memory::slice;
use core::slice::from_raw_parts_mut;
use session_process_kernel::column_stats::{
    float_of_integer, keep_equal_values, mark_equal_times, ColumnStats, Gravity, Sequence,
};

/// Empties the facts of a column.
///
/// # Safety
/// `stats` points to a buffer of 18 floats.
#[no_mangle]
pub unsafe extern "C" fn sp_column_reset(stats: *mut ColumnStats, low: f64, high: f64) {
    stats.write(ColumnStats::new(low, high));
}

/// Adds values to the facts of a column.
///
/// # Safety
/// `stats` was reset; `values` points to `length` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_column_add(stats: *mut ColumnStats, values: *const f64, length: usize) {
    (*stats).add(slice(values, length));
}

/// Adds acceleration vectors, whose components follow each other as three arrays.
///
/// # Safety
/// `gravity` points to four floats, zero at first; `values` points to `3 * length` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_gravity_add(gravity: *mut Gravity, values: *const f64, length: usize) {
    let (x, rest) = slice(values, 3 * length).split_at(length);
    let (y, z) = rest.split_at(length);
    (*gravity).add(x, y, z);
}

/// Empties the facts of a column of sequence numbers.
///
/// # Safety
/// `sequence` points to a buffer of five floats.
#[no_mangle]
pub unsafe extern "C" fn sp_sequence_reset(sequence: *mut Sequence) {
    sequence.write(Sequence::EMPTY);
}

/// Adds sequence numbers.
///
/// # Safety
/// `sequence` was reset; `numbers` points to `length` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_sequence_add(
    sequence: *mut Sequence,
    numbers: *const f64,
    length: usize,
) {
    (*sequence).add(slice(numbers, length));
}

/// Marks rows whose time equals the one before; the first of `times` is the row before the batch.
///
/// # Safety
/// `times` points to `length + 1` integers and `marks` to `length` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_mark_equal_times(times: *const i64, marks: *mut u8, length: usize) {
    let times = slice(times, length + 1);
    mark_equal_times(&times[1..], times[0], from_raw_parts_mut(marks, length));
}

/// Keeps the marks of rows whose value equals the one before; the first value is before the batch.
///
/// # Safety
/// `values` points to `length + 1` floats and `marks` to `length` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_keep_equal_values(values: *const f64, marks: *mut u8, length: usize) {
    let values = slice(values, length + 1);
    keep_equal_values(&values[1..], values[0], from_raw_parts_mut(marks, length));
}

/// Replaces integers by floats in place.
///
/// # Safety
/// `values` points to `length` integers that nobody else views.
#[no_mangle]
pub unsafe extern "C" fn sp_integers_to_floats(values: *mut i64, length: usize) {
    for index in 0..length {
        let place = values.add(index);
        place.cast::<f64>().write(float_of_integer(place.read()));
    }
}
