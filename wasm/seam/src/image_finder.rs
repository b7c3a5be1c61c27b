//! Hands by colour and shape.

use crate::image::ImageState;
use crate::memory::slice;
use session_process_kernel::image::hand_finder::{FinderLimits, HandFinder};
use session_process_kernel::image::runs::Cover;
use session_process_kernel::image::skin_map::{HandCue, MEMORY};

/// Makes a finder; give it back to [`sp_finder_free`].
#[no_mangle]
pub extern "C" fn sp_finder_new() -> *mut HandFinder {
    Box::into_raw(Box::default())
}

/// Gives a finder back.
///
/// # Safety
/// `finder` came from [`sp_finder_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_finder_free(finder: *mut HandFinder) {
    drop(Box::from_raw(finder));
}

/// Finds hands and returns their number.
///
/// # Safety
/// The pointers came from their makers, `limits` points to limits.
#[no_mangle]
pub unsafe extern "C" fn sp_finder_find(
    finder: *mut HandFinder,
    state: *const ImageState,
    cue: u32,
    limits: *const FinderLimits,
) -> usize {
    let cue = HandCue::from_code(cue).unwrap_or(HandCue::Color);
    let finder = &mut *finder;
    finder.find(&(*state).frame, cue, &*limits);
    finder.found.len()
}

/// Tells what a hand covers, then its confidence, in six floats, and returns the number of its run lengths.
///
/// # Safety
/// `finder` came from [`sp_finder_new`] and found more than `index` hands, `facts` points to room for the floats.
#[no_mangle]
pub unsafe extern "C" fn sp_finder_hand(
    finder: *const HandFinder,
    index: usize,
    facts: *mut f64,
) -> usize {
    let hand = &(&(*finder).found)[index];
    facts.cast::<Cover>().write(hand.cover);
    facts.add(5).write(f64::from(hand.confidence));
    hand.counts.len()
}

/// The run lengths of a hand.
///
/// # Safety
/// `finder` came from [`sp_finder_new`] and found more than `index` hands.
#[no_mangle]
pub unsafe extern "C" fn sp_finder_counts(finder: *const HandFinder, index: usize) -> *const u32 {
    (&(*finder).found)[index].counts.as_ptr()
}

/// Number of counts that a finder carries on.
#[no_mangle]
pub extern "C" fn sp_finder_memory() -> usize {
    MEMORY
}

/// Writes the counts that a finder carries on: 1, or 0 where there are none yet.
///
/// # Safety
/// `finder` came from [`sp_finder_new`], `counts` points to room for [`sp_finder_memory`] floats.
#[no_mangle]
pub unsafe extern "C" fn sp_finder_save(finder: *const HandFinder, counts: *mut f32) -> u32 {
    u32::from((*finder).map.save(core::slice::from_raw_parts_mut(counts, MEMORY)))
}

/// Takes the counts over.
///
/// # Safety
/// `finder` came from [`sp_finder_new`], `counts` points to [`sp_finder_memory`] floats.
#[no_mangle]
pub unsafe extern "C" fn sp_finder_restore(finder: *mut HandFinder, counts: *const f32) {
    (*finder).map.restore(slice(counts, MEMORY));
}
