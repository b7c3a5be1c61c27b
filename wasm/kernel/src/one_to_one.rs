//! Joins that use each right row at most once: the nearest pair of all first, then the nearest of what is left.
//!
//! The nearest pair always stands side by side when both sides are listed by time, and stays so while others
//! are taken out: a queue of neighbours finds all pairs in `n log n`.

use crate::asof::{AsofOptions, Direction};
use crate::keys::{Keys, Refusal, Repeats, Wanted};
use crate::sampling::MISSING;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// No neighbour.
const NONE: u32 = u32::MAX;

/// A row of either side.
#[derive(Clone, Copy)]
struct Row {
    time: i64,
    is_left: bool,
    row: u32,
    /// Matches lie within one zone: breaks and gaps part them.
    zone: Option<(usize, usize)>,
}

/// What a side was refused for.
#[derive(Debug, PartialEq)]
pub enum Refused {
    Left(Refusal),
    Right(Refusal),
}

/// Joins sorted times. Writes row and distance of each match as [`crate::asof::AsofJoiner`] does.
pub fn one_to_one(
    left: &[i64],
    right: &[i64],
    options: &AsofOptions,
    breaks: &[i64],
    found: &mut [i32],
    distances: &mut [i64],
) -> Result<(), Refused> {
    Wanted::default().add(left).map_err(Refused::Left)?;
    let repeats = if options.refuse_repeats { Repeats::Refuse } else { Repeats::Last };
    let mut keys = Keys::new(repeats);
    keys.add(right, &[]).map_err(Refused::Right)?;
    found.fill(-1);
    distances.fill(MISSING);
    let rows = rows_of(left, right, &Zones::new(&keys.times, breaks, options.max_gap));
    let mut pairing = Pairing::new(rows, options);
    while let Some((left, right)) = pairing.take() {
        let (one, other) = (pairing.rows[left as usize], pairing.rows[right as usize]);
        found[one.row as usize] = other.row as i32;
        distances[one.row as usize] = other.time.saturating_sub(one.time);
    }
    Ok(())
}

/// Where matches may lie.
struct Zones<'a> {
    times: &'a [i64],
    breaks: Vec<i64>,
    /// How many gaps lie before each right time.
    gaps: Vec<usize>,
}

impl Zones<'_> {
    fn new<'a>(times: &'a [i64], breaks: &[i64], max_gap: u64) -> Zones<'a> {
        let mut breaks = breaks.to_vec();
        breaks.sort_unstable();
        let mut count = 0;
        let gaps = (0..times.len()).map(|index| {
            count += usize::from(index > 0 && times[index].abs_diff(times[index - 1]) > max_gap);
            count
        });
        Zones { times, breaks, gaps: gaps.collect() }
    }

    /// None for a time within a gap.
    fn of(&self, time: i64) -> Option<(usize, usize)> {
        let after = self.times.partition_point(|&key| key <= time);
        let before = after.checked_sub(1);
        let exact = before.is_some_and(|index| self.times[index] == time);
        let gap_before = before.map(|index| self.gaps[index]);
        let gap = match self.gaps.get(after) {
            Some(&gap_after) if !exact => (gap_before.unwrap_or(gap_after) == gap_after).then_some(gap_after),
            _ => gap_before,
        };
        Some((gap?, self.breaks.partition_point(|&place| place <= time)))
    }
}

fn rows_of(left: &[i64], right: &[i64], zones: &Zones) -> Vec<Row> {
    let side = |times: &[i64], is_left: bool| -> Vec<Row> {
        let present = times.iter().enumerate().filter(|(_, &time)| time != MISSING);
        present.map(|(row, &time)| Row { time, is_left, row: row as u32, zone: zones.of(time) }).collect()
    };
    let mut rows = side(left, true);
    rows.extend(side(right, false));
    rows
}

/// All rows by time; those before a left row are its candidates, or those after it.
struct List {
    backward: bool,
    before: Vec<u32>,
    after: Vec<u32>,
}

impl List {
    fn new(rows: &[Row], options: &AsofOptions, backward: bool) -> List {
        // Next to each other stand those that go first of equal times.
        let first_right = if backward { !options.first_backward } else { options.first_forward };
        let rank = |index: &u32| {
            let Row { time, is_left, row, .. } = rows[*index as usize];
            let right_first = backward == options.allow_exact;
            let ascending = if is_left { backward } else { first_right };
            let order = if ascending { i64::from(row) } else { -i64::from(row) };
            (time, is_left == right_first, order)
        };
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.sort_unstable_by_key(rank);
        let (mut before, mut after) = (vec![NONE; rows.len()], vec![NONE; rows.len()]);
        for pair in order.windows(2) {
            after[pair[0] as usize] = pair[1];
            before[pair[1] as usize] = pair[0];
        }
        List { backward, before, after }
    }

    /// Takes a row out and returns those that stand side by side now.
    fn remove(&mut self, row: u32) -> (u32, u32) {
        let (before, after) = (self.before[row as usize], self.after[row as usize]);
        if before != NONE {
            self.after[before as usize] = after;
        }
        if after != NONE {
            self.before[after as usize] = before;
        }
        (before, after)
    }
}

/// Distance, left row, whether it is the less wanted of two equally near, right index, left index.
type Candidate = Reverse<(u64, u32, bool, u32, u32)>;

struct Pairing<'a> {
    rows: Vec<Row>,
    options: &'a AsofOptions,
    lists: Vec<List>,
    used: Vec<bool>,
    queue: BinaryHeap<Candidate>,
}

