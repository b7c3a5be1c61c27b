//! The two sides of a join or of a resampling, which come in parts.

use crate::memory::slice;
use crate::sampler::grid;
use session_process_kernel::keys::Refusal;
use session_process_kernel::sides::Sides;

/// -1 when rows were taken; else the index of the refused row, or for one that repeats a time -2 minus its index.
pub(crate) fn status(outcome: Result<(), Refusal>) -> i32 {
    match outcome {
        Ok(()) => -1,
        Err(Refusal::Disorder(index)) => index as i32,
        Err(Refusal::Repeat(index)) => -2 - index as i32,
    }
}

/// Adds keys and returns a status.
///
/// # Safety
/// `sides` came from a joiner or a resampler; `times` holds `length` integers, `values` as many floats or none.
#[no_mangle]
pub unsafe extern "C" fn sp_sides_keys(
    sides: *mut Sides,
    times: *const i64,
    length: usize,
    values: *const f64,
    value_count: usize,
) -> i32 {
    status((*sides).add_keys(slice(times, length), slice(values, value_count)))
}

/// Adds wanted times and returns a status.
///
/// # Safety
/// `sides` came from a joiner or a resampler; `times` holds `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_sides_wanted(sides: *mut Sides, times: *const i64, length: usize) -> i32 {
    status((*sides).add_wanted(slice(times, length)))
}

/// Adds `count` ticks of a grid, as keys or as wanted times, and returns a status.
///
/// # Safety
/// `sides` came from a joiner or a resampler; `fields` holds the four fields of the grid.
#[no_mangle]
pub unsafe extern "C" fn sp_sides_ticks(
    sides: *mut Sides,
    as_keys: u32,
    fields: *const i64,
    from: f64,
    count: usize,
) -> i32 {
    let (grid, from) = (grid(fields), from as u64);
    status(match as_keys {
        0 => (*sides).add_wanted_ticks(&grid, from, count),
        _ => (*sides).add_key_ticks(&grid, from, count),
    })
}

/// Says that all keys are there.
///
/// # Safety
/// `sides` came from a joiner or a resampler.
#[no_mangle]
pub unsafe extern "C" fn sp_sides_end_keys(sides: *mut Sides) {
    (*sides).end_keys();
}

/// Says that all wanted times are there.
///
/// # Safety
/// `sides` came from a joiner or a resampler.
#[no_mangle]
pub unsafe extern "C" fn sp_sides_end_wanted(sides: *mut Sides) {
    (*sides).end_wanted();
}
