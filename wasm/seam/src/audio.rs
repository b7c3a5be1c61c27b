//! Sound that two devices recorded.

use crate::memory::slice;
use core::slice::from_raw_parts_mut;
use session_process_kernel::audio::{lines, Loudness, Phat, Piece};

/// Floats of each line that [`sp_audio_lines`] writes.
const LINE_FLOATS: usize = 5;

/// Starts to gather how loud a sound is at a rate in Hz, in frames of so many samples.
#[no_mangle]
pub extern "C" fn sp_loudness_new(rate: f64, samples_per_frame: f64) -> *mut Loudness {
    Box::into_raw(Box::new(Loudness::new(rate, samples_per_frame)))
}

/// Adds samples and returns how many frames are complete.
///
/// # Safety
/// `loudness` came from [`sp_loudness_new`]; `samples` points to `length` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_loudness_add(loudness: *mut Loudness, samples: *const f32, length: usize) -> usize {
    (*loudness).add(slice(samples, length));
    (*loudness).values().len()
}

/// Frees what was gathered.
///
/// # Safety
/// `loudness` came from [`sp_loudness_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_loudness_free(loudness: *mut Loudness) {
    drop(Box::from_raw(loudness));
}

/// Writes the most promising relations of two recordings, each as lag and frame where it holds, drift, blocks and
/// score, and returns how many there are.
///
/// # Safety
/// Both came from [`sp_loudness_new`]; `out` takes five floats for each of `most` lines.
#[no_mangle]
pub unsafe extern "C" fn sp_audio_lines(
    a: *const Loudness,
    b: *const Loudness,
    max_drift: f64,
    most: usize,
    out: *mut f64,
) -> usize {
    let found = lines((*a).values(), (*b).values(), max_drift, most);
    for (index, line) in found.iter().enumerate() {
        from_raw_parts_mut(out.add(LINE_FLOATS * index), LINE_FLOATS)
            .copy_from_slice(&[line.lag, line.at, line.drift, line.blocks as f64, line.score]);
    }
    found.len()
}

/// Prepares to compare windows of one length at a rate in Hz; null when the length is no power of two.
#[no_mangle]
pub extern "C" fn sp_phat_new(length: usize, rate: f64) -> *mut Phat {
    Phat::new(length, rate).map_or(core::ptr::null_mut(), |phat| Box::into_raw(Box::new(phat)))
}

/// Compares two windows. `places` holds for each its first sample and the distance of its samples, then how far is
/// searched; `out` takes delay, sigma, height, ratio, and 1 for silence.
///
/// # Safety
/// `phat` came from [`sp_phat_new`]; `a` and `b` point to so many floats; `places` and `out` to five floats each.
#[no_mangle]
pub unsafe extern "C" fn sp_phat_delay(
    phat: *mut Phat,
    a: *const f32,
    a_length: usize,
    b: *const f32,
    b_length: usize,
    places: *const f64,
    out: *mut f64,
) {
    let places = slice(places, 5);
    let a = Piece { samples: slice(a, a_length), from: places[0], step: places[1] };
    let b = Piece { samples: slice(b, b_length), from: places[2], step: places[3] };
    let found = (*phat).delay(a, b, places[4]);
    from_raw_parts_mut(out, 5)
        .copy_from_slice(&[found.delay, found.sigma, found.height, found.ratio, f64::from(u8::from(found.quiet))]);
}

/// Frees what was prepared.
///
/// # Safety
/// `phat` came from [`sp_phat_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_phat_free(phat: *mut Phat) {
    drop(Box::from_raw(phat));
}
