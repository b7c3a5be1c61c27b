//! Joins and resampling.

use crate::memory::slice;
use core::slice::from_raw_parts_mut;
use session_process_kernel::asof::{AsofJoiner, AsofOptions, Direction, Outside};
use session_process_kernel::grid::Grid;
use session_process_kernel::grid_join::WholeGrids;
use session_process_kernel::grid_sampler::GridSampler;
use session_process_kernel::keys::{Refusal, Repeats};
use session_process_kernel::one_to_one::{one_to_one, Refused};
use session_process_kernel::resample::{Method, ResampleOptions, Resampler};

/// Bits of the flags of [`sp_joiner_new`].
const LATER: u32 = 1;
const FIRST_BACKWARD: u32 = 2;
const FIRST_FORWARD: u32 = 4;
const ALLOW_EXACT: u32 = 8;
const REFUSE_REPEATS: u32 = 16;

fn method(code: u32) -> Method {
    match code {
        0 => Method::Linear,
        1 => Method::Previous,
        2 => Method::Mean,
        _ => Method::Pchip,
    }
}

fn outside(code: u32) -> Outside {
    match code {
        0 => Outside::Null,
        1 => Outside::Hold,
        _ => Outside::Refuse,
    }
}

fn asof_options(direction: u32, flags: u32, beyond: u32, limits: &[u64]) -> AsofOptions {
    AsofOptions {
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
        refuse_repeats: flags & REFUSE_REPEATS != 0,
        allow_exact: flags & ALLOW_EXACT != 0,
        outside: outside(beyond),
    }
}

/// -1 when rows were taken; else the index of the refused row, or for one that repeats a time -2 minus its index.
fn status(outcome: Result<(), Refusal>) -> i32 {
    match outcome {
        Ok(()) => -1,
        Err(Refusal::Disorder(index)) => index as i32,
        Err(Refusal::Repeat(index)) => -2 - index as i32,
    }
}

/// Views a buffer that is written; an empty one may be null.
unsafe fn output<'a, T>(pointer: *mut T, length: usize) -> &'a mut [T] {
    if length == 0 {
        return &mut [];
    }
    from_raw_parts_mut(pointer, length)
}

/// Makes a joiner; direction is 0 for backward, 1 for forward, 2 for nearest; beyond the ends there is 0 for no
/// match, 1 for the end, 2 for a refusal.
///
/// # Safety
/// `limits` holds tolerance and largest gap; `breaks` holds `count` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_new(
    direction: u32,
    flags: u32,
    beyond: u32,
    limits: *const u64,
    breaks: *const i64,
    count: usize,
) -> *mut AsofJoiner {
    let options = asof_options(direction, flags, beyond, slice(limits, 2));
    Box::into_raw(Box::new(AsofJoiner::new(options, slice(breaks, count).to_vec())))
}

/// Adds right times and returns a status.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`]; `times` holds `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_right(joiner: *mut AsofJoiner, times: *const i64, length: usize) -> i32 {
    status((*joiner).add_right(slice(times, length)))
}

/// Adds left times and returns a status.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`]; `times` holds `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_left(joiner: *mut AsofJoiner, times: *const i64, length: usize) -> i32 {
    status((*joiner).add_left(slice(times, length)))
}

/// Adds `count` ticks of a grid, on the right or on the left, and returns a status.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`]; `fields` holds the four fields of the grid.
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_ticks(
    joiner: *mut AsofJoiner,
    right: u32,
    fields: *const i64,
    from: f64,
    count: usize,
) -> i32 {
    let (grid, from) = (grid(fields), from as u64);
    status(match right {
        0 => (*joiner).add_left_ticks(&grid, from, count),
        _ => (*joiner).add_right_ticks(&grid, from, count),
    })
}

/// Joins ticks of the left grid from an index on with those of the right grid. Returns 0 when that cannot be
/// calculated tick by tick, and nothing has been written.
///
/// # Safety
/// `limits` holds tolerance and largest gap; `fields` holds the four fields of each grid; `found` and `distances`
/// take `length` elements.
#[no_mangle]
pub unsafe extern "C" fn sp_grid_join(
    direction: u32,
    flags: u32,
    beyond: u32,
    limits: *const u64,
    fields: *const i64,
    from: f64,
    found: *mut i32,
    distances: *mut i64,
    length: usize,
) -> u32 {
    let options = asof_options(direction, flags, beyond, slice(limits, 2));
    let (left, right) = (grid(fields), grid(fields.add(4)));
    let (Some(left_step), Some(right_step)) = (left.whole_step(), right.whole_step()) else {
        return 0;
    };
    let grids = WholeGrids {
        left_start: left.start,
        left_step,
        right_start: right.start,
        right_step,
        right_count: right.count,
    };
    if !options.allow_exact || options.outside == Outside::Refuse || !grids.are_near(left.count) {
        return 0;
    }
    grids.join(&options, from as u64, output(found, length), output(distances, length));
    1
}

