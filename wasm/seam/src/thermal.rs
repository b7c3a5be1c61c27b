//! Thermal frames.

use crate::memory::{slice, output};
use session_process_kernel::thermal::{frame_statistics, FrameStatistics};
use session_process_kernel::thermal_view::{clahe, stretch, Tiling};

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

/// Stretches a frame to grey so that two percentiles become black and white.
///
/// # Safety
/// `pixels` and `out` point to `length` values each.
#[no_mangle]
pub unsafe extern "C" fn sp_thermal_stretch(
    pixels: *const u16,
    length: usize,
    low: f64,
    high: f64,
    out: *mut u8,
) {
    stretch(slice(pixels, length), low, high, output(out, length));
}

/// Equalises a grey picture tile by tile with limited contrast.
///
/// # Safety
/// `grey` points to `width` times `height` values.
#[no_mangle]
pub unsafe extern "C" fn sp_thermal_clahe(
    grey: *mut u8,
    width: usize,
    height: usize,
    tiles: usize,
    clip: f64,
) {
    clahe(output(grey, width * height), Tiling { width, height, tiles }, clip);
}
