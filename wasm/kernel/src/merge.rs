//! Two sorted lists, walked side by side.

use core::ops::Range;

/// Rows of wanted times from the first key on and before the last.
pub fn rows_between(keys: &[i64], wanted: &[i64]) -> Range<usize> {
    let before = keys.first().map_or(wanted.len(), |&first| wanted.partition_point(|&time| time < first));
    let within = keys.last().map_or(before, |&last| wanted.partition_point(|&time| time < last));
    before..within.max(before)
}

/// Writes what follows from the number of keys that lie at or before wanted times.
pub trait Writer {
    /// Takes some rows. The first of them has this number of keys at or before it, and so have others until they
    /// are written again: later rows are always written later.
    fn write<const WIDTH: usize>(&mut self, row: usize, count: usize);
}

/// Finds how many keys lie at or before each wanted time. Keys increase strictly, wanted times do not decrease, and
/// all of them lie before the last key. What is done for a key or a time has no branch that depends on the data.
pub fn walk(keys: &[i64], wanted: &[i64], writer: &mut impl Writer) {
    let Some(middle) = wanted.get(wanted.len() / 2) else {
        return;
    };
    // Two parts are walked at once: while one waits for its loads, the processor goes on with the other.
    let parts = [
        Walk { row: 0, end: wanted.len() / 2, key: 0 },
        Walk { row: wanted.len() / 2, end: wanted.len(), key: keys.partition_point(|key| key <= middle) },
    ];
    if wanted.len() >= 4 * keys.len() {
        pass_times::<16>(keys, wanted, parts, writer);
    } else if keys.len() >= 4 * wanted.len() {
        pass_keys::<16>(keys, wanted, parts, writer);
    } else {
        pass_times::<4>(keys, wanted, parts, writer);
    }
}

/// Compares one key with the next times at once.
fn pass_times<const WIDTH: usize>(keys: &[i64], wanted: &[i64], parts: [Walk; 2], writer: &mut impl Writer) {
    let [mut one, mut other] = parts;
    let can_pass = |walk: &Walk| walk.row + WIDTH <= walk.end;
    while can_pass(&one) && can_pass(&other) {
        one.pass_times::<WIDTH>(keys, wanted, writer);
        other.pass_times::<WIDTH>(keys, wanted, writer);
    }
    for mut walk in [one, other] {
        while can_pass(&walk) {
            walk.pass_times::<WIDTH>(keys, wanted, writer);
        }
        walk.finish(keys, wanted, writer);
    }
}

/// Compares one time with the next keys at once.
fn pass_keys<const WIDTH: usize>(keys: &[i64], wanted: &[i64], parts: [Walk; 2], writer: &mut impl Writer) {
    for mut walk in parts {
        while walk.row < walk.end && walk.key + WIDTH <= keys.len() {
            walk.pass_keys::<WIDTH>(keys, wanted, writer);
        }
        walk.finish(keys, wanted, writer);
    }
}

/// Where the walk through one part stands.
struct Walk {
    row: usize,
    end: usize,
    key: usize,
}

impl Walk {
    /// Goes on behind the times before a key.
    #[inline(always)]
    fn pass_times<const WIDTH: usize>(&mut self, keys: &[i64], wanted: &[i64], writer: &mut impl Writer) {
        writer.write::<WIDTH>(self.row, self.key);
        let passed = count_before(&wanted[self.row..self.row + WIDTH], keys[self.key]);
        self.row += passed;
        self.key += usize::from(passed < WIDTH);
    }

    /// Goes on behind the keys at or before a time.
    #[inline(always)]
    fn pass_keys<const WIDTH: usize>(&mut self, keys: &[i64], wanted: &[i64], writer: &mut impl Writer) {
        let passed = count_before(&keys[self.key..self.key + WIDTH], wanted[self.row] + 1);
        self.key += passed;
        writer.write::<1>(self.row, self.key);
        self.row += usize::from(passed < WIDTH);
    }

    fn finish(&mut self, keys: &[i64], wanted: &[i64], writer: &mut impl Writer) {
        for row in self.row..self.end {
            while keys[self.key] <= wanted[row] {
                self.key += 1;
            }
            writer.write::<1>(row, self.key);
        }
    }
}

/// How many times lie before another.
#[inline(always)]
fn count_before(times: &[i64], time: i64) -> usize {
    times.iter().map(|&other| i64::from(other < time)).sum::<i64>() as usize
}

/// Writes the numbers themselves, and a base.
pub struct Counts<'a> {
    pub base: i32,
    pub counts: &'a mut [i32],
}

impl Writer for Counts<'_> {
    #[inline(always)]
    fn write<const WIDTH: usize>(&mut self, row: usize, count: usize) {
        self.counts[row..row + WIDTH].fill(self.base + count as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn counts_are_those_of_a_search() {
        let mut random = Random::new(21);
        for round in 0..600 {
            let (many, few) = [(2000, 50), (60, 3000), (1000, 1000), (500, 300), (7, 9)][round % 5];
            let mut key = 0;
            let keys: Vec<i64> = (0..few).map(|_| { key += 1 + (random.exponential() * 9.0) as i64; key }).collect();
            let span = (keys[few - 1] - keys[0]) as f64;
            let mut wanted: Vec<i64> = (0..many).map(|_| keys[0] + (random.uniform().powi(1 + round as i32 % 4) * span) as i64).collect();
            wanted.sort_unstable();
            wanted.retain(|&time| time < keys[few - 1]);
            let mut counts = vec![0; wanted.len()];
            walk(&keys, &wanted, &mut Counts { base: 5, counts: &mut counts });
            for (count, time) in counts.iter().zip(&wanted) {
                assert_eq!(*count as usize, 5 + keys.partition_point(|key| key <= time));
            }
        }
    }
}
