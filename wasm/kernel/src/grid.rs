//! Evenly spaced ticks, exact for every rate that is a fraction.

/// `start + round(k * 1e9 * den / num)` for k from 0.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    pub start: i64,
    /// Ticks per second as a fraction.
    pub num: u64,
    pub den: u64,
    pub count: u64,
}

/// Walks the ticks without multiplying.
#[derive(Clone, Copy, Debug)]
pub struct Ticks {
    whole: i64,
    part: u64,
    num: u64,
    rest: u64,
    /// Index of the current tick.
    pub index: u64,
    pub time: i64,
}

impl Grid {
    /// The ticks from an index on.
    pub fn ticks_from(&self, index: u64) -> Ticks {
        let step = 1_000_000_000u128 * u128::from(self.den);
        let num = u128::from(self.num.max(1));
        let scaled = u128::from(index) * step + num / 2;
        Ticks {
            whole: (step / num) as i64,
            part: (step % num) as u64,
            num: num as u64,
            rest: (scaled % num) as u64,
            index,
            time: self.start.saturating_add(i64::try_from(scaled / num).unwrap_or(i64::MAX)),
        }
    }
}

impl Grid {
    /// Whole nanoseconds from tick to tick, when all are that far apart.
    pub fn whole_step(&self) -> Option<i64> {
        let Ticks { whole, part, .. } = self.ticks_from(0);
        (part == 0 && whole > 0).then_some(whole)
    }
}

impl Ticks {
    /// Goes to the next tick.
    pub fn advance(&mut self) {
        self.rest += self.part;
        let carry = self.rest >= self.num;
        if carry {
            self.rest -= self.num;
        }
        self.time = self.time.saturating_add(self.whole + i64::from(carry));
        self.index += 1;
    }

    /// Writes the times of the next ticks.
    pub fn fill(&mut self, out: &mut [i64]) {
        let whole = self.part == 0 && self.time.checked_add(self.whole.saturating_mul(out.len() as i64)).is_some();
        if whole {
            let mut time = self.time;
            for slot in out.iter_mut() {
                *slot = time;
                time = time.wrapping_add(self.whole);
            }
            self.time = time;
            self.index += out.len() as u64;
            return;
        }
        for slot in out {
            *slot = self.time;
            self.advance();
        }
    }

    /// The time half-way to the next tick.
    pub fn middle(&self) -> i64 {
        let mut next = *self;
        next.advance();
        self.time.saturating_add((next.time - self.time) / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_filled_as_they_are_walked() {
        for (num, den) in [(128, 1), (30_000, 1001), (2_000_000_000, 1), (7, 3_000_000)] {
            let grid = Grid { start: -12_345, num, den, count: 1000 };
            let mut filled = [0; 700];
            let mut ticks = grid.ticks_from(5);
            ticks.fill(&mut filled);
            for (index, &time) in filled.iter().enumerate() {
                assert_eq!(time, grid.ticks_from(5 + index as u64).time);
            }
            assert_eq!((ticks.time, ticks.index), (grid.ticks_from(705).time, 705));
        }
    }

    #[test]
    fn thirds_of_a_second_do_not_drift() {
        let grid = Grid { start: 5, num: 3, den: 1, count: 10 };
        let mut ticks = grid.ticks_from(0);
        for k in 0..3_000_000u64 {
            assert_eq!(ticks.index, k);
            if k % 1000 == 0 {
                assert_eq!(ticks.time, grid.ticks_from(k).time);
            }
            ticks.advance();
        }
        assert_eq!(ticks.time, 5 + 1_000_000_000_000_000);
        assert_eq!(grid.ticks_from(1).time, 333_333_338);
        assert_eq!(grid.ticks_from(2).time, 666_666_672);
    }
}
