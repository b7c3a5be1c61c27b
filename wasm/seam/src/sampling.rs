//! Statistics of time stamps.

use crate::memory::slice;
use session_process_kernel::sampling::{Sampling, FIGURES};

/// Floats that [`sp_sampling_get`] writes before the gaps: the figures, then count, missing, longest.
const HEAD: usize = FIGURES + 3;

/// Starts an accumulator; a nominal period that is not positive means none.
#[no_mangle]
pub extern "C" fn sp_sampling_new(nominal_period: f64) -> *mut Sampling {
    let nominal = (nominal_period > 0.0).then_some(nominal_period);
    Box::into_raw(Box::new(Sampling::new(nominal)))
}

/// Adds times.
///
/// # Safety
/// `sampling` came from [`sp_sampling_new`]; `times` points to `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_sampling_add(sampling: *mut Sampling, times: *const i64, length: usize) {
    (*sampling).add(slice(times, length));
}

/// Writes the figures and the first gaps, and returns how many gaps were written.
///
/// # Safety
/// `figures` takes 15 floats, `extent` four integers, `gap_figures` 2 x 1000 floats (row, missing) and
/// `gap_times` 2 x 1000 integers (from, to).
#[no_mangle]
pub unsafe extern "C" fn sp_sampling_get(
    sampling: *const Sampling,
    figures: *mut f64,
    extent: *mut i64,
    gap_figures: *mut f64,
    gap_times: *mut i64,
) -> usize {
    let done = (*sampling).finished();
    let gaps = done.gaps();
    let figures = core::slice::from_raw_parts_mut(figures, HEAD);
    figures[..FIGURES].copy_from_slice(&done.figures());
    figures[FIGURES..].copy_from_slice(&[gaps.count, gaps.missing, gaps.longest_ns]);
    if let Some(found) = done.extent() {
        core::slice::from_raw_parts_mut(extent, 4)
            .copy_from_slice(&[found.first, found.last, found.min, found.max]);
    }
    for (index, gap) in gaps.first.iter().enumerate() {
        gap_figures.add(2 * index).write(gap.row);
        gap_figures.add(2 * index + 1).write(gap.missing);
        gap_times.add(2 * index).write(gap.from);
        gap_times.add(2 * index + 1).write(gap.to);
    }
    gaps.first.len()
}

/// Frees an accumulator.
///
/// # Safety
/// `sampling` came from [`sp_sampling_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_sampling_free(sampling: *mut Sampling) {
    drop(Box::from_raw(sampling));
}
