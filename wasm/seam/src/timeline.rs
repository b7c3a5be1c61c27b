//! Joins and resampling.

use crate::memory::slice;
use core::slice::from_raw_parts_mut;
use session_process_kernel::asof::{asof, first_disorder, AsofOptions, Direction};
use session_process_kernel::grid::Grid;
use session_process_kernel::grid_sampler::GridSampler;
use session_process_kernel::resample::{bin_means, interpolate, Method};

/// Bits of the flags of [`sp_asof`].
const LATER: u32 = 1;
const FIRST_BACKWARD: u32 = 2;
const FIRST_FORWARD: u32 = 4;
const ALLOW_EXACT: u32 = 8;

fn method(code: u32) -> Method {
    match code {
        0 => Method::Linear,
        1 => Method::Previous,
        _ => Method::Mean,
    }
}

/// Views a buffer that is written; an empty one may be null.
unsafe fn output<'a, T>(pointer: *mut T, length: usize) -> &'a mut [T] {
    if length == 0 {
        return &mut [];
    }
    from_raw_parts_mut(pointer, length)
}

/// Index of the first time before the one ahead of it, or -1.
///
/// # Safety
/// `times` points to `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_first_disorder(times: *const i64, length: usize) -> i32 {
    first_disorder(slice(times, length)).map_or(-1, |index| index as i32)
}

/// Joins sorted times; direction is 0 for backward, 1 for forward, 2 for nearest.
///
/// # Safety
/// `found` and `distance` take as many elements as `left` has; `limits` holds tolerance and largest gap.
#[no_mangle]
pub unsafe extern "C" fn sp_asof(
    left: *const i64,
    left_length: usize,
    right: *const i64,
    right_length: usize,
    direction: u32,
    flags: u32,
    limits: *const u64,
    found: *mut i32,
    distance: *mut i64,
) {
    let limits = slice(limits, 2);
    let options = AsofOptions {
        direction: match direction {
            0 => Direction::Backward,
            1 => Direction::Forward,
            _ => Direction::Nearest,
        },
        tolerance: limits[0],
        max_gap: limits[1],
        later: flags & LATER != 0,
        first_backward: flags & FIRST_BACKWARD != 0,
        first_forward: flags & FIRST_FORWARD != 0,
        allow_exact: flags & ALLOW_EXACT != 0,
    };
    let (found, distance) = (output(found, left_length), output(distance, left_length));
    asof(slice(left, left_length), slice(right, right_length), &options, found, distance);
}

/// Values at sorted times; the limit is the largest gap, or for means the length of a bin.
///
/// # Safety
/// `times` and `values` hold `length` elements, `at` and `out` hold `wanted`; `limit` points to one integer.
#[no_mangle]
pub unsafe extern "C" fn sp_resample(
    code: u32,
    times: *const i64,
    values: *const f64,
    length: usize,
    limit: *const i64,
    at: *const i64,
    out: *mut f64,
    wanted: usize,
) {
    let (times, values) = (slice(times, length), slice(values, length));
    let (at, out) = (slice(at, wanted), output(out, wanted));
    match method(code) {
        Method::Mean => bin_means(times, values, *limit, at, out),
        other => interpolate(other, times, values, (*limit).max(0) as u64, at, out),
    }
}

unsafe fn grid(integers: *const i64) -> Grid {
    let fields = slice(integers, 4);
    Grid { start: fields[0], num: fields[1] as u64, den: fields[2] as u64, count: fields[3] as u64 }
}

/// Writes ticks of a grid from an index on.
///
/// # Safety
/// `integers` holds start, numerator, denominator and count of the grid; `out` takes `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_grid_ticks(integers: *const i64, from: f64, out: *mut i64, length: usize) {
    let mut ticks = grid(integers).ticks_from(from as u64);
    for slot in output(out, length) {
        *slot = ticks.time;
        ticks.advance();
    }
}

/// Makes a sampler.
///
/// # Safety
/// `integers` holds the four fields of the grid, then largest gap and disorder; `methods` one code per column.
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_new(
    integers: *const i64,
    methods: *const u32,
    columns: usize,
) -> *mut GridSampler {
    let fields = slice(integers, 6);
    let methods: Vec<Method> = slice(methods, columns).iter().map(|&code| method(code)).collect();
    let (gap, disorder) = (fields[4].max(0) as u64, fields[5].max(0) as u64);
    Box::into_raw(Box::new(GridSampler::new(grid(integers), &methods, gap, disorder)))
}

/// Adds samples.
///
/// # Safety
/// `sampler` came from [`sp_sampler_new`]; `times` holds `length` integers, `values` as many floats per column.
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_push(
    sampler: *mut GridSampler,
    times: *const i64,
    values: *const f64,
    length: usize,
    columns: usize,
) {
    (*sampler).push(slice(times, length), slice(values, length * columns));
}

/// Says that no more samples will come.
///
/// # Safety
/// `sampler` came from [`sp_sampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_end(sampler: *mut GridSampler) {
    (*sampler).end();
}

/// Goes on as far as is certain and returns how many ticks can be read.
///
/// # Safety
/// `sampler` came from [`sp_sampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_advance(sampler: *mut GridSampler) -> usize {
    (*sampler).advance()
}

/// Reads values of a column.
///
/// # Safety
/// `sampler` came from [`sp_sampler_new`] and has `length` ticks ready, which `out` takes.
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_read(
    sampler: *mut GridSampler,
    column: usize,
    out: *mut f64,
    length: usize,
) {
    (*sampler).read(column, output(out, length));
}

/// Smallest value of a column that may still be given.
///
/// # Safety
/// `sampler` came from [`sp_sampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_lowest(sampler: *const GridSampler, column: usize) -> f64 {
    (*sampler).lowest(column)
}

/// Number of samples that were left out: too late, or without a time.
///
/// # Safety
/// `sampler` came from [`sp_sampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_dropped(sampler: *const GridSampler) -> f64 {
    (*sampler).dropped
}

/// Frees a sampler.
///
/// # Safety
/// `sampler` came from [`sp_sampler_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_sampler_free(sampler: *mut GridSampler) {
    drop(Box::from_raw(sampler));
}
