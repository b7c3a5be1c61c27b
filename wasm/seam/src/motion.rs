//! Movements that two sensors recorded.

use crate::memory::slice;
use session_process_kernel::motion::activity::Activity;
use session_process_kernel::motion::coarse::CoarseSearch;
use session_process_kernel::motion::measure::{measure, Samples, Search};
use session_process_kernel::motion::unroll::Unroller;

/// Three columns of equal length that lie one behind the other.
unsafe fn columns<'a>(values: *const f64, length: usize) -> [&'a [f64]; 3] {
    [0, 1, 2].map(|axis| slice(values.add(axis * length), length))
}

/// Starts to unroll the stamps of a stream.
#[no_mangle]
pub extern "C" fn sp_unroller_new() -> *mut Unroller {
    Box::into_raw(Box::default())
}

/// Writes unrolled times; the smallest integer where there is none.
///
/// # Safety
/// `unroller` came from [`sp_unroller_new`]; both arrays have `length` integers and do not overlap.
#[no_mangle]
pub unsafe extern "C" fn sp_unroller_run(
    unroller: *mut Unroller,
    stamps: *const i64,
    length: usize,
    unrolled: *mut i64,
) {
    (*unroller).run(slice(stamps, length), core::slice::from_raw_parts_mut(unrolled, length));
}

/// Number of times that the clock was set back.
///
/// # Safety
/// `unroller` came from [`sp_unroller_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_unroller_count(unroller: *const Unroller) -> usize {
    (*unroller).shifts().len()
}

/// Writes pairs of first unrolled time and shift.
///
/// # Safety
/// `unroller` came from [`sp_unroller_new`]; `pairs` takes twice as many integers as the clock was set back.
#[no_mangle]
pub unsafe extern "C" fn sp_unroller_shifts(unroller: *const Unroller, pairs: *mut i64) {
    for (index, &(from, shift)) in (*unroller).shifts().iter().enumerate() {
        pairs.add(2 * index).write(from);
        pairs.add(2 * index + 1).write(shift);
    }
}

/// Frees an unroller.
///
/// # Safety
/// `unroller` came from [`sp_unroller_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_unroller_free(unroller: *mut Unroller) {
    drop(Box::from_raw(unroller));
}

/// Starts to gather activity.
#[no_mangle]
pub extern "C" fn sp_activity_new() -> *mut Activity {
    Box::into_raw(Box::default())
}

/// Adds samples.
///
/// # Safety
/// `activity` came from [`sp_activity_new`]; `times` points to `length` integers, `axes` to three times as many
/// floats, axis after axis.
#[no_mangle]
pub unsafe extern "C" fn sp_activity_add(
    activity: *mut Activity,
    times: *const i64,
    axes: *const f64,
    length: usize,
) {
    (*activity).add(slice(times, length), columns(axes, length));
}

/// Joins bins until they are at least `bin_ns` long, and returns how many there are.
///
/// # Safety
/// `activity` came from [`sp_activity_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_activity_coarsen(activity: *mut Activity, bin_ns: f64) -> usize {
    (*activity).coarsen(bin_ns as i64);
    (*activity).len()
}

/// Writes the length of a bin and the start of the first, and the values.
///
/// # Safety
/// `activity` came from [`sp_activity_new`]; `extent` takes two integers, `values` as many floats as there are
/// bins.
#[no_mangle]
pub unsafe extern "C" fn sp_activity_get(
    activity: *const Activity,
    extent: *mut i64,
    values: *mut f64,
) {
    let activity = &*activity;
    extent.write(activity.bin_ns());
    extent.add(1).write(activity.origin().unwrap_or(0));
    let found = activity.values();
    core::slice::from_raw_parts_mut(values, found.len()).copy_from_slice(&found);
}

/// Frees activity.
///
/// # Safety
/// `activity` came from [`sp_activity_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_activity_free(activity: *mut Activity) {
    drop(Box::from_raw(activity));
}

/// Prepares the activity of a recording for stretches to be looked for in it; null when it is too long.
///
/// # Safety
/// `values` points to `length` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_coarse_new(
    values: *const f64,
    length: usize,
    stretch: usize,
) -> *mut CoarseSearch {
    CoarseSearch::new(slice(values, length), stretch)
        .map_or(core::ptr::null_mut(), |search| Box::into_raw(Box::new(search)))
}

/// Writes pairs of first bin and correlation, the best first, and returns how many there are.
///
/// # Safety
/// `search` came from [`sp_coarse_new`]; `stretch` points to `length` floats, `places` takes `2 * count`.
#[no_mangle]
pub unsafe extern "C" fn sp_coarse_find(
    search: *const CoarseSearch,
    stretch: *const f64,
    length: usize,
    count: usize,
    apart: usize,
    places: *mut f64,
) -> usize {
    let found = (*search).find(slice(stretch, length), count, apart);
    for (index, place) in found.iter().enumerate() {
        places.add(2 * index).write(place.bin as f64);
        places.add(2 * index + 1).write(place.correlation);
    }
    found.len()
}

/// Frees a search.
///
/// # Safety
/// `search` came from [`sp_coarse_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_coarse_free(search: *mut CoarseSearch) {
    drop(Box::from_raw(search));
}

/// Compares two recordings about a window: writes the figures of the reading and returns 1, or 0 for none.
///
/// # Safety
/// `times_a` points to `length_a` floats and `axes_a` to three times as many, axis after axis; likewise `b`.
/// `figures` takes 29 floats.
#[no_mangle]
pub unsafe extern "C" fn sp_motion_measure(
    times_a: *const f64,
    axes_a: *const f64,
    length_a: usize,
    times_b: *const f64,
    axes_b: *const f64,
    length_b: usize,
    window: f64,
    range: f64,
    refine: i32,
    figures: *mut f64,
) -> i32 {
    let a = Samples { times: slice(times_a, length_a), axes: columns(axes_a, length_a) };
    let b = Samples { times: slice(times_b, length_b), axes: columns(axes_b, length_b) };
    let Some(reading) = measure(&a, &b, &Search { window, range, refine: refine != 0 }) else {
        return 0;
    };
    for (index, figure) in reading.figures().into_iter().enumerate() {
        figures.add(index).write(figure);
    }
    1
}
