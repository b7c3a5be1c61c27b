//! Lattices of regular streams.

use crate::memory::slice;
use session_process_kernel::dejitter::{Found, Into, Placer, Skipped, Solution, SolveOptions, Survey};

/// Floats that [`sp_dejitter_summary`] writes.
const FIGURES: usize = 7;

/// A survey that ended.
pub struct Surveyed(Result<Found, Skipped>);

/// Starts a survey; a nominal period that is not positive means none.
#[no_mangle]
pub extern "C" fn sp_dejitter_new(nominal_period: f64) -> *mut Survey {
    let nominal = (nominal_period > 0.0 && nominal_period.is_finite()).then_some(nominal_period);
    Box::into_raw(Box::new(Survey::new(nominal)))
}

/// Adds stamps.
///
/// # Safety
/// `survey` came from [`sp_dejitter_new`]; `times` points to `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_add(survey: *mut Survey, times: *const i64, length: usize) {
    (*survey).add(slice(times, length));
}

/// Writes what a survey found so far as bytes, which are freed with the second function.
///
/// # Safety
/// `survey` came from [`sp_dejitter_new`]; `length` takes an integer.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_state(survey: *const Survey, length: *mut u32) -> *mut u8 {
    let bytes = (*survey).state().into_boxed_slice();
    length.write(bytes.len() as u32);
    Box::into_raw(bytes).cast()
}

/// Frees a state.
///
/// # Safety
/// `bytes` and `length` came from [`sp_dejitter_state`].
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_state_free(bytes: *mut u8, length: usize) {
    drop(Box::from_raw(core::ptr::slice_from_raw_parts_mut(bytes, length)));
}

/// Makes a survey that ended from a state; null when the bytes are something else.
///
/// # Safety
/// `bytes` points to `length` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_restore(bytes: *const u8, length: usize) -> *mut Survey {
    match Survey::restore(slice(bytes, length)) {
        Some(survey) => Box::into_raw(Box::new(survey)),
        None => core::ptr::null_mut(),
    }
}

/// Ends a copy of a survey.
///
/// # Safety
/// `survey` came from [`sp_dejitter_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_finished(survey: *const Survey) -> *mut Surveyed {
    Box::into_raw(Box::new(Surveyed((*survey).finished())))
}

/// Why there is no lattice, 0 when there is one.
///
/// # Safety
/// `surveyed` came from [`sp_dejitter_finished`].
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_skipped(surveyed: *const Surveyed) -> u32 {
    match &(*surveyed).0 {
        Ok(_) => 0,
        Err(reason) => *reason as u32,
    }
}

/// Number of instants that [`sp_dejitter_instants`] writes.
///
/// # Safety
/// `surveyed` came from [`sp_dejitter_finished`].
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_instant_count(surveyed: *const Surveyed) -> usize {
    (*surveyed).0.as_ref().map_or(0, |found| found.instants().len())
}

/// Writes row and stamp of each instant from which the lattice is found.
///
/// # Safety
/// `rows` and `times` take as many elements as [`sp_dejitter_instant_count`] says.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_instants(surveyed: *const Surveyed, rows: *mut f64, times: *mut i64) {
    if let Ok(found) = &(*surveyed).0 {
        for (index, (row, time)) in found.instants().into_iter().enumerate() {
            rows.add(index).write(row as f64);
            times.add(index).write(time);
        }
    }
}

/// Solves; `times` are the instants on another clock, or none. Null when there is no lattice.
///
/// # Safety
/// `surveyed` came from [`sp_dejitter_finished`]; `times` points to `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_solve(
    surveyed: *const Surveyed,
    times: *const i64,
    length: usize,
) -> *mut Placer {
    let Ok(found) = &(*surveyed).0 else {
        return core::ptr::null_mut();
    };
    let times = (length > 0).then(|| slice(times, length).to_vec());
    match Solution::new(found, &SolveOptions { times }) {
        Some(solution) => Box::into_raw(Box::new(Placer::new(solution))),
        None => core::ptr::null_mut(),
    }
}

/// Frees an ended survey.
///
/// # Safety
/// `surveyed` came from [`sp_dejitter_finished`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_surveyed_free(surveyed: *mut Surveyed) {
    drop(Box::from_raw(surveyed));
}

/// Writes period, noise of the stamps, dropped, duplicates, reordered, number of gaps, number of segments.
///
/// # Safety
/// `placer` came from [`sp_dejitter_solve`]; `figures` takes seven floats.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_summary(placer: *const Placer, figures: *mut f64) {
    let solution = (*placer).solution();
    let counts = solution.counts;
    core::slice::from_raw_parts_mut(figures, FIGURES).copy_from_slice(&[
        solution.period,
        solution.stamp_sigma,
        counts.dropped as f64,
        counts.duplicates as f64,
        counts.reordered as f64,
        solution.gaps.len() as f64,
        solution.segments().len() as f64,
    ]);
}

/// Writes row, missing, from, to and certain (0 or 1) of each gap, then row and index of each segment.
///
/// # Safety
/// `gaps` takes five integers per gap and `segments` two per segment.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_gaps(placer: *const Placer, gaps: *mut i64, segments: *mut i64) {
    let solution = (*placer).solution();
    for (index, gap) in solution.gaps.iter().enumerate() {
        let values = [gap.row, gap.missing, gap.from, gap.to, i64::from(gap.certain)];
        core::ptr::copy_nonoverlapping(values.as_ptr(), gaps.add(5 * index), 5);
    }
    for (index, (row, place)) in solution.segments().into_iter().enumerate() {
        segments.add(2 * index).write(row);
        segments.add(2 * index + 1).write(place);
    }
}

/// Places the rows of a batch.
///
/// # Safety
/// `placer` came from [`sp_dejitter_solve`]; the buffers hold `length` elements.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_apply(
    placer: *mut Placer,
    stamps: *const i64,
    length: usize,
    first_row: f64,
    times: *mut i64,
    sigmas: *mut f64,
    indexes: *mut i64,
) {
    if length > 0 {
        let mut into = Into {
            times: core::slice::from_raw_parts_mut(times, length),
            sigmas: core::slice::from_raw_parts_mut(sigmas, length),
            indexes: core::slice::from_raw_parts_mut(indexes, length),
        };
        (*placer).apply(slice(stamps, length), first_row as i64, &mut into);
    }
}

/// Overwrites times by the places where they belong, and adds the uncertainty of these to `sigmas`.
///
/// # Safety
/// `placer` came from [`sp_dejitter_solve`]; the buffers hold `length` elements.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_refine(
    placer: *mut Placer,
    times: *mut i64,
    sigmas: *mut f64,
    length: usize,
    first_row: f64,
) {
    if length > 0 {
        let times = core::slice::from_raw_parts_mut(times, length);
        let sigmas = core::slice::from_raw_parts_mut(sigmas, length);
        (*placer).refine(times, sigmas, first_row as i64);
    }
}

/// Frees a placer.
///
/// # Safety
/// `placer` came from [`sp_dejitter_solve`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_placer_free(placer: *mut Placer) {
    drop(Box::from_raw(placer));
}

/// Frees a survey.
///
/// # Safety
/// `survey` came from [`sp_dejitter_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_dejitter_free(survey: *mut Survey) {
    drop(Box::from_raw(survey));
}
