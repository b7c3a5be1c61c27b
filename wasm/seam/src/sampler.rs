//! Grids, and streams that are sampled at their ticks.

use crate::memory::{output, slice};
use crate::resampler::method;
use session_process_kernel::grid::Grid;
use session_process_kernel::grid_sampler::GridSampler;
use session_process_kernel::resample::Method;

/// A grid of four fields.
///
/// # Safety
/// `integers` holds the four fields of a grid.
pub(crate) unsafe fn grid(integers: *const i64) -> Grid {
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
