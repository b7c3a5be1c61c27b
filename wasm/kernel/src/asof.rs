//! As-of joins: for each time on the left the match among times on the right, chunk by chunk.

use crate::grid::Grid;
use crate::keys::{Keys, Refusal, Repeats, Wanted};
use crate::merge::{counts_on_grid, counts_within};
use crate::sampling::MISSING;

/// Which way a match may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Direction {
    Backward,
    Forward,
    Nearest,
}

/// What becomes of a left time beyond the end of the right side to which it looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outside {
    /// It has no match.
    Null,
    /// It is matched with the end.
    Hold,
    /// The join is refused.
    Refuse,
}

/// How matches are chosen.
#[derive(Clone, Copy, Debug)]
pub struct AsofOptions {
    pub direction: Direction,
    /// Largest distance of a match, inclusive.
    pub tolerance: u64,
    /// A match never lies beyond two neighbouring right times that are further apart than this.
    pub max_gap: u64,
    /// Of two matches equally near, take the later.
    pub later: bool,
    /// Of equal right times, take the first when looking backward, and when looking forward.
    pub first_backward: bool,
    pub first_forward: bool,
    pub refuse_repeats: bool,
    pub allow_exact: bool,
    pub outside: Outside,
}

impl AsofOptions {
    /// The match of a time, of which `count` keys lie at or before it, as an index of the keys.
    pub fn choose(&self, keys: &[i64], count: usize, time: i64) -> Option<usize> {
        let exact = count > 0 && keys[count - 1] == time;
        if exact && self.allow_exact {
            return Some(count - 1);
        }
        let back = (count - usize::from(exact)).checked_sub(1).filter(|&index| self.reaches(keys, index, time));
        let ahead = Some(count).filter(|&index| index < keys.len() && self.reaches(keys, index, time));
        match self.direction {
            Direction::Backward => back,
            Direction::Forward => ahead,
            Direction::Nearest => self.nearest(keys, back, ahead, time),
        }
    }

    /// Whether a neighbour is near enough and on this side of gaps.
    fn reaches(&self, keys: &[i64], index: usize, time: i64) -> bool {
        let beyond = if keys[index] < time { Some(index + 1) } else { index.checked_sub(1) };
        let gap = beyond.and_then(|other| keys.get(other)).map_or(0, |other| other.abs_diff(keys[index]));
        keys[index].abs_diff(time) <= self.tolerance && gap <= self.max_gap
    }

    fn nearest(&self, keys: &[i64], back: Option<usize>, ahead: Option<usize>, time: i64) -> Option<usize> {
        let (Some(before), Some(after)) = (back, ahead) else {
            return back.or(ahead);
        };
        let (behind, before_it) = (time.abs_diff(keys[before]), time.abs_diff(keys[after]));
        let later = before_it < behind || (before_it == behind && self.later);
        Some(if later { after } else { before })
    }

    /// The end with which a time beyond it is matched.
    fn hold(&self, keys: &[i64], time: i64) -> Option<usize> {
        let end = match self.direction {
            Direction::Backward => 0,
            _ => keys.len().checked_sub(1)?,
        };
        Some(end).filter(|&end| keys.get(end).is_some_and(|key| key.abs_diff(time) <= self.tolerance))
    }

    /// Whether the first or the last of equal right times is the match of a time.
    pub fn takes_first(&self, key: i64, time: i64) -> bool {
        if key > time || (key == time && self.direction == Direction::Forward) {
            self.first_forward
        } else {
            self.first_backward
        }
    }
}

/// A left time whose match would lie beyond the right side.
#[derive(Debug, PartialEq)]
pub struct IsOutside(pub i64);

/// Joins two sides that come in chunks. Results are the same whatever the chunks.
pub struct AsofJoiner {
    options: AsofOptions,
    /// Places that no match crosses: it lies on the same side, the place itself counts as after.
    breaks: Vec<i64>,
    keys: Keys,
    wanted: Wanted,
    ended: bool,
    complete: bool,
    /// Ticks per nanosecond, when the left times are those of a grid.
    rate: Option<f64>,
    counts: Vec<u32>,
    /// Of the left times that were settled last: row of the match on the right or -1, and its time minus the
    /// left time or [`MISSING`].
    pub found: Vec<i32>,
    pub distances: Vec<i64>,
}

