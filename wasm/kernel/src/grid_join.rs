//! As-of joins of two grids: every match is calculated, nothing is searched and no time is stored.

use crate::asof::{AsofOptions, Direction};
use crate::sampling::MISSING;

/// Ticks that are calculated side by side.
const LANES: usize = 64;

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
    }

    /// Matches of left ticks from an index on. Exact matches are allowed, there are no breaks.
    pub fn join(&self, options: &AsofOptions, from: u64, found: &mut [i32], distances: &mut [i64]) {
        let length = found.len();
        // Left ticks between the first right tick and the last.
        let first = self.ticks_before(self.right_start, from, length);
        let last = self.right_start + self.right_step * (self.right_count as i64 - 1);
        let end = self.ticks_before(last, from, length).max(first);
        for row in (0..first).chain(end..length) {
            let time = self.left_start + self.left_step * (from as i64 + row as i64);
            (found[row], distances[row]) = self.beyond(options, time, last);
        }
        let limited = options.tolerance.min(options.max_gap) < i64::MAX as u64;
        let fill = match (options.direction, limited) {
            (Direction::Backward, false) => WholeGrids::within::<0, false>,
            (Direction::Backward, true) => WholeGrids::within::<0, true>,
            (Direction::Forward, false) => WholeGrids::within::<1, false>,
            (Direction::Forward, true) => WholeGrids::within::<1, true>,
            (Direction::Nearest, false) => WholeGrids::within::<2, false>,
            (Direction::Nearest, true) => WholeGrids::within::<2, true>,
        };
        fill(self, options, from + first as u64, &mut found[first..end], &mut distances[first..end]);
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
        let holds = (looks || options.outside == crate::asof::Outside::Hold) && key.abs_diff(time) <= options.tolerance;
        if holds { (index, key - time) } else { (-1, MISSING) }
    }

    /// Matches where there is a right tick on both sides. How far each left tick lies behind a right one grows by
    /// the same amount from tick to tick, less a right step whenever it passes one.
    fn within<const DIRECTION: u8, const LIMITED: bool>(
        &self,
        options: &AsofOptions,
        from: u64,
        found: &mut [i32],
        distances: &mut [i64],
    ) {
        let step = self.right_step;
        let start = self.left_start + self.left_step * from as i64 - self.right_start;
        let (mut rests, mut places) = ([0; LANES], [0; LANES]);
        let (mut rest, mut place) = (start.rem_euclid(step), start.div_euclid(step));
        for lane in 0..LANES {
            (rests[lane], places[lane]) = (rest, place);
            rest += self.left_step % step;
            place += self.left_step / step + i64::from(rest >= step);
            rest -= if rest >= step { step } else { 0 };
        }
        let stride = self.left_step * LANES as i64;
        let (grows, passes) = (stride % step, stride / step);
        let limit = |limit: u64| limit.min(i64::MAX as u64) as i64;
        let (tolerance, later) = (limit(options.tolerance), i64::from(options.later));
        let crosses_gap = LIMITED && step as u64 > options.max_gap;
        let mut indexes = [0i64; LANES];
        for (found, distances) in found.chunks_mut(LANES).zip(distances.chunks_mut(LANES)) {
            let length = found.len().min(LANES);
            let (rests, places, indexes) = (&mut rests[..length], &mut places[..length], &mut indexes[..length]);
            let distances = &mut distances[..length];
            for lane in 0..length {
                let (rest, place) = (rests[lane], places[lane]);
                let takes_ahead = match DIRECTION {
                    0 => false,
                    1 => rest != 0,
                    _ => (rest != 0) & (step - rest < rest + later),
                };
                let away = if takes_ahead { step - rest } else { -rest };
                let index = if takes_ahead { place + 1 } else { place };
                let fails = LIMITED & ((away.abs() > tolerance) | (crosses_gap & (rest != 0)));
                indexes[lane] = if fails { -1 } else { index };
                distances[lane] = if fails { MISSING } else { away };
            }
            for lane in 0..length {
                found[lane] = indexes[lane] as i32;
            }
            for lane in 0..length {
                let grown = rests[lane] + grows - step;
                let under = grown < 0;
                rests[lane] = if under { grown + step } else { grown };
                places[lane] += passes + if under { 0 } else { 1 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asof::{AsofJoiner, Outside};
    use crate::testing::Random;

    #[test]
    fn calculated_matches_are_those_that_are_found() {
        let mut random = Random::new(31);
        let mut below = |limit: f64| (random.uniform() * limit) as i64;
        for _ in 0..2000 {
            let grids = WholeGrids {
                left_start: below(400.0) - 200,
                left_step: 1 + below(40.0),
                right_start: below(400.0) - 200,
                right_step: 1 + below(40.0),
                right_count: 1 + below(30.0) as u64,
            };
            let options = AsofOptions {
                direction: [Direction::Backward, Direction::Forward, Direction::Nearest][below(3.0) as usize],
                tolerance: [u64::MAX, 0, 3, 20][below(4.0) as usize],
                max_gap: [u64::MAX, 10, 30][below(3.0) as usize],
                later: below(2.0) == 0,
                first_backward: false,
                first_forward: true,
                refuse_repeats: false,
                allow_exact: true,
                outside: [Outside::Null, Outside::Hold][below(2.0) as usize],
            };
            let (from, length) = (below(20.0) as usize, below(60.0) as usize);
            let left: Vec<i64> = (from..from + length).map(|k| grids.left_start + grids.left_step * k as i64).collect();
            let right: Vec<i64> = (0..grids.right_count as i64).map(|k| grids.right_start + grids.right_step * k).collect();
            let mut joiner = AsofJoiner::new(options, Vec::new());
            joiner.add_left(&left).unwrap();
            joiner.add_right(&right).unwrap();
            joiner.end_right();
            joiner.advance().unwrap();
            let (mut found, mut distances) = (vec![0; length], vec![0; length]);
            assert!(grids.are_near((from + length) as u64));
            grids.join(&options, from as u64, &mut found, &mut distances);
            assert_eq!((found, distances), (joiner.found, joiner.distances), "{grids:?} {options:?}");
        }
    }
}