/// Says that the right side is complete.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_end(joiner: *mut AsofJoiner) {
    (*joiner).end_right();
}

/// Says that the left side is complete.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_end_left(joiner: *mut AsofJoiner) {
    (*joiner).end_left();
}

/// Settles what is certain and returns how many left times; -1 when one lies outside and that is refused.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_advance(joiner: *mut AsofJoiner) -> i32 {
    (*joiner).advance().map_or(-1, |settled| settled as i32)
}

/// Rows that were settled last.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_found(joiner: *const AsofJoiner) -> *const i32 {
    (*joiner).found.as_ptr()
}

/// Distances that were settled last.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_distances(joiner: *const AsofJoiner) -> *const i64 {
    (*joiner).distances.as_ptr()
}

/// Frees a joiner.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_free(joiner: *mut AsofJoiner) {
    drop(Box::from_raw(joiner));
}

/// Joins whole sides so that each right row is used once. Returns a status: of the left side as it is, of the right
/// side less 2^30.
///
/// # Safety
/// `limits` holds tolerance and largest gap; `breaks` holds `count` integers; `found` and `distances` take as many
/// elements as `left` has.
#[no_mangle]
pub unsafe extern "C" fn sp_one_to_one(
    direction: u32,
    flags: u32,
    limits: *const u64,
    breaks: *const i64,
    count: usize,
    left: *const i64,
    left_length: usize,
    right: *const i64,
    right_length: usize,
    found: *mut i32,
    distances: *mut i64,
) -> i32 {
    let options = asof_options(direction, flags, 0, slice(limits, 2));
    let (left, right) = (slice(left, left_length), slice(right, right_length));
    let (found, distances) = (output(found, left_length), output(distances, left_length));
    match one_to_one(left, right, &options, slice(breaks, count), found, distances) {
        Ok(()) => -1,
        Err(Refused::Left(refusal)) => status(Err(refusal)),
        Err(Refused::Right(refusal)) => status(Err(refusal)) - (1 << 30),
    }
}

/// Makes a resampler; repeats are 0 for the first, 1 for the last, 2 for a refusal.
///
/// # Safety
/// `limits` holds the largest gap and the length of a bin; `breaks` holds `count` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_new(
    code: u32,
    repeats: u32,
    beyond: u32,
    limits: *const i64,
    breaks: *const i64,
    count: usize,
) -> *mut Resampler {
    let limits = slice(limits, 2);
    let options = ResampleOptions {
        method: method(code),
        max_gap: limits[0] as u64,
        bin: limits[1],
        outside: outside(beyond),
        repeats: match repeats {
            0 => Repeats::First,
            1 => Repeats::Last,
            _ => Repeats::Refuse,
        },
    };
    Box::into_raw(Box::new(Resampler::new(options, slice(breaks, count).to_vec())))
}

/// Adds samples and returns a status.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`]; the buffers hold `length` elements.
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_samples(
    resampler: *mut Resampler,
    times: *const i64,
    values: *const f64,
    length: usize,
) -> i32 {
    status((*resampler).add_samples(slice(times, length), slice(values, length)))
}

/// Adds times at which values are wanted and returns a status.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`]; `times` holds `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_times(resampler: *mut Resampler, times: *const i64, length: usize) -> i32 {
    status((*resampler).add_times(slice(times, length)))
}

/// Adds `count` ticks of a grid at which values are wanted and returns a status.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`]; `fields` holds the four fields of the grid.
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_ticks(
    resampler: *mut Resampler,
    fields: *const i64,
    from: f64,
    count: usize,
) -> i32 {
    status((*resampler).add_ticks(&grid(fields), from as u64, count))
}

/// Says that no more samples come.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_end(resampler: *mut Resampler) {
    (*resampler).end_samples();
}

/// Says that no more times come.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_end_times(resampler: *mut Resampler) {
    (*resampler).end_times();
}

/// Settles what is certain and returns at how many times; -1 when one lies outside and that is refused.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_advance(resampler: *mut Resampler) -> i32 {
    (*resampler).advance().map_or(-1, |settled| settled as i32)
}

/// Values that were settled last.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_values(resampler: *const Resampler) -> *const f64 {
    (*resampler).values.as_ptr()
}

/// Frees a resampler.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_free(resampler: *mut Resampler) {
    drop(Box::from_raw(resampler));
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
