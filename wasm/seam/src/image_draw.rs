//! Drawing on pictures.

use crate::image::ImageState;
use crate::memory::slice;
use session_process_kernel::image::draw::{draw_box, draw_hand, draw_mask, Paint};

/// A colour of three bytes, the least first, and how much of it.
fn paint(color: u32, alpha: f32) -> Paint {
    let [red, green, blue, _] = color.to_le_bytes();
    Paint { color: [red, green, blue], alpha: if alpha >= 0.0 { alpha.min(1.0) } else { 0.0 } }
}

/// Paints a mask.
///
/// # Safety
/// `state` came from [`crate::sp_image_new`], `counts` points to `count` numbers.
#[no_mangle]
pub unsafe extern "C" fn sp_draw_mask(
    state: *mut ImageState,
    counts: *const u32,
    count: usize,
    color: u32,
    alpha: f32,
) {
    draw_mask(&mut (*state).frame, slice(counts, count), paint(color, alpha));
}

/// Paints landmarks and the bones between them.
///
/// # Safety
/// `state` came from [`crate::sp_image_new`], `landmarks` points to `length` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_draw_hand(
    state: *mut ImageState,
    landmarks: *const f32,
    length: usize,
    radius: f32,
    color: u32,
    alpha: f32,
) {
    draw_hand(&mut (*state).frame, slice(landmarks, length), radius, paint(color, alpha));
}

/// Paints the edges of a box.
///
/// # Safety
/// `state` came from [`crate::sp_image_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_draw_box(
    state: *mut ImageState,
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    radius: f32,
    color: u32,
    alpha: f32,
) {
    draw_box(&mut (*state).frame, [x, y, width, height], radius, paint(color, alpha));
}
