//! Two sorted lists, walked side by side.

/// Parts of a list that are walked at once: each waits for its own loads, and the processor fills the time with
/// the others.
const WAYS: usize = 4;

/// Rows of wanted times from the first key on and before the last.
pub fn rows_between(keys: &[i64], wanted: &[i64]) -> core::ops::Range<usize> {
    let before = keys.first().map_or(wanted.len(), |&first| wanted.partition_point(|&time| time < first));
    let within = keys.last().map_or(before, |&last| wanted.partition_point(|&time| time < last));
    before..within.max(before)
}

/// Writes `base` and how many keys lie at or before each wanted time. Keys increase strictly, wanted times do not
/// decrease, and all of them lie before the last key. `rate` are ticks per nanosecond, when they are those of a grid.
pub fn count_keys(keys: &[i64], wanted: &[i64], rate: Option<f64>, base: i32, counts: &mut [i32]) {
    match rate {
        Some(rate) => counts_on_grid(keys, wanted, rate, base, counts),
        None => counts_within(keys, wanted, base, counts),
    }
}

/// Times that are compared with a key at once.
const WIDTH: usize = 16;

/// From so many wanted times for each key on they are handled several at once.
pub const MANY: usize = 4;

/// As [`count_keys`], for any times.
fn counts_within(keys: &[i64], wanted: &[i64], base: i32, counts: &mut [i32]) {
    let counts = &mut counts[..wanted.len()];
    let few_keys = wanted.len() >= MANY * keys.len();
    let part = wanted.len() / WAYS;
    let mut ways: [Way; WAYS] = core::array::from_fn(|way| {
        let row = way * part;
        let end = if way + 1 == WAYS { wanted.len() } else { row + part };
        Way { row, end, key: first_after(keys, wanted.get(row)) }
    });
    if few_keys {
        while ways.iter().all(|way| way.row + WIDTH <= way.end) {
            for way in &mut ways {
                way.stride(keys, wanted, base, counts);
            }
        }
    } else if part >= WIDTH {
        let steps = |way: &Way| way.end - way.row + first_after(keys, wanted.get(way.end - 1)) - way.key;
        let common = ways.iter().map(steps).min().unwrap_or(0);
        for _ in 0..common {
            for way in &mut ways {
                way.step(keys, wanted, base, counts);
            }
        }
    }
    for way in &mut ways {
        while few_keys && way.row + WIDTH <= way.end {
            way.stride(keys, wanted, base, counts);
        }
        while way.row < way.end {
            way.step(keys, wanted, base, counts);
        }
    }
}

fn first_after(keys: &[i64], time: Option<&i64>) -> usize {
    time.map_or(0, |time| keys.partition_point(|key| key <= time))
}

/// Where the walk through one part stands.
#[derive(Clone, Copy)]
struct Way {
    row: usize,
    end: usize,
    key: usize,
}

impl Way {
    /// Compares one key with one time and moves on in one of the lists, without a branch that depends on the data.
    #[inline(always)]
    fn step(&mut self, keys: &[i64], wanted: &[i64], base: i32, counts: &mut [i32]) {
        let passes = keys[self.key] <= wanted[self.row];
        counts[self.row] = base + self.key as i32;
        self.key += usize::from(passes);
        self.row += usize::from(!passes);
    }

    /// Compares one key with the next times and moves on behind those before it. What was written for the others
    /// is written again.
    #[inline(always)]
    fn stride(&mut self, keys: &[i64], wanted: &[i64], base: i32, counts: &mut [i32]) {
        let rows = self.row..self.row + WIDTH;
        counts[rows.clone()].fill(base + self.key as i32);
        let passed = count_before(&wanted[rows], keys[self.key]);
        self.row += passed;
        self.key += usize::from(passed < WIDTH);
    }
}

/// How many of [`WIDTH`] times lie before another.
#[inline(always)]
fn count_before(times: &[i64], time: i64) -> usize {
    times.iter().map(|&other| i64::from(other < time)).sum::<i64>() as usize
}

