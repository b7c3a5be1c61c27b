//! As-of joins: for each time on the left the match among times on the right, chunk by chunk.

mod options;
mod part;
#[cfg(test)]
pub(crate) mod random_options;
#[cfg(test)]
mod tests;

pub use options::{AsofOptions, Direction, Outside};

use crate::keys::Repeats;
use crate::sampling::MISSING;
use crate::sides::{Sides, Stretch};
use part::{Part, Slots};

/// A left time whose match would lie beyond the right side.
#[derive(Debug, PartialEq)]
pub struct IsOutside(pub i64);

/// Joins two sides that come in chunks. Results are the same whatever the chunks.
pub struct AsofJoiner {
    options: AsofOptions,
    /// The right side are the keys, the left side is what is wanted.
    pub sides: Sides,
    with_distances: bool,
    /// Of the left times that were settled last: row of the match on the right or -1, and its time minus the
    /// left time or [`MISSING`].
    pub found: Vec<i32>,
    pub distances: Vec<i64>,
    part: Part,
}

impl AsofJoiner {
    /// Without distances those are never filled.
    pub fn new(options: AsofOptions, breaks: Vec<i64>, with_distances: bool) -> AsofJoiner {
        let repeats = if options.refuse_repeats { Repeats::Refuse } else { Repeats::Last };
        AsofJoiner {
            options,
            sides: Sides::new(repeats, breaks),
            with_distances,
            found: Vec::new(),
            distances: Vec::new(),
            part: Part::default(),
        }
    }

    /// Settles what is certain and returns how many left times that were.
    pub fn advance(&mut self) -> Result<usize, IsOutside> {
        // Where the last of equal times counts, those of the newest time may not all be there.
        let settled = self.sides.before_newest(if self.options.first_forward { 1 } else { 2 });
        self.found.resize(settled, 0);
        self.distances.resize(if self.with_distances { settled } else { 0 }, 0);
        let mut row = 0;
        while row < settled {
            let stretch = self.sides.stretch(row, settled);
            row = stretch.wanted.end;
            self.join(&stretch)?;
        }
        self.to_rows();
        let (found, distances) = (&mut self.found, &mut self.distances);
        self.sides.release(settled, |time| time, |index| {
            found[index] = -1;
            if let Some(distance) = distances.get_mut(index) {
                *distance = MISSING;
            }
        });
        Ok(settled)
    }

    fn join(&mut self, stretch: &Stretch) -> Result<(), IsOutside> {
        let Sides { keys, wanted, .. } = &self.sides;
        // Where rows are counted as keys are, no row needs to be looked up.
        let first_row = if keys.rows.is_some() { 0 } else { keys.first_row };
        self.part.first_row = (first_row + stretch.keys.start) as i32;
        let distances = if self.with_distances { stretch.wanted.clone() } else { 0..0 };
        let slots = Slots {
            found: &mut self.found[stretch.wanted.clone()],
            distances: &mut self.distances[distances],
        };
        let (keys, wanted) = (&keys.times[stretch.keys.clone()], &wanted.times[stretch.wanted.clone()]);
        self.part.join(&self.options, keys, wanted, (stretch.first, stretch.last), slots)
    }

    /// Makes rows of the indexes of keys.
    fn to_rows(&mut self) {
        let Some((first, last)) = &self.sides.keys.rows else {
            return;
        };
        for (index, &time) in self.found.iter_mut().zip(&self.sides.wanted.times) {
            if *index >= 0 {
                let key = *index as usize;
                let takes_first = self.options.takes_first(self.sides.keys.times[key], time);
                *index = if takes_first { first[key] } else { last[key] };
            }
        }
    }
}
