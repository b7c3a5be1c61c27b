//! Column summaries.

use crate::memory::slice;
use session_process_kernel::moments::Moments;

/// Empties a summary.
///
/// # Safety
/// `moments` points to a buffer of five floats.
#[no_mangle]
pub unsafe extern "C" fn sp_moments_reset(moments: *mut Moments) {
    moments.write(Moments::EMPTY);
}

/// Adds values to a summary.
///
/// # Safety
/// `moments` was reset; `values` points to `length` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_moments_add(moments: *mut Moments, values: *const f64, length: usize) {
    (*moments).add(slice(values, length));
}
