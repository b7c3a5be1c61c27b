//! The side of a join or of a resampling in which is looked up: sorted, in bounded memory.

use crate::grid::Grid;
use crate::sampling::MISSING;

/// What is done with rows of the same time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Repeats {
    /// They count as one; its value is that of the first, or of the last.
    First,
    Last,
    /// Each counts.
    Keep,
    /// They are refused.
    Refuse,
}

/// Why rows are refused, with the index of the row among those that were added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    Disorder(usize),
    Repeat(usize),
}

/// Times in increasing order, with values if they have any, and the rows they came from.
///
/// Rows without a time, or whose value is NaN, are left out. Unless repeats are kept, times increase strictly.
pub struct Keys {
    pub times: Vec<i64>,
    /// Parallel to the times when rows have values.
    pub values: Vec<f64>,
    /// First and last row of each time, from when rows and times first differ.
    pub rows: Option<(Vec<i32>, Vec<i32>)>,
    /// Row of the first time while there are no `rows`.
    pub first_row: usize,
    repeats: Repeats,
    /// Rows that were added.
    added: usize,
    last: i64,
    /// Whether times at the beginning were given up.
    pub trimmed: bool,
}

/// Times that are given up at once, so that the others need not move often.
const TRIM: usize = 4096;

impl Keys {
    pub fn new(repeats: Repeats) -> Keys {
        Keys {
            times: Vec::new(),
            values: Vec::new(),
            rows: None,
            first_row: 0,
            repeats,
            added: 0,
            last: MISSING,
            trimmed: false,
        }
    }

    /// Adds rows; `values` is empty when they have none. What stands before a refused row has been added.
    pub fn add(&mut self, times: &[i64], values: &[f64]) -> Result<(), Refusal> {
        if self.rows.is_none() && self.is_plain(times, values) {
            self.times.extend_from_slice(times);
            self.values.extend_from_slice(values);
            self.last = times.last().copied().unwrap_or(self.last);
            self.added += times.len();
            return Ok(());
        }
        for (index, &time) in times.iter().enumerate() {
            let value = values.get(index).copied();
            if time == MISSING || value.is_some_and(f64::is_nan) {
                self.keep_rows();
            } else {
                self.add_one(index, time, value)?;
            }
            self.added += 1;
        }
        Ok(())
    }

    /// Adds ticks of a grid as rows.
    pub fn add_ticks(&mut self, grid: &Grid, from: u64, count: usize) -> Result<(), Refusal> {
        let mut times = vec![0; count];
        grid.ticks_from(from).fill(&mut times);
        self.add(&times, &[])
    }

    /// Whether all rows are present and their times increase strictly.
    fn is_plain(&self, times: &[i64], values: &[f64]) -> bool {
        let mut plain = times.first().is_none_or(|&first| first > self.last);
        for pair in times.windows(2) {
            plain &= pair[0] < pair[1];
        }
        for value in values {
            plain &= !value.is_nan();
        }
        plain
    }

    fn add_one(&mut self, index: usize, time: i64, value: Option<f64>) -> Result<(), Refusal> {
        if time < self.last {
            return Err(Refusal::Disorder(index));
        }
        let repeats = time == self.last && !self.times.is_empty();
        if repeats && self.repeats == Repeats::Refuse {
            return Err(Refusal::Repeat(index));
        }
        if repeats && self.repeats != Repeats::Keep {
            self.keep_rows();
            self.repeat(value);
            return Ok(());
        }
        let row = self.added as i32;
        self.times.push(time);
        self.values.extend(value);
        if let Some((first, last)) = &mut self.rows {
            first.push(row);
            last.push(row);
        }
        self.last = time;
        Ok(())
    }

    fn repeat(&mut self, value: Option<f64>) {
        let row = self.added as i32;
        if let Some(slot) = self.rows.as_mut().and_then(|(_, last)| last.last_mut()) {
            *slot = row;
        }
        if let (Some(slot), Some(value), Repeats::Last) = (self.values.last_mut(), value, self.repeats) {
            *slot = value;
        }
    }

    /// From now on notes the row of each time.
    fn keep_rows(&mut self) {
        if self.rows.is_none() {
            let rows: Vec<i32> = (0..self.times.len()).map(|index| (self.first_row + index) as i32).collect();
            self.rows = Some((rows.clone(), rows));
        }
    }

