//! Fourier transforms.

use crate::memory::slice;
use session_process_kernel::fft::{Fft, RealFft};

fn boxed<T>(plan: Option<T>) -> *mut T {
    plan.map_or(core::ptr::null_mut(), |plan| Box::into_raw(Box::new(plan)))
}

/// Prepares a complex transform, or returns null when there is none of this length.
#[no_mangle]
pub extern "C" fn sp_fft_new(size: usize) -> *mut Fft {
    boxed(Fft::new(size))
}

/// Transforms in place, backwards when `inverse` is not zero.
///
/// # Safety
/// `fft` came from [`sp_fft_new`]; `re` and `im` point to as many values as it is long and do not overlap.
#[no_mangle]
pub unsafe extern "C" fn sp_fft_run(fft: *const Fft, re: *mut f64, im: *mut f64, inverse: i32) {
    let fft = &*fft;
    let re = core::slice::from_raw_parts_mut(re, fft.size());
    let im = core::slice::from_raw_parts_mut(im, fft.size());
    if inverse == 0 {
        fft.forward(re, im);
    } else {
        fft.inverse(re, im);
    }
}

/// Frees a complex transform.
///
/// # Safety
/// `fft` came from [`sp_fft_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_fft_free(fft: *mut Fft) {
    drop(Box::from_raw(fft));
}

/// Prepares a transform of real signals, or returns null when there is none of this length.
#[no_mangle]
pub extern "C" fn sp_real_fft_new(size: usize) -> *mut RealFft {
    boxed(RealFft::new(size))
}

/// Writes the spectrum of a signal.
///
/// # Safety
/// `fft` came from [`sp_real_fft_new`]; `signal` points to `length` values, `re` and `im` take half its length
/// plus one each; none overlap.
#[no_mangle]
pub unsafe extern "C" fn sp_real_fft_forward(
    fft: *const RealFft,
    signal: *const f64,
    length: usize,
    re: *mut f64,
    im: *mut f64,
) {
    let fft = &*fft;
    let re = core::slice::from_raw_parts_mut(re, fft.bins());
    let im = core::slice::from_raw_parts_mut(im, fft.bins());
    fft.forward(slice(signal, length), re, im);
}

/// Writes the signal of a spectrum and uses the spectrum up.
///
/// # Safety
/// As for [`sp_real_fft_forward`]; `signal` takes as many values as the transform is long.
#[no_mangle]
pub unsafe extern "C" fn sp_real_fft_inverse(
    fft: *const RealFft,
    re: *mut f64,
    im: *mut f64,
    signal: *mut f64,
) {
    let fft = &*fft;
    let re = core::slice::from_raw_parts_mut(re, fft.bins());
    let im = core::slice::from_raw_parts_mut(im, fft.bins());
    fft.inverse(re, im, core::slice::from_raw_parts_mut(signal, fft.size()));
}

/// Frees a transform of real signals.
///
/// # Safety
/// `fft` came from [`sp_real_fft_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_real_fft_free(fft: *mut RealFft) {
    drop(Box::from_raw(fft));
}