/// Part of both sides between two breaks, and where the left part begins among those that are settled.
struct Stretch {
    keys: core::ops::Range<usize>,
    wanted: core::ops::Range<usize>,
    /// Whether the right side begins and ends with it.
    first: bool,
    last: bool,
}

impl AsofJoiner {
    pub fn new(options: AsofOptions, mut breaks: Vec<i64>) -> AsofJoiner {
        breaks.sort_unstable();
        AsofJoiner {
            options,
            breaks,
            keys: Keys::new(if options.refuse_repeats { Repeats::Refuse } else { Repeats::Last }),
            wanted: Wanted::default(),
            ended: false,
            complete: false,
            rate: None,
            counts: Vec::new(),
            found: Vec::new(),
            distances: Vec::new(),
        }
    }

    pub fn add_right(&mut self, times: &[i64]) -> Result<(), Refusal> {
        self.keys.add(times, &[])
    }

    pub fn add_left(&mut self, times: &[i64]) -> Result<(), Refusal> {
        self.wanted.add(times)
    }

    /// Adds ticks of a grid on the left, which then holds nothing else.
    pub fn add_left_ticks(&mut self, grid: &Grid, from: u64, count: usize) -> Result<(), Refusal> {
        self.rate = Some(grid.rate());
        self.wanted.add_ticks(grid, from, count)
    }

    /// Adds ticks of a grid on the right.
    pub fn add_right_ticks(&mut self, grid: &Grid, from: u64, count: usize) -> Result<(), Refusal> {
        self.keys.add_ticks(grid, from, count)
    }

    /// Says that the right side is complete.
    pub fn end_right(&mut self) {
        self.ended = true;
    }

    /// Says that the left side is complete: what is still added on the right is only checked.
    pub fn end_left(&mut self) {
        self.complete = true;
    }

    /// Settles what is certain and returns how many left times that were.
    pub fn advance(&mut self) -> Result<usize, IsOutside> {
        let settled = self.certain();
        self.found.resize(settled, 0);
        self.distances.resize(settled, 0);
        self.counts.resize(settled, 0);
        let mut row = 0;
        while row < settled {
            let stretch = self.stretch(row, settled);
            row = stretch.wanted.end;
            self.join(stretch)?;
        }
        self.to_rows();
        let (found, distances) = (&mut self.found, &mut self.distances);
        self.wanted.remove(settled, |index| {
            found[index] = -1;
            distances[index] = MISSING;
        });
        let earliest = self.wanted.earliest();
        let done = self.complete && self.wanted.times.is_empty();
        let keep = self.keys.times.partition_point(|&key| done || key <= earliest);
        self.keys.trim(keep.saturating_sub(2));
        Ok(settled)
    }

    /// Number of left times whose match no later right time can change.
    fn certain(&self) -> usize {
        if self.ended {
            return self.wanted.times.len();
        }
        // Where the last of equal times counts, those of the newest time may not all be there.
        let newest = if self.options.first_forward { 1 } else { 2 };
        let horizon = self.keys.times.len().checked_sub(newest).map(|index| self.keys.times[index]);
        horizon.map_or(0, |horizon| self.wanted.times.partition_point(|&time| time < horizon))
    }

    fn stretch(&self, row: usize, settled: usize) -> Stretch {
        let (wanted, keys) = (&self.wanted.times[..settled], &self.keys);
        let after = self.breaks.partition_point(|&place| place <= wanted[row]);
        let low = after.checked_sub(1).map(|index| self.breaks[index]);
        let high = self.breaks.get(after).copied();
        let index_of = |place: i64| keys.first_from(place);
        let part = low.map_or(0, index_of)..high.map_or(keys.times.len(), index_of);
        let end = high.map_or(settled, |place| wanted.partition_point(|&time| time < place));
        Stretch {
            first: part.start == 0 && !keys.trimmed,
            last: part.end == keys.times.len() && self.ended,
            keys: part,
            wanted: row..end,
        }
    }

