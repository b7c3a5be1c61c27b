//! Matches within a part of both sides that no break parts.

use super::{AsofOptions, Direction, IsOutside, Outside};
use crate::merge::{rows_between, walk, Counts, Writer};
use crate::sampling::MISSING;
use core::ops::Range;

/// Rows that are looked up before they are calculated with.
const BLOCK: usize = 64;

/// Where the matches of wanted times are written; there is no room for distances that are not wanted.
pub struct Slots<'a> {
    pub found: &'a mut [i32],
    pub distances: &'a mut [i64],
}

impl Slots<'_> {
    /// Those of some rows.
    fn range(&mut self, rows: Range<usize>) -> Slots<'_> {
        let distances = if self.distances.is_empty() { 0..0 } else { rows.clone() };
        Slots { found: &mut self.found[rows], distances: &mut self.distances[distances] }
    }

    fn put(&mut self, row: usize, found: i32, distance: i64) {
        self.found[row] = found;
        if let Some(slot) = self.distances.get_mut(row) {
            *slot = distance;
        }
    }
}

/// Joins one part after another.
#[derive(Default)]
pub struct Part {
    /// Row of the first key.
    pub first_row: i32,
    /// From when on each key is the match.
    starts: Vec<i64>,
}

impl Part {
    /// Writes the matches of wanted times; `ends` says whether the keys are the first and the last of all.
    pub fn join(
        &mut self,
        options: &AsofOptions,
        keys: &[i64],
        wanted: &[i64],
        ends: (bool, bool),
        mut slots: Slots,
    ) -> Result<(), IsOutside> {
        let within = rows_between(keys, wanted);
        self.within(options, keys, &wanted[within.clone()], slots.range(within.clone()));
        for row in (0..within.start).chain(within.end..wanted.len()) {
            let (count, at_end) = if row < within.start { (0, ends.0) } else { (keys.len(), ends.1) };
            let chosen = beyond(options, keys, wanted[row], count, at_end)?;
            self.put(&mut slots, keys, wanted, row, chosen);
        }
        Ok(())
    }

    fn put(&self, slots: &mut Slots, keys: &[i64], wanted: &[i64], row: usize, chosen: Option<usize>) {
        match chosen {
            Some(index) => slots.put(row, self.first_row + index as i32, keys[index].saturating_sub(wanted[row])),
            None => slots.put(row, -1, MISSING),
        }
    }

    /// Matches of times from the first key on and before the last.
    fn within(&mut self, options: &AsofOptions, keys: &[i64], wanted: &[i64], mut slots: Slots) {
        let (Some(&first), Some(&last)) = (wanted.first(), wanted.last()) else {
            return;
        };
        // Keys at or before the first time, and at or before the last.
        let (low, high) = (keys.partition_point(|&key| key <= first), keys.partition_point(|&key| key <= last));
        let far = |time: i64| time.unsigned_abs() > i64::MAX as u64 / 2;
        let plain = options.allow_exact && !far(keys[0]) && !far(keys[high]);
        if plain && !options.is_limited() {
            return self.nearest_of_all(options, &keys[low - 1..=high], low, wanted, slots);
        }
        walk(&keys[low..=high], wanted, &mut Counts { base: low as i32, counts: slots.found });
        if plain {
            return self.pick_near(options, keys, wanted, slots);
        }
        for row in 0..wanted.len() {
            let chosen = options.choose(keys, slots.found[row] as usize, wanted[row]);
            self.put(&mut slots, keys, wanted, row, chosen);
        }
    }

    /// Matches without limits, where each key is the match from some time on. The second key is number `low`.
    fn nearest_of_all(&mut self, options: &AsofOptions, keys: &[i64], low: usize, wanted: &[i64], slots: Slots) {
        let starts = if options.direction == Direction::Backward {
            &keys[1..]
        } else {
            fill_starts(&mut self.starts, options, keys);
            &self.starts
        };
        let counts = Counts { base: self.first_row + low as i32 - 1, counts: slots.found };
        if slots.distances.is_empty() {
            walk(starts, wanted, &mut { counts });
        } else {
            walk(starts, wanted, &mut Measured { counts, keys, wanted, distances: slots.distances });
        }
    }

