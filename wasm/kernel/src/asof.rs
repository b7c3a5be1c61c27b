//! As-of joins: for each time on the left the match among times on the right.

use crate::sampling::MISSING;

/// Which way a match may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Direction {
    Backward,
    Forward,
    Nearest,
}

/// How matches are chosen.
#[derive(Clone, Copy, Debug)]
pub struct AsofOptions {
    pub direction: Direction,
    /// Largest distance of a match, inclusive.
    pub tolerance: u64,
    /// A left time between two right times further apart than this has no match.
    pub max_gap: u64,
    /// Of two matches equally near, take the later.
    pub later: bool,
    /// Of equal right times, take the first when looking backward, and when looking forward.
    pub first_backward: bool,
    pub first_forward: bool,
    pub allow_exact: bool,
}

/// Index of the first time that lies before the one ahead of it; missing times are passed over.
pub fn first_disorder(times: &[i64]) -> Option<usize> {
    let mut last = MISSING;
    for (index, &time) in times.iter().enumerate() {
        if time != MISSING {
            if time < last {
                return Some(index);
            }
            last = time;
        }
    }
    None
}

/// Joins sorted times. Writes the index of the match, or -1, and its time minus the left time, or [`MISSING`].
pub fn asof(left: &[i64], right: &[i64], options: &AsofOptions, found: &mut [i32], distance: &mut [i64]) {
    if right.contains(&MISSING) {
        let kept: Vec<usize> = (0..right.len()).filter(|&index| right[index] != MISSING).collect();
        let times: Vec<i64> = kept.iter().map(|&index| right[index]).collect();
        join(left, &times, options, found, distance);
        for index in found.iter_mut().filter(|index| **index >= 0) {
            *index = kept[*index as usize] as i32;
        }
    } else {
        join(left, right, options, found, distance);
    }
}

fn join(left: &[i64], right: &[i64], options: &AsofOptions, found: &mut [i32], distance: &mut [i64]) {
    let mut cursor = Cursor::default();
    for (row, &time) in left.iter().enumerate() {
        let chosen = if time == MISSING { None } else { cursor.choose(time, right, options) };
        found[row] = chosen.map_or(-1, |index| index as i32);
        distance[row] = chosen.map_or(MISSING, |index| right[index].saturating_sub(time));
    }
}

/// Where the right side stands for the current left time.
#[derive(Default)]
struct Cursor {
    /// First right index at or after the left time, and first after it.
    not_before: usize,
    after: usize,
    /// First index of the equal times that end before `not_before`.
    group: usize,
}

impl Cursor {
    fn choose(&mut self, time: i64, right: &[i64], options: &AsofOptions) -> Option<usize> {
        while self.not_before < right.len() && right[self.not_before] < time {
            if self.not_before > 0 && right[self.not_before] != right[self.not_before - 1] {
                self.group = self.not_before;
            }
            self.not_before += 1;
        }
        self.after = self.after.max(self.not_before);
        while self.after < right.len() && right[self.after] <= time {
            self.after += 1;
        }
        let exact = self.after > self.not_before;
        if exact && options.allow_exact {
            let first = match options.direction {
                Direction::Forward => options.first_forward,
                _ => options.first_backward,
            };
            return Some(if first { self.not_before } else { self.after - 1 });
        }
        if !exact && self.in_gap(right, options.max_gap) {
            return None;
        }
        let near = |index: &usize| right[*index].abs_diff(time) <= options.tolerance;
        let backward = self.backward(options).filter(near);
        let forward = self.forward(right, options).filter(near);
        match options.direction {
            Direction::Backward => backward,
            Direction::Forward => forward,
            Direction::Nearest => nearest(time, right, backward, forward, options.later),
        }
    }

    fn in_gap(&self, right: &[i64], max_gap: u64) -> bool {
        let (before, after) = (self.not_before, self.after);
        before > 0 && after < right.len() && right[after].abs_diff(right[before - 1]) > max_gap
    }

    fn backward(&self, options: &AsofOptions) -> Option<usize> {
        if self.not_before == 0 {
            return None;
        }
        Some(if options.first_backward { self.group } else { self.not_before - 1 })
    }

    fn forward(&self, right: &[i64], options: &AsofOptions) -> Option<usize> {
        let first = right.get(self.after)?;
        if options.first_forward {
            return Some(self.after);
        }
        let same = right[self.after..].iter().take_while(|time| *time == first).count();
        Some(self.after + same - 1)
    }
}

fn nearest(
    time: i64,
    right: &[i64],
    backward: Option<usize>,
    forward: Option<usize>,
    later: bool,
) -> Option<usize> {
    let (Some(before), Some(after)) = (backward, forward) else {
        return backward.or(forward);
    };
    let (behind, ahead) = (time.abs_diff(right[before]), time.abs_diff(right[after]));
    let take_later = ahead < behind || (ahead == behind && later);
    Some(if take_later { after } else { before })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: AsofOptions = AsofOptions {
        direction: Direction::Backward,
        tolerance: u64::MAX,
        max_gap: u64::MAX,
        later: false,
        first_backward: false,
        first_forward: true,
        allow_exact: true,
    };

    fn found(left: &[i64], right: &[i64], options: AsofOptions) -> Vec<i32> {
        let (mut indexes, mut distances) = (vec![0; left.len()], vec![0; left.len()]);
        asof(left, right, &options, &mut indexes, &mut distances);
        for (row, &index) in indexes.iter().enumerate() {
            let expected = if index < 0 { MISSING } else { right[index as usize] - left[row] };
            assert_eq!(distances[row], expected);
        }
        indexes
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
    fn missing_times_match_nothing() {
        assert_eq!(found(&[MISSING, 4], &[1, MISSING, 3], PLAIN), [-1, 2]);
        assert_eq!(first_disorder(&[1, MISSING, 2, 1]), Some(3));
        assert_eq!(first_disorder(&[1, MISSING, 1]), None);
    }
}