    fn join(&mut self, stretch: Stretch) -> Result<(), IsOutside> {
        let keys = &self.keys.times[stretch.keys.clone()];
        let wanted = &self.wanted.times[stretch.wanted.clone()];
        let (found, distances) = (&mut self.found[stretch.wanted.clone()], &mut self.distances[stretch.wanted.clone()]);
        let before = keys.first().map_or(wanted.len(), |&first| wanted.partition_point(|&time| time < first));
        let within = keys.last().map_or(before, |&last| wanted.partition_point(|&time| time < last)).max(before);
        let join = Join { options: &self.options, keys, first_key: stretch.keys.start as i32 };
        let counts = &mut self.counts[before..within];
        match self.rate {
            Some(rate) => counts_on_grid(keys, &wanted[before..within], rate, counts),
            None => counts_within(keys, &wanted[before..within], counts),
        }
        join.within(&wanted[before..within], counts, &mut found[before..within], &mut distances[before..within]);
        for row in (0..before).chain(within..wanted.len()) {
            let count = if row < before { 0 } else { keys.len() };
            let at_end = if row < before { stretch.first } else { stretch.last };
            let chosen = join.beyond(wanted[row], count, at_end)?;
            found[row] = chosen.map_or(-1, |index| join.first_key + index as i32);
            distances[row] = chosen.map_or(MISSING, |index| keys[index].saturating_sub(wanted[row]));
        }
        Ok(())
    }

    /// Makes rows of the indexes of keys.
    fn to_rows(&mut self) {
        let Some((first, last)) = &self.keys.rows else {
            let offset = self.keys.first_row as i32;
            if offset != 0 {
                self.found.iter_mut().for_each(|index| *index += if *index < 0 { 0 } else { offset });
            }
            return;
        };
        for (index, &time) in self.found.iter_mut().zip(&self.wanted.times) {
            if *index >= 0 {
                let key = *index as usize;
                let takes_first = self.options.takes_first(self.keys.times[key], time);
                *index = if takes_first { first[key] } else { last[key] };
            }
        }
    }
}

/// Rows that are looked up before they are calculated with.
const BLOCK: usize = 64;

/// What was looked up for a block: the keys on both sides, and the index that was chosen.
struct Scratch {
    back: [i64; BLOCK],
    ahead: [i64; BLOCK],
    chosen: [i64; BLOCK],
}

/// One part of the right side as it is looked up in.
struct Join<'a> {
    options: &'a AsofOptions,
    keys: &'a [i64],
    first_key: i32,
}