impl Pairing<'_> {
    fn new(rows: Vec<Row>, options: &AsofOptions) -> Pairing<'_> {
        let mut lists = Vec::new();
        if options.direction != Direction::Forward {
            lists.push(List::new(&rows, options, true));
        }
        if options.direction != Direction::Backward {
            lists.push(List::new(&rows, options, false));
        }
        let used = vec![false; rows.len()];
        let mut pairing = Pairing { rows, options, lists, used, queue: BinaryHeap::new() };
        for list in 0..pairing.lists.len() {
            for row in 0..pairing.rows.len() as u32 {
                pairing.propose(list, row, pairing.lists[list].after[row as usize]);
            }
        }
        pairing
    }

    /// Queues two rows that stand side by side, when they may match.
    fn propose(&mut self, list: usize, one: u32, other: u32) {
        if one == NONE || other == NONE {
            return;
        }
        let backward = self.lists[list].backward;
        let (left, right) = if backward { (other, one) } else { (one, other) };
        let (to, from) = (self.rows[left as usize], self.rows[right as usize]);
        let distance = to.time.abs_diff(from.time);
        let allowed = to.is_left
            && !from.is_left
            && (distance > 0 || self.options.allow_exact)
            && distance <= self.options.tolerance
            && to.zone.is_some()
            && to.zone == from.zone;
        if allowed {
            let less_wanted = if distance == 0 { !backward } else { backward == self.options.later };
            self.queue.push(Reverse((distance, to.row, less_wanted, right, left)));
        }
    }

    /// The nearest pair of unused rows, left first.
    fn take(&mut self) -> Option<(u32, u32)> {
        while let Some(Reverse((_, _, _, right, left))) = self.queue.pop() {
            if self.used[left as usize] || self.used[right as usize] {
                continue;
            }
            for row in [left, right] {
                self.used[row as usize] = true;
                for list in 0..self.lists.len() {
                    let (before, after) = self.lists[list].remove(row);
                    self.propose(list, before, after);
                }
            }
            return Some((left, right));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asof::random_options::{random_options, PLAIN};
    use crate::testing::Random;

    const NEAREST: AsofOptions = AsofOptions { direction: Direction::Nearest, ..PLAIN };

    fn joined(left: &[i64], right: &[i64], options: &AsofOptions, breaks: &[i64]) -> Vec<i32> {
        let (mut found, mut distances) = (vec![0; left.len()], vec![0; left.len()]);
        one_to_one(left, right, options, breaks, &mut found, &mut distances).unwrap();
        found
    }

    #[test]
    fn the_nearest_pair_goes_first() {
        assert_eq!(joined(&[0, 9, 11, 30], &[10, 12], &NEAREST, &[]), [-1, 0, 1, -1]);
        assert_eq!(joined(&[8, 9], &[10, 40], &NEAREST, &[]), [1, 0]);
        assert_eq!(joined(&[8, 9], &[10, 40], &AsofOptions { tolerance: 5, ..NEAREST }, &[]), [-1, 0]);
        assert_eq!(joined(&[8, 9], &[10, 40], &AsofOptions { max_gap: 29, ..NEAREST }, &[]), [-1, 0]);
        assert_eq!(joined(&[9, 11], &[12], &NEAREST, &[10]), [-1, 0]);
        assert_eq!(joined(&[9], &[12], &NEAREST, &[10]), [-1]);
    }

    /// All pairs that may match, in the order in which they are taken, tried in turn.
    fn in_turn(left: &[i64], right: &[i64], options: &AsofOptions) -> Vec<i32> {
        let mut pairs = Vec::new();
        for (row, &time) in left.iter().enumerate() {
            for (other, &key) in right.iter().enumerate() {
                let allowed = match options.direction {
                    Direction::Backward => key <= time,
                    Direction::Forward => key >= time,
                    Direction::Nearest => true,
                };
                let (low, high) = (time.min(key), time.max(key));
                // No gap lies between them, or around them.
                let gap = right.windows(2).any(|pair| {
                    pair[1].abs_diff(pair[0]) > options.max_gap && pair[0] < high.max(low + 1) && pair[1] > low.min(high - 1)
                        && !(pair[1] == low || pair[0] == high || (low == high && (pair[0] == low || pair[1] == low)))
                });
                let exact_ok = key != time || options.allow_exact;
                if allowed && exact_ok && !gap && key.abs_diff(time) <= options.tolerance {
                    let less = if key == time { false } else { (key < time) == options.later };
                    let first = if key > time || (key == time && options.direction == Direction::Forward) { options.first_forward } else { options.first_backward };
                    let order = if first { other as i64 } else { -(other as i64) };
                    pairs.push((key.abs_diff(time), row, less, order, other));
                }
            }
        }
        pairs.sort_unstable();
        let (mut found, mut used) = (vec![-1; left.len()], vec![false; right.len()]);
        for (_, row, _, _, other) in pairs {
            if found[row] < 0 && !used[other] {
                found[row] = other as i32;
                used[other] = true;
            }
        }
        found
    }

    #[test]
    fn pairs_tried_in_turn_agree() {
        let mut random = Random::new(77);
        for _ in 0..3000 {
            let (span, lefts, rights) = (10 + random.below(60), random.below(14), random.below(14));
            let (left, right) = (random.sorted(lefts, span), random.sorted(rights, span));
            let options = random_options(&mut random, [u64::MAX, 5, 12]);
            assert_eq!(joined(&left, &right, &options, &[]), in_turn(&left, &right, &options), "{left:?} {right:?} {options:?}");
        }
    }

    #[test]
    fn many_rows_at_one_place_take_no_longer() {
        let (left, right) = (vec![0; 50_000], (1..50_001).collect::<Vec<i64>>());
        let found = joined(&left, &right, &NEAREST, &[]);
        assert!(found.iter().enumerate().all(|(row, &index)| index == row as i32));
    }
}
