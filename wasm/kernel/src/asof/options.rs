//! What a match is.

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
    pub fn hold(&self, keys: &[i64], time: i64) -> Option<usize> {
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

    /// Whether matches are limited to some distance.
    pub fn is_limited(&self) -> bool {
        self.tolerance.min(self.max_gap) < i64::MAX as u64
    }
}
