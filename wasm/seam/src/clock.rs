//! Clock models and the evidence for them.

use crate::memory::slice;
use session_process_kernel::clock_apply::{Applier, Knot, Segment};
use session_process_kernel::envelope::{Block, Envelope};

/// Makes an applier from knots of all segments, one after another.
///
/// # Safety
/// `knot_counts` points to `segments` integers that sum up to the number of knots; `bounds` to two integers per
/// segment; `times` to two integers and `floats` to three floats (skew, sigma, sigma of the skew) per knot.
#[no_mangle]
pub unsafe extern "C" fn sp_applier_new(
    knot_counts: *const u32,
    segments: usize,
    bounds: *const i64,
    times: *const i64,
    floats: *const f64,
    stamp_variance: f64,
) -> *mut Applier {
    let counts = slice(knot_counts, segments);
    let total: usize = counts.iter().map(|&count| count as usize).sum();
    let (bounds, times) = (slice(bounds, 2 * segments), slice(times, 2 * total));
    let floats = slice(floats, 3 * total);
    let knot = |index: usize| Knot {
        device: times[2 * index],
        offset: times[2 * index + 1],
        skew: floats[3 * index],
        sigma: floats[3 * index + 1],
        skew_sigma: floats[3 * index + 2],
    };
    let mut first = 0;
    let segments = counts.iter().zip(bounds.chunks(2)).map(|(&count, bound)| {
        let knots = (first..first + count as usize).map(knot).collect();
        first += count as usize;
        Segment { from: bound[0], to: bound[1], knots }
    });
    Box::into_raw(Box::new(Applier::new(segments.collect(), stamp_variance)))
}

/// Converts times within one segment, or with a negative segment in whichever holds.
///
/// # Safety
/// `applier` came from [`sp_applier_new`]; the buffers hold `length` elements.
#[no_mangle]
pub unsafe extern "C" fn sp_applier_apply(
    applier: *mut Applier,
    segment: i32,
    times: *const i64,
    length: usize,
    reference: *mut i64,
    sigmas: *mut f64,
) {
    if length > 0 {
        let reference = core::slice::from_raw_parts_mut(reference, length);
        let sigmas = core::slice::from_raw_parts_mut(sigmas, length);
        (*applier).apply(segment, slice(times, length), reference, sigmas);
    }
}

/// Frees an applier.
///
/// # Safety
/// `applier` came from [`sp_applier_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_applier_free(applier: *mut Applier) {
    drop(Box::from_raw(applier));
}

/// Starts to gather pairs.
#[no_mangle]
pub extern "C" fn sp_envelope_new() -> *mut Envelope {
    Box::into_raw(Box::default())
}

/// Adds pairs of device and host stamps.
///
/// # Safety
/// `envelope` came from [`sp_envelope_new`]; the buffers hold `length` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_envelope_add(
    envelope: *mut Envelope,
    device: *const i64,
    host: *const i64,
    length: usize,
) {
    (*envelope).add(slice(device, length), slice(host, length));
}

/// Ends a copy of an envelope, which is freed like the envelope itself.
///
/// # Safety
/// `envelope` came from [`sp_envelope_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_envelope_finished(envelope: *const Envelope) -> *mut Envelope {
    Box::into_raw(Box::new((*envelope).finished()))
}

/// Number of blocks.
///
/// # Safety
/// `envelope` came from [`sp_envelope_new`] or [`sp_envelope_finished`].
#[no_mangle]
pub unsafe extern "C" fn sp_envelope_blocks(envelope: *const Envelope) -> usize {
    (*envelope).blocks().len()
}

/// Writes the blocks: eight integers (device, host; device, size and passed of the jump up, the same down), and
/// four floats (row, count, rows of the jumps) each. Returns how many pairs were rejected.
///
/// # Safety
/// The buffers take eight integers and four floats per block.
#[no_mangle]
pub unsafe extern "C" fn sp_envelope_get(
    envelope: *const Envelope,
    integers: *mut i64,
    floats: *mut f64,
) -> f64 {
    for (index, block) in (*envelope).blocks().iter().enumerate() {
        let Block { device, host, row, count, up, down, .. } = *block;
        let values = [
            device, host, up.device, up.size, up.passed, down.device, down.size, down.passed,
        ];
        core::ptr::copy_nonoverlapping(values.as_ptr(), integers.add(8 * index), 8);
        let values = [row, f64::from(count), up.row, down.row];
        core::ptr::copy_nonoverlapping(values.as_ptr(), floats.add(4 * index), 4);
    }
    (*envelope).rejected
}

/// Frees an envelope.
///
/// # Safety
/// `envelope` came from [`sp_envelope_new`] or [`sp_envelope_finished`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_envelope_free(envelope: *mut Envelope) {
    drop(Box::from_raw(envelope));
}