impl Join<'_> {
    /// The match of a time before all keys or at or after the last.
    fn beyond(&self, time: i64, count: usize, at_end: bool) -> Result<Option<usize>, IsOutside> {
        let count = if self.keys.is_empty() { 0 } else { count };
        let nothing_there = match self.options.direction {
            Direction::Backward => count == 0,
            Direction::Forward => count == self.keys.len() && self.keys.last() != Some(&time),
            Direction::Nearest => false,
        };
        if nothing_there && at_end && self.options.outside == Outside::Refuse {
            return Err(IsOutside(time));
        }
        if nothing_there && at_end && self.options.outside == Outside::Hold {
            return Ok(self.options.hold(self.keys, time));
        }
        Ok(self.options.choose(self.keys, count, time))
    }

    /// Matches of times between the first key and the last.
    fn within(&self, wanted: &[i64], counts: &[u32], found: &mut [i32], distances: &mut [i64]) {
        let far = |time: Option<&i64>| time.is_some_and(|time| time.unsigned_abs() > i64::MAX as u64 / 2);
        if !self.options.allow_exact || far(self.keys.first()) || far(self.keys.last()) {
            for (row, &time) in wanted.iter().enumerate() {
                let chosen = self.options.choose(self.keys, counts[row] as usize, time);
                found[row] = chosen.map_or(-1, |index| self.first_key + index as i32);
                distances[row] = chosen.map_or(MISSING, |index| self.keys[index].saturating_sub(time));
            }
            return;
        }
        let AsofOptions { direction, tolerance, max_gap, .. } = *self.options;
        let limited = tolerance.min(max_gap) < i64::MAX as u64;
        if direction == Direction::Backward && !limited {
            return self.pick_last(wanted, counts, found, distances);
        }
        let pick = match (direction, limited) {
            (Direction::Backward, _) => Join::pick::<0, true>,
            (Direction::Forward, false) => Join::pick::<1, false>,
            (Direction::Forward, true) => Join::pick::<1, true>,
            (Direction::Nearest, false) => Join::pick::<2, false>,
            (Direction::Nearest, true) => Join::pick::<2, true>,
        };
        let mut scratch = Scratch { back: [0; BLOCK], ahead: [0; BLOCK], chosen: [0; BLOCK] };
        for (row, wanted) in wanted.chunks(BLOCK).enumerate() {
            let rows = row * BLOCK..row * BLOCK + wanted.len();
            pick(self, &mut scratch, wanted, &counts[rows.clone()], &mut found[rows.clone()], &mut distances[rows]);
        }
    }

    /// As [`Join::pick`], where the last key is the match whatever it is.
    fn pick_last(&self, wanted: &[i64], counts: &[u32], found: &mut [i32], distances: &mut [i64]) {
        let rows = wanted.iter().zip(counts).zip(found.iter_mut().zip(distances));
        for ((&time, &count), (slot, distance)) in rows {
            let last = count as usize - 1;
            *slot = self.first_key + last as i32;
            *distance = self.keys[last] - time;
        }
    }

    /// As [`AsofOptions::choose`] where exact matches are allowed and no difference overflows. What is looked up
    /// is looked up first, so that the rest has no branches and is done several at a time.
    fn pick<const DIRECTION: u8, const LIMITED: bool>(
        &self,
        Scratch { back, ahead, chosen }: &mut Scratch,
        wanted: &[i64],
        counts: &[u32],
        found: &mut [i32],
        distances: &mut [i64],
    ) {
        let length = wanted.len().min(BLOCK);
        let (wanted, counts) = (&wanted[..length], &counts[..length]);
        let (found, distances) = (&mut found[..length], &mut distances[..length]);
        for row in 0..length {
            back[row] = self.keys[counts[row] as usize - 1];
            ahead[row] = self.keys[counts[row] as usize];
        }
        let limit = |limit: u64| limit.min(i64::MAX as u64) as i64;
        let (tolerance, max_gap) = (limit(self.options.tolerance), limit(self.options.max_gap));
        // Of equal distances the later is taken when it must only be nearer than one more.
        let later = i64::from(self.options.later);
        let before_key = i64::from(self.first_key) - 1;
        for row in 0..length {
            let (time, back, ahead) = (wanted[row], back[row], ahead[row]);
            let exact = back == time;
            let takes_ahead = match DIRECTION {
                0 => false,
                1 => !exact,
                _ => !exact & (ahead - time < time - back + later),
            };
            let away = if takes_ahead { ahead - time } else { back - time };
            let index = before_key + i64::from(counts[row]) + i64::from(takes_ahead);
            let fails = LIMITED & ((away.abs() > tolerance) | (!exact & (ahead - back > max_gap)));
            chosen[row] = if fails { -1 } else { index };
            distances[row] = if fails { MISSING } else { away };
        }
        for row in 0..length {
            found[row] = chosen[row] as i32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    const PLAIN: AsofOptions = AsofOptions {
        direction: Direction::Backward,
        tolerance: u64::MAX,
        max_gap: u64::MAX,
        later: false,
        first_backward: false,
        first_forward: true,
        refuse_repeats: false,
        allow_exact: true,
        outside: Outside::Null,
    };

    fn joined(left: &[i64], right: &[i64], options: AsofOptions, breaks: &[i64], chunks: (usize, usize)) -> Vec<i32> {
        let mut joiner = AsofJoiner::new(options, breaks.to_vec());
        let mut rows = Vec::new();
        let (mut lefts, mut rights) = (left.chunks(chunks.0), right.chunks(chunks.1));
        loop {
            let (one, other) = (lefts.next(), rights.next());
            if one.is_none() && other.is_none() {
                joiner.end_right();
            }
            joiner.add_left(one.unwrap_or(&[])).unwrap();
            joiner.add_right(other.unwrap_or(&[])).unwrap();
            let settled = joiner.advance().unwrap();
            for row in 0..settled {
                let (index, time) = (joiner.found[row], left[rows.len()]);
                let expected = if index < 0 { MISSING } else { right[index as usize].saturating_sub(time) };
                assert_eq!(joiner.distances[row], expected);
                rows.push(index);
            }
            if rows.len() == left.len() && one.is_none() {
                return rows;
            }
        }
    }

    fn found(left: &[i64], right: &[i64], options: AsofOptions) -> Vec<i32> {
        joined(left, right, options, &[], (usize::MAX, usize::MAX))
    }

    #[test]
    fn directions_and_ties() {
        let (left, right) = ([1, 3, 9], [2, 2, 4, 8]);
        assert_eq!(found(&left, &right, PLAIN), [-1, 1, 3]);
        let forward = AsofOptions { direction: Direction::Forward, ..PLAIN };
        assert_eq!(found(&left, &right, forward), [0, 2, -1]);
        let nearest = AsofOptions { direction: Direction::Nearest, ..PLAIN };
        assert_eq!(found(&left, &right, nearest), [0, 1, 3]);
        assert_eq!(found(&left, &right, AsofOptions { later: true, ..nearest }), [0, 2, 3]);
    }

    #[test]
    fn tolerance_gap_exact_and_duplicates() {
        let right = [0, 5, 5, 100];
        assert_eq!(found(&[5], &right, AsofOptions { allow_exact: false, ..PLAIN }), [0]);
        assert_eq!(found(&[5, 6], &right, AsofOptions { first_backward: true, ..PLAIN }), [1, 1]);
        assert_eq!(found(&[6, 7], &right, AsofOptions { tolerance: 1, ..PLAIN }), [2, -1]);
        assert_eq!(found(&[3, 6, 100], &right, AsofOptions { max_gap: 50, ..PLAIN }), [0, -1, 3]);
    }

    #[test]
    fn outside_is_held_or_refused() {
        let hold = AsofOptions { outside: Outside::Hold, tolerance: 10, ..PLAIN };
        assert_eq!(found(&[-11, -10, 5], &[0, 5], hold), [-1, 0, 1]);
        let forward = AsofOptions { direction: Direction::Forward, ..hold };
        assert_eq!(found(&[5, 15, 16], &[0, 5], forward), [1, 1, -1]);
        let mut joiner = AsofJoiner::new(AsofOptions { outside: Outside::Refuse, ..PLAIN }, Vec::new());
        joiner.add_right(&[4]).unwrap();
        joiner.add_left(&[3]).unwrap();
        assert_eq!(joiner.advance(), Err(IsOutside(3)));
    }

    #[test]
    fn no_match_lies_beyond_a_break() {
        let nearest = AsofOptions { direction: Direction::Nearest, ..PLAIN };
        let all = (usize::MAX, usize::MAX);
        assert_eq!(joined(&[9, 10, 11, 19], &[8, 12, 20], nearest, &[10, 19], all), [0, 1, 1, 2]);
        assert_eq!(joined(&[9, 10, 19], &[8, 12, 20], PLAIN, &[10, 11], all), [0, -1, 1]);
    }

    #[test]
    fn missing_and_wild_times_match_nothing_wrong() {
        assert_eq!(found(&[MISSING, 4], &[1, MISSING, 3], PLAIN), [-1, 2]);
        let wild = [i64::MIN + 1, -5, 0, i64::MAX];
        let nearest = AsofOptions { direction: Direction::Nearest, ..PLAIN };
        assert_eq!(found(&wild, &wild, nearest), [0, 1, 2, 3]);
        assert_eq!(found(&[i64::MAX - 1], &[i64::MIN + 1, i64::MAX], nearest), [1]);
    }

    #[test]
    fn chunks_change_nothing_and_pairs_tried_in_turn_agree() {
        let mut random = Random::new(5);
        let mut below = |limit: f64| (random.uniform() * limit) as i64;
        for round in 0..600 {
            let mut side = |count: i64, span: f64| {
                let mut times: Vec<i64> = (0..count).map(|_| below(span)).collect();
                times.sort_unstable();
                times
            };
            let span = if round % 3 == 0 { 60.0 } else { 3000.0 };
            let (left, right) = (side(300, span), side(200, span));
            let options = AsofOptions {
                direction: [Direction::Backward, Direction::Forward, Direction::Nearest][below(3.0) as usize],
                tolerance: [u64::MAX, 0, 3, 20][below(4.0) as usize],
                max_gap: [u64::MAX, 10, 40][below(3.0) as usize],
                later: below(2.0) == 0,
                first_backward: below(2.0) == 0,
                first_forward: below(2.0) == 0,
                allow_exact: below(2.0) == 0,
                ..PLAIN
            };
            let mut times = right.clone();
            times.dedup();
            let expected: Vec<i32> = left.iter().map(|&time| {
                let count = times.partition_point(|&key| key <= time);
                options.choose(&times, count, time).map_or(-1, |index| {
                    let rows = right.iter().enumerate().filter(|(_, &key)| key == times[index]);
                    let row = if options.takes_first(times[index], time) { rows.min() } else { rows.max() };
                    row.map_or(-1, |(row, _)| row as i32)
                })
            }).collect();
            for chunks in [(300, 200), (1, 7), (50, 1), (64, 64)] {
                assert_eq!(joined(&left, &right, options, &[], chunks), expected, "{options:?} {chunks:?}");
            }
        }
    }
}
