//! As-of joins of two grids: every match is calculated, nothing is searched and no time is stored.

use crate::asof::{AsofOptions, Direction, Outside};
use crate::sampling::MISSING;

/// Ticks that are calculated side by side.
const LANES: usize = 64;

/// Steps on the right lie below this, so that twice a step is a short integer: more of those fit a vector.
const LONGEST_STEP: i64 = 1 << 30;

/// Two grids whose ticks are whole nanoseconds apart.
#[derive(Clone, Copy, Debug)]
pub struct WholeGrids {
    pub left_start: i64,
    pub left_step: i64,
    pub right_start: i64,
    pub right_step: i64,
    pub right_count: u64,
}

impl WholeGrids {
    /// Whether [`WholeGrids::join`] holds for `left_count` ticks on the left: nothing overflows.
    pub fn are_near(&self, left_count: u64) -> bool {
        let limit = i128::from(i64::MAX / 4);
        let end = |start: i64, step: i64, count: u64| i128::from(start) + i128::from(step) * i128::from(count);
        let ends = [
            end(self.left_start, self.left_step, left_count + LANES as u64),
            end(self.right_start, self.right_step, self.right_count),
            i128::from(self.left_start),
            i128::from(self.right_start),
        ];
        self.left_step > 0 && self.right_step > 0 && ends.iter().all(|end| end.abs() < limit) && self.right_count > 0
            && self.left_step < i64::MAX / (4 * LANES as i64)
            && self.right_step < LONGEST_STEP
    }

    /// Matches of left ticks from an index on; there is no room for distances that are not wanted. Exact matches
    /// are allowed, there are no breaks.
    pub fn join(&self, options: &AsofOptions, from: u64, found: &mut [i32], distances: &mut [i64]) {
        let length = found.len();
        // Left ticks between the first right tick and the last.
        let first = self.ticks_before(self.right_start, from, length);
        let last = self.right_start + self.right_step * (self.right_count as i64 - 1);
        let end = self.ticks_before(last, from, length).max(first);
        for row in (0..first).chain(end..length) {
            let time = self.left_start + self.left_step * (from as i64 + row as i64);
            let (index, distance) = self.beyond(options, time, last);
            found[row] = index;
            if let Some(slot) = distances.get_mut(row) {
                *slot = distance;
            }
        }
        let fill = match (options.direction, options.is_limited()) {
            (Direction::Backward, false) => WholeGrids::within::<0, false>,
            (Direction::Backward, true) => WholeGrids::within::<0, true>,
            (Direction::Forward, false) => WholeGrids::within::<1, false>,
            (Direction::Forward, true) => WholeGrids::within::<1, true>,
            (Direction::Nearest, false) => WholeGrids::within::<2, false>,
            (Direction::Nearest, true) => WholeGrids::within::<2, true>,
        };
        let wanted = if distances.is_empty() { 0..0 } else { first..end };
        fill(self, options, from + first as u64, &mut found[first..end], &mut distances[wanted]);
    }

    /// How many of `length` left ticks from an index on lie before a time.
    fn ticks_before(&self, time: i64, from: u64, length: usize) -> usize {
        let first = self.left_start + self.left_step * from as i64;
        let ahead = time - first;
        let count = if ahead <= 0 { 0 } else { (ahead - 1) / self.left_step + 1 };
        usize::try_from(count).unwrap_or(length).min(length)
    }

    /// The match of a tick before all right ticks, or at or after the last.
    fn beyond(&self, options: &AsofOptions, time: i64, last: i64) -> (i32, i64) {
        let index = if time < self.right_start { 0 } else { self.right_count as i32 - 1 };
        let key = if index == 0 && time < self.right_start { self.right_start } else { last };
        let looks = match options.direction {
            Direction::Backward => key <= time,
            Direction::Forward => key >= time,
            Direction::Nearest => true,
        };
        let holds = (looks || options.outside == Outside::Hold) && key.abs_diff(time) <= options.tolerance;
        if holds { (index, key - time) } else { (-1, MISSING) }
    }

    /// Matches where there is a right tick on both sides.
    fn within<const DIRECTION: u8, const LIMITED: bool>(
        &self,
        options: &AsofOptions,
        from: u64,
        found: &mut [i32],
        distances: &mut [i64],
    ) {
        let mut lanes = Lanes::new(self, from);
        let rules = Rules::new(options, self.right_step);
        let mut distances = distances.chunks_mut(LANES);
        for found in found.chunks_mut(LANES) {
            lanes.pick::<DIRECTION, LIMITED>(&rules, found);
            if let Some(distances) = distances.next() {
                lanes.measure::<DIRECTION, LIMITED>(&rules, distances);
            }
            lanes.advance();
        }
    }
}

/// Consecutive left ticks. How far each lies behind a right one grows by the same amount from tick to tick, less a
/// right step whenever it passes one.
struct Lanes {
    step: i32,
    /// Ns behind the right tick before, and index of that.
    rests: [i32; LANES],
    places: [i32; LANES],
    /// What is added to both for the next ticks.
    grows: i32,
    passes: i32,
}

