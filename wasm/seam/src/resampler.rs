//! Resampling.

use crate::joiner::outside;
use crate::memory::slice;
use session_process_kernel::keys::Repeats;
use session_process_kernel::resample::{Method, ResampleOptions, Resampler};
use session_process_kernel::sides::Sides;

pub(crate) fn method(code: u32) -> Method {
    match code {
        0 => Method::Linear,
        1 => Method::Previous,
        2 => Method::Mean,
        _ => Method::Pchip,
    }
}

/// Makes a resampler; repeats are 0 for the first, 1 for the last, 2 for a refusal.
///
/// # Safety
/// `limits` holds the largest gap and the length of a bin; `breaks` holds `count` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_new(
    code: u32,
    repeats: u32,
    beyond: u32,
    limits: *const i64,
    breaks: *const i64,
    count: usize,
) -> *mut Resampler {
    let limits = slice(limits, 2);
    let options = ResampleOptions {
        method: method(code),
        max_gap: limits[0] as u64,
        bin: limits[1],
        outside: outside(beyond),
        repeats: match repeats {
            0 => Repeats::First,
            1 => Repeats::Last,
            _ => Repeats::Refuse,
        },
    };
    Box::into_raw(Box::new(Resampler::new(options, slice(breaks, count).to_vec())))
}

/// The two sides of a resampler: samples are the keys. They are freed with it.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_sides(resampler: *mut Resampler) -> *mut Sides {
    &raw mut (*resampler).sides
}

/// Settles what is certain and returns at how many times; -1 when one lies outside and that is refused.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_advance(resampler: *mut Resampler) -> i32 {
    (*resampler).advance().map_or(-1, |settled| settled as i32)
}

/// Values that were settled last.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_values(resampler: *const Resampler) -> *const f64 {
    (*resampler).values.as_ptr()
}

/// Frees a resampler.
///
/// # Safety
/// `resampler` came from [`sp_resampler_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_resampler_free(resampler: *mut Resampler) {
    drop(Box::from_raw(resampler));
}