/// As [`count_keys`], for wanted times that are ticks of a grid of `rate` ticks per nanosecond: where a key lies
/// among them is calculated. Where keys are as many as ticks, walking both lists is quicker.
fn counts_on_grid(keys: &[i64], wanted: &[i64], rate: f64, base: i32, counts: &mut [i32]) {
    let (first, last) = (first_after(keys, wanted.first()), first_after(keys, wanted.last()));
    if (last - first) * 4 > wanted.len() {
        return counts_within(keys, wanted, base, counts);
    }
    let (Some(&start), length) = (wanted.first(), wanted.len()) else {
        return;
    };
    let mut from = 0;
    for (key, &time) in keys.iter().enumerate().skip(first) {
        let to = first_tick(wanted, start, rate, time, from);
        fill(counts, from, to, base + key as i32);
        from = to;
        if from == length {
            return;
        }
    }
    fill(counts, from, length, base + keys.len() as i32);
}

/// First tick that is not before a time, searched from where it should lie.
fn first_tick(wanted: &[i64], start: i64, rate: f64, time: i64, from: usize) -> usize {
    let guess = time.wrapping_sub(start) as f64 * rate;
    let mut tick = (guess as usize).clamp(from, wanted.len());
    while tick < wanted.len() && wanted[tick] < time {
        tick += 1;
    }
    while tick > from && wanted[tick - 1] >= time {
        tick -= 1;
    }
    tick
}

/// Writes [`WIDTH`] counts at once; those beyond the next key are written again with it.
fn fill(counts: &mut [i32], mut from: usize, to: usize, count: i32) {
    while from < to {
        match counts.get_mut(from..from + WIDTH) {
            Some(part) => part.fill(count),
            None => counts[from..].fill(count),
        }
        from += WIDTH;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::testing::Random;

    #[test]
    fn counts_are_those_of_a_search() {
        let mut random = Random::new(21);
        for round in 0..300 {
            let (many, few) = if round % 2 == 0 { (2000, 50) } else { (60, 3000) };
            let mut key = 0;
            let keys: Vec<i64> = (0..few).map(|_| { key += 1 + (random.exponential() * 9.0) as i64; key }).collect();
            let span = (keys[few - 1] - keys[0]) as f64;
            let mut wanted: Vec<i64> = (0..many).map(|_| keys[0] + (random.uniform().powi(1 + round % 5) * span) as i64).collect();
            wanted.sort_unstable();
            wanted.retain(|&time| time < keys[few - 1]);
            let mut counts = vec![0; wanted.len()];
            counts_within(&keys, &wanted, 5, &mut counts);
            for (count, time) in counts.iter().zip(&wanted) {
                assert_eq!(*count as usize, 5 + keys.partition_point(|key| key <= time));
            }
        }
    }

    #[test]
    fn counts_on_a_grid_are_those_of_a_search() {
        let mut random = Random::new(22);
        for round in 0..300 {
            let grid = Grid { start: -1000, num: 1 + 37 * round, den: 1 + round % 5, count: 0 };
            let mut wanted = vec![0; 1 + (random.uniform() * 500.0) as usize];
            grid.ticks_from(round).fill(&mut wanted);
            let span = (wanted[wanted.len() - 1] - wanted[0]) as f64;
            let mut keys: Vec<i64> = (0..1 + round % 200).map(|_| wanted[0] + (random.uniform() * span) as i64).collect();
            keys.extend(wanted.iter().step_by(7));
            keys.sort_unstable();
            keys.dedup();
            wanted.retain(|&time| keys[0] <= time && time < keys[keys.len() - 1]);
            let mut counts = vec![0; wanted.len()];
            counts_on_grid(&keys, &wanted, grid.rate(), 0, &mut counts);
            for (count, time) in counts.iter().zip(&wanted) {
                assert_eq!(*count as usize, keys.partition_point(|key| key <= time));
            }
        }
    }
}
