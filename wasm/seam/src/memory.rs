//! Buffers that JavaScript fills and reads.

use std::alloc::{alloc, dealloc, Layout};

/// Alignment of every buffer: enough for 128-bit SIMD.
const ALIGN: usize = 16;

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes.max(1), ALIGN).ok()
}

/// Returns a buffer of `bytes` bytes, or null when memory is exhausted.
#[no_mangle]
pub extern "C" fn sp_alloc(bytes: usize) -> *mut u8 {
    match layout(bytes) {
        // SAFETY: the layout has a non-zero size.
        Some(layout) => unsafe { alloc(layout) },
        None => core::ptr::null_mut(),
    }
}

/// Gives back a buffer.
///
/// # Safety
/// `pointer` came from [`sp_alloc`] with the same `bytes` and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_free(pointer: *mut u8, bytes: usize) {
    if let Some(layout) = layout(bytes) {
        dealloc(pointer, layout);
    }
}

/// Views a buffer as a slice; an empty one may be null.
///
/// # Safety
/// `pointer` is aligned for `T` and points to `length` initialised elements that nobody changes.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, length: usize) -> &'a [T] {
    if length == 0 {
        return &[];
    }
    core::slice::from_raw_parts(pointer, length)
}

/// Views a buffer that is written; an empty one may be null.
///
/// # Safety
/// `pointer` is aligned for `T` and points to `length` elements that nobody else uses.
pub(crate) unsafe fn output<'a, T>(pointer: *mut T, length: usize) -> &'a mut [T] {
    if length == 0 {
        return &mut [];
    }
    core::slice::from_raw_parts_mut(pointer, length)
}
