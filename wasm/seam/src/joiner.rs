//! Joins.

use crate::memory::{output, slice};
use crate::sampler::grid;
use crate::sides::status;
use session_process_kernel::asof::{AsofJoiner, AsofOptions, Direction, Outside};
use session_process_kernel::grid_join::WholeGrids;
use session_process_kernel::one_to_one::{one_to_one, Refused};
use session_process_kernel::sides::Sides;

/// Bits of the flags of [`sp_joiner_new`].
const LATER: u32 = 1;
const FIRST_BACKWARD: u32 = 2;
const FIRST_FORWARD: u32 = 4;
const ALLOW_EXACT: u32 = 8;
const REFUSE_REPEATS: u32 = 16;
const WITH_DISTANCES: u32 = 32;

pub(crate) fn outside(code: u32) -> Outside {
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
    Box::into_raw(Box::new(AsofJoiner::new(options, slice(breaks, count).to_vec(), flags & WITH_DISTANCES != 0)))
}

/// The two sides of a joiner: right times are the keys. They are freed with it.
///
/// # Safety
/// `joiner` came from [`sp_joiner_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_joiner_sides(joiner: *mut AsofJoiner) -> *mut Sides {
    &raw mut (*joiner).sides
}

/// Joins ticks of the left grid from an index on with those of the right grid. Distances are written when the flags
/// say so. Returns 0 when that cannot be
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
    let distances = output(distances, if flags & WITH_DISTANCES != 0 { length } else { 0 });
    grids.join(&options, from as u64, output(found, length), distances);
    1
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

/// Distances that were settled last, if there are any.
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
