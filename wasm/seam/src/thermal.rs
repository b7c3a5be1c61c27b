//! Thermal frames.

use crate::memory::slice;
use session_process_kernel::thermal::{frame_statistics, FrameStatistics};

/// Summarises the pixels of a frame.
///
/// # Safety
/// `pixels` points to `length` values, `statistics` to a buffer of five floats.
#[no_mangle]
pub unsafe extern "C" fn sp_thermal_statistics(
    pixels: *const u16,
    length: usize,
    statistics: *mut FrameStatistics,
) {
    statistics.write(frame_statistics(slice(pixels, length)));
}

/// Tells whether two frames are the same to the last pixel: 1, else 0.
///
/// # Safety
/// `first` and `second` point to `length` values each.
#[no_mangle]
pub unsafe extern "C" fn sp_thermal_equal(
    first: *const u16,
    second: *const u16,
    length: usize,
) -> i32 {
    i32::from(slice(first, length) == slice(second, length))
}