/// How a match is chosen, as short integers.
struct Rules {
    step: i32,
    tolerance: i32,
    later: i32,
    /// Whether right ticks lie too far apart for any match between them.
    crosses_gap: bool,
}

impl Rules {
    fn new(options: &AsofOptions, step: i64) -> Rules {
        Rules {
            step: step as i32,
            tolerance: options.tolerance.min(i32::MAX as u64) as i32,
            later: i32::from(options.later),
            crosses_gap: step as u64 > options.max_gap,
        }
    }

    /// Whether the right tick ahead is taken.
    #[inline(always)]
    fn takes_ahead<const DIRECTION: u8>(&self, rest: i32) -> bool {
        match DIRECTION {
            0 => false,
            1 => rest != 0,
            _ => (rest != 0) & (self.step - rest < rest + self.later),
        }
    }

    /// Whether the one that is taken lies too far away, on either side.
    #[inline(always)]
    fn fails(&self, rest: i32, away: i32) -> bool {
        (away.abs() > self.tolerance) | (self.crosses_gap & (rest != 0))
    }
}

impl Lanes {
    fn new(grids: &WholeGrids, from: u64) -> Lanes {
        let step = grids.right_step;
        let start = grids.left_start + grids.left_step * from as i64 - grids.right_start;
        let (mut rest, mut place) = (start.rem_euclid(step), start.div_euclid(step));
        let stride = grids.left_step * LANES as i64;
        // Beyond the last tick places are not used and may wrap.
        let (grows, passes) = ((stride % step) as i32, (stride / step) as i32);
        let mut lanes = Lanes { step: step as i32, rests: [0; LANES], places: [0; LANES], grows, passes };
        for lane in 0..LANES {
            (lanes.rests[lane], lanes.places[lane]) = (rest as i32, place as i32);
            rest += grids.left_step % step;
            place += grids.left_step / step + i64::from(rest >= step);
            rest -= if rest >= step { step } else { 0 };
        }
        lanes
    }

    fn pick<const DIRECTION: u8, const LIMITED: bool>(&self, rules: &Rules, found: &mut [i32]) {
        for ((slot, &rest), &place) in found.iter_mut().zip(&self.rests).zip(&self.places) {
            let takes_ahead = rules.takes_ahead::<DIRECTION>(rest);
            let away = if takes_ahead { rules.step - rest } else { -rest };
            let index = place + i32::from(takes_ahead);
            *slot = if LIMITED && rules.fails(rest, away) { -1 } else { index };
        }
    }

    /// How far the matches lie away.
    fn measure<const DIRECTION: u8, const LIMITED: bool>(&self, rules: &Rules, distances: &mut [i64]) {
        for (slot, &rest) in distances.iter_mut().zip(&self.rests) {
            let away = if rules.takes_ahead::<DIRECTION>(rest) { rules.step - rest } else { -rest };
            *slot = if LIMITED && rules.fails(rest, away) { MISSING } else { i64::from(away) };
        }
    }

    fn advance(&mut self) {
        for (rest, place) in self.rests.iter_mut().zip(&mut self.places) {
            let grown = *rest + self.grows - self.step;
            let under = grown < 0;
            *rest = if under { grown + self.step } else { grown };
            *place = place.wrapping_add(self.passes).wrapping_add(i32::from(!under));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asof::random_options::random_options;
    use crate::asof::AsofJoiner;
    use crate::testing::Random;

    #[test]
    fn calculated_matches_are_those_that_are_found() {
        let mut random = Random::new(31);
        for _ in 0..2000 {
            let grids = WholeGrids {
                left_start: random.below(400) as i64 - 200,
                left_step: 1 + random.below(40) as i64,
                right_start: random.below(400) as i64 - 200,
                right_step: 1 + random.below(40) as i64,
                right_count: 1 + random.below(30) as u64,
            };
            let options = AsofOptions {
                allow_exact: true,
                outside: [Outside::Null, Outside::Hold][random.below(2)],
                ..random_options(&mut random, [u64::MAX, 10, 30])
            };
            let (from, length) = (random.below(20), random.below(60));
            let left: Vec<i64> = (from..from + length).map(|k| grids.left_start + grids.left_step * k as i64).collect();
            let right: Vec<i64> = (0..grids.right_count as i64).map(|k| grids.right_start + grids.right_step * k).collect();
            let mut joiner = AsofJoiner::new(options, Vec::new(), true);
            joiner.sides.add_wanted(&left).unwrap();
            joiner.sides.add_keys(&right, &[]).unwrap();
            joiner.sides.end_keys();
            joiner.advance().unwrap();
            let (mut found, mut distances) = (vec![0; length], vec![0; length]);
            assert!(grids.are_near((from + length) as u64));
            let mut bare = vec![0; length];
            grids.join(&options, from as u64, &mut found, &mut distances);
            grids.join(&options, from as u64, &mut bare, &mut []);
            assert_eq!(bare, found);
            assert_eq!((found, distances), (joiner.found, joiner.distances), "{grids:?} {options:?}");
        }
    }
}