    /// As [`AsofOptions::choose`] within some distance, where `found` holds the number of keys at or before each
    /// time.
    fn pick_near(&self, options: &AsofOptions, keys: &[i64], wanted: &[i64], mut slots: Slots) {
        let pick = match options.direction {
            Direction::Backward => pick::<0>,
            Direction::Forward => pick::<1>,
            Direction::Nearest => pick::<2>,
        };
        let mut scratch = Scratch { back: [0; BLOCK], ahead: [0; BLOCK], chosen: [0; BLOCK], away: [0; BLOCK] };
        for (block, wanted) in wanted.chunks(BLOCK).enumerate() {
            let (from, length) = (block * BLOCK, wanted.len());
            let slots = slots.range(from..from + length);
            pick(options, &mut scratch, keys, wanted, i64::from(self.first_row), slots.found);
            if !slots.distances.is_empty() {
                slots.distances.copy_from_slice(&scratch.away[..length]);
            }
        }
    }
}

/// The match of a time before all keys or at or after the last.
fn beyond(
    options: &AsofOptions,
    keys: &[i64],
    time: i64,
    count: usize,
    at_end: bool,
) -> Result<Option<usize>, IsOutside> {
    let nothing_there = match options.direction {
        Direction::Backward => count == 0,
        Direction::Forward => count == keys.len() && keys.last() != Some(&time),
        Direction::Nearest => false,
    };
    if nothing_there && at_end && options.outside == Outside::Refuse {
        return Err(IsOutside(time));
    }
    if nothing_there && at_end && options.outside == Outside::Hold {
        return Ok(options.hold(keys, time));
    }
    Ok(options.choose(keys, count, time))
}

/// From when on each key but the first is the match of a time, when that looks ahead.
fn fill_starts(starts: &mut Vec<i64>, options: &AsofOptions, keys: &[i64]) {
    starts.clear();
    match options.direction {
        Direction::Backward => starts.extend_from_slice(&keys[1..]),
        Direction::Forward => starts.extend(keys[..keys.len() - 1].iter().map(|&back| back + 1)),
        Direction::Nearest => {
            // The first time beyond the middle, or the middle itself where the later is taken.
            let beyond = if options.later { 1 } else { 2 };
            starts.extend(keys.windows(2).map(|pair| (pair[0] + pair[1] + beyond) >> 1));
        }
    }
    starts.push(i64::MAX);
}

/// Writes rows of matches and how far they lie away.
struct Measured<'a> {
    counts: Counts<'a>,
    keys: &'a [i64],
    wanted: &'a [i64],
    distances: &'a mut [i64],
}

impl Writer for Measured<'_> {
    #[inline(always)]
    fn write<const WIDTH: usize>(&mut self, row: usize, count: usize) {
        self.counts.write::<WIDTH>(row, count);
        let rows = row..row + WIDTH;
        measure(self.keys[count], &self.wanted[rows.clone()], &mut self.distances[rows]);
    }
}

/// How far a key lies away from times.
#[inline(always)]
fn measure(key: i64, times: &[i64], distances: &mut [i64]) {
    for (slot, &time) in distances.iter_mut().zip(times) {
        *slot = key.wrapping_sub(time);
    }
}

/// What was looked up for a block: the keys on both sides, the row that was chosen and how far it lies away.
struct Scratch {
    back: [i64; BLOCK],
    ahead: [i64; BLOCK],
    chosen: [i64; BLOCK],
    away: [i64; BLOCK],
}

/// What is looked up is looked up first, so that the rest has no branches and is done several at a time. No
/// difference overflows.
fn pick<const DIRECTION: u8>(
    options: &AsofOptions,
    Scratch { back, ahead, chosen, away }: &mut Scratch,
    keys: &[i64],
    wanted: &[i64],
    first_row: i64,
    found: &mut [i32],
) {
    let length = wanted.len().min(BLOCK);
    let (wanted, found) = (&wanted[..length], &mut found[..length]);
    for row in 0..length {
        let count = found[row] as usize;
        back[row] = keys[count - 1];
        ahead[row] = keys[count];
    }
    let limit = |limit: u64| limit.min(i64::MAX as u64) as i64;
    let (tolerance, max_gap) = (limit(options.tolerance), limit(options.max_gap));
    // Of equal distances the later is taken when it must only be nearer than one more.
    let later = i64::from(options.later);
    for row in 0..length {
        let (time, back, ahead) = (wanted[row], back[row], ahead[row]);
        let exact = back == time;
        let takes_ahead = match DIRECTION {
            0 => false,
            1 => !exact,
            _ => !exact & (ahead - time < time - back + later),
        };
        let distance = if takes_ahead { ahead - time } else { back - time };
        let fails = (distance.abs() > tolerance) | (!exact & (ahead - back > max_gap));
        let index = first_row - 1 + i64::from(found[row]) + i64::from(takes_ahead);
        chosen[row] = if fails { -1 } else { index };
        away[row] = if fails { MISSING } else { distance };
    }
    for row in 0..length {
        found[row] = chosen[row] as i32;
    }
}
