//! Matching of trains of events.

use crate::memory::slice;
use core::slice::from_raw_parts_mut;
use session_process_kernel::events::{match_trains, Found, Options, Train, Verdict};

/// Floats of each stretch that [`sp_events_get`] writes.
const STRETCH_FLOATS: usize = 7;

/// A train as it is handed over; labels and widths may be null.
unsafe fn train<'a>(times: *const f64, labels: *const u32, widths: *const f64, length: usize) -> Train<'a> {
    Train {
        times: slice(times, length),
        labels: if labels.is_null() { &[] } else { slice(labels, length) },
        widths: if widths.is_null() { &[] } else { slice(widths, length) },
    }
}

/// Matches two trains. `options` holds jitter, largest drift, bounds of `b - a`, and the tolerance of widths.
///
/// # Safety
/// Each train points to `length` elements; its labels and widths may be null. `options` points to five floats.
#[no_mangle]
pub unsafe extern "C" fn sp_events_match(
    a_times: *const f64,
    a_labels: *const u32,
    a_widths: *const f64,
    a_length: usize,
    b_times: *const f64,
    b_labels: *const u32,
    b_widths: *const f64,
    b_length: usize,
    options: *const f64,
) -> *mut Found {
    let given = slice(options, 5);
    let options = Options {
        jitter: given[0],
        max_drift: given[1],
        low: given[2],
        high: given[3],
        width_tolerance: given[4],
    };
    let a = train(a_times, a_labels, a_widths, a_length);
    let b = train(b_times, b_labels, b_widths, b_length);
    Box::into_raw(Box::new(match_trains(a, b, &options)))
}

/// Writes verdict, stretches, pairs, and events, agreement, rival and its lag of a contest that was lost.
///
/// The verdict is 0 for matched, 1 for ambiguous, 2 for unrelated, 3 for too few.
///
/// # Safety
/// `found` came from [`sp_events_match`]; `figures` takes 7 floats.
#[no_mangle]
pub unsafe extern "C" fn sp_events_figures(found: *const Found, figures: *mut f64) {
    let found = &*found;
    let verdict = match found.verdict {
        Verdict::Matched => 0.0,
        Verdict::Ambiguous => 1.0,
        Verdict::Unrelated => 2.0,
        Verdict::TooFew => 3.0,
    };
    let pairs: usize = found.stretches.iter().map(|stretch| stretch.pairs.len()).sum();
    let lost = found.lost.map_or([f64::NAN; 4], |contest| {
        [contest.events as f64, contest.agreeing as f64, contest.rival as f64, contest.rival_lag]
    });
    let figures = from_raw_parts_mut(figures, 7);
    figures[..3].copy_from_slice(&[verdict, found.stretches.len() as f64, pairs as f64]);
    figures[3..].copy_from_slice(&lost);
}

/// Writes the pairs, their residuals, and for each stretch its number of pairs, sigma, logarithm of chance, and
/// events, agreement, rival and its lag of the contest.
///
/// # Safety
/// `found` came from [`sp_events_match`]; `pairs` takes two integers for each pair, `residuals` one float,
/// `stretches` seven floats for each stretch.
#[no_mangle]
pub unsafe extern "C" fn sp_events_get(
    found: *const Found,
    pairs: *mut u32,
    residuals: *mut f64,
    stretches: *mut f64,
) {
    let mut written = 0;
    for (index, stretch) in (*found).stretches.iter().enumerate() {
        for (&(i, j), &residual) in stretch.pairs.iter().zip(&stretch.residuals) {
            pairs.add(2 * written).write(i);
            pairs.add(2 * written + 1).write(j);
            residuals.add(written).write(residual);
            written += 1;
        }
        let contest = stretch.contest;
        from_raw_parts_mut(stretches.add(STRETCH_FLOATS * index), STRETCH_FLOATS).copy_from_slice(&[
            stretch.pairs.len() as f64,
            stretch.sigma,
            stretch.log_chance,
            contest.events as f64,
            contest.agreeing as f64,
            contest.rival as f64,
            contest.rival_lag,
        ]);
    }
}

/// Frees what was found.
///
/// # Safety
/// `found` came from [`sp_events_match`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_events_free(found: *mut Found) {
    drop(Box::from_raw(found));
}
