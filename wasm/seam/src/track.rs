//! The estimator of one clock against another.

use crate::memory::slice;
use session_process_kernel::track::{fit, Arrivals, Fit, JumpSurvey, Jumps, Options, Readings};

/// Fits readings. Each of the four float arrays holds `count` elements, or is null when its value is not known.
///
/// # Safety
/// `device` and `reference` hold `count` integers, the arrays of jumps `jumps` elements; `span` is null or holds two,
/// `arrivals` is null or holds three: coarseness, and bounds of the smallest delay.
#[no_mangle]
pub unsafe extern "C" fn sp_track_fit(
    count: usize,
    device: *const i64,
    reference: *const i64,
    round_trips: *const f64,
    sigmas: *const f64,
    rows: *const f64,
    counts: *const f64,
    span: *const i64,
    arrivals: *const f64,
    jump_rows: *const f64,
    jump_device: *const i64,
    jump_sizes: *const i64,
    jump_in_host: *const u8,
    jumps: usize,
    smallest_jump: f64,
    skew_sigma: f64,
) -> *mut Fit {
    let floats = |pointer: *const f64| slice(pointer, if pointer.is_null() { 0 } else { count });
    let readings = Readings {
        device: slice(device, count),
        reference: slice(reference, count),
        round_trips: floats(round_trips),
        sigmas: floats(sigmas),
        rows: floats(rows),
        counts: floats(counts),
    };
    let span = slice(span, if span.is_null() { 0 } else { 2 });
    let jumps = Jumps {
        rows: slice(jump_rows, jumps),
        device: slice(jump_device, jumps),
        sizes: slice(jump_sizes, jumps),
        smallest: smallest_jump,
        in_host: slice(jump_in_host, if jump_in_host.is_null() { 0 } else { jumps }),
    };
    let known = slice(arrivals, if arrivals.is_null() { 0 } else { 3 });
    let options = Options {
        skew_sigma,
        span: (span.len() == 2).then(|| (span[0], span[1])),
        arrivals: (known.len() == 3).then(|| Arrivals { resolution: known[0], low: known[1], high: known[2] }),
    };
    Box::into_raw(Box::new(fit(&readings, &jumps, &options)))
}

/// Writes the numbers of segments, of knots and of steps.
///
/// # Safety
/// `track` came from [`sp_track_fit`]; `counts` has room for three.
#[no_mangle]
pub unsafe extern "C" fn sp_track_sizes(track: *const Fit, counts: *mut u32) {
    let track = &*track;
    let knots: usize = track.segments.iter().map(|segment| segment.knots.len()).sum();
    for (index, size) in [track.segments.len(), knots, track.steps.len()].into_iter().enumerate() {
        counts.add(index).write(size as u32);
    }
}

/// Writes the model: knots per segment; first and last time of each segment, time and offset of each knot, time of
/// each step; first row of each segment, skew, sigma and sigma of the skew of each knot, change of each step and
/// whether the reference was set; and seven figures (hold-out count, coverage, score of runs, widening, drift, its
/// sigma, root mean square).
///
/// # Safety
/// `track` came from [`sp_track_fit`]; the buffers have room for what [`sp_track_sizes`] says.
#[no_mangle]
pub unsafe extern "C" fn sp_track_model(track: *const Fit, knot_counts: *mut u32, integers: *mut i64, floats: *mut f64) {
    let track = &*track;
    let (mut whole, mut real) = (Vec::new(), Vec::new());
    for (index, segment) in track.segments.iter().enumerate() {
        knot_counts.add(index).write(segment.knots.len() as u32);
        whole.extend([segment.from, segment.to]);
        real.push(segment.first_row);
    }
    for knot in track.segments.iter().flat_map(|segment| &segment.knots) {
        whole.extend([knot.device, knot.offset]);
        real.extend([knot.skew, knot.sigma, knot.skew_sigma]);
    }
    for step in &track.steps {
        whole.push(step.at);
        real.extend([step.change, f64::from(u8::from(step.in_host))]);
    }
    let check = &track.check;
    real.extend([check.count as f64, check.coverage, check.runs_score, check.widened]);
    real.extend([track.drift, track.drift_sigma, track.rms]);
    core::ptr::copy_nonoverlapping(whole.as_ptr(), integers, whole.len());
    core::ptr::copy_nonoverlapping(real.as_ptr(), floats, real.len());
}

/// Writes what became of each reading: verdict, residual and sigma.
///
/// # Safety
/// `track` came from [`sp_track_fit`]; each buffer has room for one element per reading.
#[no_mangle]
pub unsafe extern "C" fn sp_track_audit(track: *const Fit, verdicts: *mut u8, residuals: *mut f64, sigmas: *mut f64) {
    let track = &*track;
    let count = track.verdicts.len();
    for (index, &verdict) in track.verdicts.iter().enumerate() {
        verdicts.add(index).write(verdict as u8);
    }
    core::ptr::copy_nonoverlapping(track.residuals.as_ptr(), residuals, count);
    core::ptr::copy_nonoverlapping(track.sigmas.as_ptr(), sigmas, count);
}

/// Frees a fit.
///
/// # Safety
/// `track` came from [`sp_track_fit`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_track_free(track: *mut Fit) {
    drop(Box::from_raw(track));
}

/// Starts to look for jumps of stamps.
#[no_mangle]
pub extern "C" fn sp_jumps_new() -> *mut JumpSurvey {
    Box::into_raw(Box::default())
}

/// Adds the next stamps of a stream.
///
/// # Safety
/// `survey` came from [`sp_jumps_new`]; `stamps` holds `count` integers.
#[no_mangle]
pub unsafe extern "C" fn sp_jumps_add(survey: *mut JumpSurvey, stamps: *const i64, count: usize) {
    (*survey).add(slice(stamps, count));
}

/// Writes the jumps so far into buffers with room for `room` elements each, and the smallest jump that would have
/// been seen. Returns how many there are.
///
/// # Safety
/// `survey` came from [`sp_jumps_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_jumps_get(
    survey: *const JumpSurvey,
    rows: *mut f64,
    device: *mut i64,
    sizes: *mut i64,
    room: usize,
    smallest: *mut f64,
) -> usize {
    let jumps = (*survey).jumps();
    for (index, jump) in jumps.iter().take(room).enumerate() {
        rows.add(index).write(jump.row);
        device.add(index).write(jump.device);
        sizes.add(index).write(jump.size);
    }
    smallest.write((*survey).smallest());
    jumps.len()
}

/// Frees a survey.
///
/// # Safety
/// `survey` came from [`sp_jumps_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_jumps_free(survey: *mut JumpSurvey) {
    drop(Box::from_raw(survey));
}