    /// Gives up times before an index, sooner or later. Returns how many went.
    pub fn trim(&mut self, keep: usize) -> usize {
        if keep < TRIM || keep * 2 < self.times.len() {
            return 0;
        }
        self.times.drain(..keep);
        if !self.values.is_empty() {
            self.values.drain(..keep);
        }
        if let Some((first, last)) = &mut self.rows {
            first.drain(..keep);
            last.drain(..keep);
        }
        self.first_row += keep;
        self.trimmed = true;
        keep
    }

    /// Index of the first time that is not before one.
    pub fn first_from(&self, time: i64) -> usize {
        self.times.partition_point(|&key| key < time)
    }
}

/// The left side of a join, or the times at which values are wanted: they wait until their match is certain.
#[derive(Default)]
pub struct Wanted {
    pub times: Vec<i64>,
    /// Indexes of those that are missing; in their place stands the time before them.
    pub missing: Vec<usize>,
    last: Option<i64>,
}

impl Wanted {
    pub fn add(&mut self, times: &[i64]) -> Result<(), Refusal> {
        // Never below MISSING + 1, so that a missing time is not in order.
        let mut last = self.last.unwrap_or(MISSING + 1);
        let mut ordered = times.first().is_none_or(|&first| first >= last);
        for pair in times.windows(2) {
            ordered &= pair[0] <= pair[1];
        }
        let start = self.times.len();
        self.times.extend_from_slice(times);
        if !ordered {
            for index in start..self.times.len() {
                let time = self.times[index];
                if time == MISSING {
                    self.times[index] = last;
                    self.missing.push(index);
                } else if time < last {
                    self.times.truncate(start);
                    return Err(Refusal::Disorder(index - start));
                } else {
                    last = time;
                }
            }
        }
        self.last = self.times.last().copied().or(self.last);
        Ok(())
    }

    /// Adds ticks of a grid.
    pub fn add_ticks(&mut self, grid: &Grid, from: u64, count: usize) -> Result<(), Refusal> {
        let mut ticks = grid.ticks_from(from);
        if self.last.is_some_and(|last| ticks.time < last) {
            return Err(Refusal::Disorder(0));
        }
        let start = self.times.len();
        self.times.resize(start + count, 0);
        ticks.fill(&mut self.times[start..]);
        self.last = self.times.last().copied().or(self.last);
        Ok(())
    }

    /// No time that comes lies before this one.
    pub fn earliest(&self) -> i64 {
        self.times.first().copied().or(self.last).unwrap_or(i64::MIN)
    }

    /// Gives up the first times, and calls for each of them that was missing.
    pub fn remove(&mut self, count: usize, mut on_missing: impl FnMut(usize)) {
        self.times.drain(..count);
        let passed = self.missing.partition_point(|&index| index < count);
        self.missing.drain(..passed).for_each(&mut on_missing);
        for index in &mut self.missing {
            *index -= count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_known_once_some_are_left_out() {
        let mut keys = Keys::new(Repeats::Last);
        keys.add(&[1, 2], &[]).unwrap();
        assert!(keys.rows.is_none());
        keys.add(&[MISSING, 2, 2, 5], &[]).unwrap();
        assert_eq!(keys.times, [1, 2, 5]);
        assert_eq!(keys.rows, Some((vec![0, 1, 5], vec![0, 4, 5])));
        assert_eq!(keys.add(&[6, 4], &[]), Err(Refusal::Disorder(1)));
    }

    #[test]
    fn repeats_are_treated_as_asked() {
        let kept = |repeats: Repeats| {
            let mut keys = Keys::new(repeats);
            let outcome = keys.add(&[1, 1, 3], &[4.0, 5.0, f64::NAN]);
            (outcome, keys.values)
        };
        assert_eq!(kept(Repeats::First), (Ok(()), vec![4.0]));
        assert_eq!(kept(Repeats::Last), (Ok(()), vec![5.0]));
        assert_eq!(kept(Repeats::Keep), (Ok(()), vec![4.0, 5.0]));
        assert_eq!(kept(Repeats::Refuse).0, Err(Refusal::Repeat(1)));
    }

    #[test]
    fn missing_wanted_times_are_told() {
        let mut wanted = Wanted::default();
        wanted.add(&[3, MISSING, 4]).unwrap();
        wanted.add(&[MISSING, 9]).unwrap();
        assert_eq!(wanted.times, [3, 3, 4, 4, 9]);
        assert_eq!(wanted.add(&[8]), Err(Refusal::Disorder(0)));
        let mut told = Vec::new();
        wanted.remove(2, |index| told.push(index));
        assert_eq!((told, wanted.missing), (vec![1], vec![1]));
    }
}
