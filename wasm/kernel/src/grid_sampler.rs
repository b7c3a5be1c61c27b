//! Samples of one stream on the ticks of a grid, in one pass and bounded memory.

use crate::grid::{Grid, Ticks};
use crate::resample::{between, Method};
use crate::sampling::MISSING;
use std::collections::VecDeque;

/// Ticks that a column may run ahead before they are read.
const AHEAD: usize = 1 << 11;

struct Column {
    method: Method,
    ticks: Ticks,
    last: Option<(i64, f64)>,
    sum: f64,
    count: f64,
    bin_start: i64,
    bin_end: i64,
    out: VecDeque<f64>,
}

/// What all columns share.
#[derive(Clone, Copy)]
struct Limits {
    max_gap: u64,
    ticks: u64,
    ahead: usize,
}

impl Column {
    fn new(method: Method, grid: &Grid) -> Column {
        let ticks = grid.ticks_from(0);
        let half = ticks.middle().saturating_sub(ticks.time);
        Column {
            method,
            ticks,
            last: None,
            sum: 0.0,
            count: 0.0,
            bin_start: ticks.time.saturating_sub(half),
            bin_end: ticks.middle(),
            out: VecDeque::new(),
        }
    }

    fn emit(&mut self, value: f64) {
        self.out.push_back(value);
        self.ticks.advance();
        if self.method == Method::Mean {
            self.bin_start = self.bin_end;
            self.bin_end = self.ticks.middle();
        }
    }

    fn is_full(&self, limits: &Limits) -> bool {
        self.out.len() >= limits.ahead
    }

    fn is_done(&self, limits: &Limits) -> bool {
        self.ticks.index >= limits.ticks
    }

    /// Takes a sample, after all ticks before it. Returns false when the output has to be read first.
    fn take(&mut self, time: i64, value: f64, limits: &Limits) -> bool {
        if !self.pass(time, Some(value), limits) {
            return false;
        }
        if self.method == Method::Mean && time >= self.bin_start {
            self.sum += value;
            self.count += 1.0;
        }
        self.last = Some((time, value));
        true
    }

    /// Settles the ticks before a time, when the next sample is there or is known to lie no earlier.
    fn pass(&mut self, time: i64, next: Option<f64>, limits: &Limits) -> bool {
        while !self.is_done(limits) && self.bound() < time {
            if self.is_full(limits) {
                return false;
            }
            if self.method == Method::Mean {
                let mean = self.sum / self.count;
                (self.sum, self.count) = (0.0, 0.0);
                self.emit(mean);
                continue;
            }
            match self.value_at(self.ticks.time, time, next, limits.max_gap) {
                Some(value) => self.emit(value),
                None => break,
            }
        }
        true
    }

    /// A tick is settled when samples lie behind this time.
    fn bound(&self) -> i64 {
        match self.method {
            Method::Mean => self.bin_end.saturating_sub(1),
            _ => self.ticks.time,
        }
    }

    /// Value of a tick at or after the last sample; none when it waits for the next one.
    fn value_at(&self, tick: i64, time: i64, next: Option<f64>, max_gap: u64) -> Option<f64> {
        let Some(last) = self.last else {
            return Some(f64::NAN);
        };
        if tick == last.0 {
            return Some(last.1);
        }
        if self.method == Method::Previous {
            return Some(if tick.abs_diff(last.0) <= max_gap { last.1 } else { f64::NAN });
        }
        if time.abs_diff(last.0) > max_gap || time == i64::MAX {
            return Some(f64::NAN);
        }
        next.map(|value| between(last, (time, value), tick))
    }
}

/// Takes samples in nearly increasing order of time and gives values at the ticks of a grid.
pub struct GridSampler {
    limits: Limits,
    disorder: u64,
    columns: Vec<Column>,
    times: Vec<i64>,
    values: Vec<f64>,
    sorted: bool,
    newest: i64,
    /// Samples before this time have been used.
    settled: i64,
    /// Place in the samples that wait, and which columns have used the sample there.
    row: usize,
    used: Vec<bool>,
    ended: bool,
    /// Samples that came too late to be used, or without a time.
    pub dropped: f64,
}

impl GridSampler {
    /// Samples may come late by at most `disorder`.
    pub fn new(grid: Grid, methods: &[Method], max_gap: u64, disorder: u64) -> GridSampler {
        let step = grid.ticks_from(1).time.saturating_sub(grid.start).max(1) as u64;
        let waiting = usize::try_from(max_gap / step).unwrap_or(usize::MAX - AHEAD);
        GridSampler {
            limits: Limits { max_gap, ticks: grid.count, ahead: AHEAD.saturating_add(waiting) },
            disorder,
            columns: methods.iter().map(|&method| Column::new(method, &grid)).collect(),
            times: Vec::new(),
            values: Vec::new(),
            sorted: true,
            newest: MISSING,
            settled: MISSING,
            row: 0,
            used: vec![false; methods.len()],
            ended: false,
            dropped: 0.0,
        }
    }

    /// Adds samples; values column by column. All output must have been read before.
    pub fn push(&mut self, times: &[i64], values: &[f64]) {
        self.forget_used();
        for (row, &time) in times.iter().enumerate() {
            if time == MISSING || time < self.settled {
                self.dropped += 1.0;
                continue;
            }
            self.sorted &= time >= self.newest;
            self.newest = self.newest.max(time);
            self.times.push(time);
            let cells = (0..self.columns.len()).map(|column| values[column * times.len() + row]);
            self.values.extend(cells);
        }
        self.sort();
    }

    /// Says that no more samples will come.
    pub fn end(&mut self) {
        self.ended = true;
    }

    fn forget_used(&mut self) {
        self.times.drain(..self.row);
        self.values.drain(..self.row * self.columns.len());
        self.row = 0;
    }

    /// Sorts the samples that wait by time; those of the same time stay in their order.
    fn sort(&mut self) {
        if self.sorted {
            return;
        }
        let width = self.columns.len();
        let mut order: Vec<usize> = (0..self.times.len()).collect();
        order.sort_by_key(|&row| self.times[row]);
        self.times = order.iter().map(|&row| self.times[row]).collect();
        self.values = order
            .iter()
            .flat_map(|&row| self.values[row * width..(row + 1) * width].iter().copied())
            .collect();
        self.sorted = true;
    }

    /// Uses samples until there are none that are certain, or output has to be read. Returns how many ticks
    /// can be read.
    pub fn advance(&mut self) -> usize {
        let horizon = if self.ended {
            i64::MAX
        } else {
            self.newest.saturating_sub_unsigned(self.disorder)
        };
        while self.row < self.times.len() && self.times[self.row] <= horizon {
            if !self.use_row() {
                return self.ready();
            }
        }
        if self.ended {
            let limits = self.limits;
            self.columns.iter_mut().for_each(|column| {
                column.pass(i64::MAX, None, &limits);
            });
        }
        self.ready()
    }

    fn use_row(&mut self) -> bool {
        let (time, width) = (self.times[self.row], self.columns.len());
        for (index, column) in self.columns.iter_mut().enumerate() {
            let value = self.values[self.row * width + index];
            if self.used[index] {
                continue;
            }
            self.used[index] = if value.is_nan() {
                column.pass(time, None, &self.limits)
            } else {
                column.take(time, value, &self.limits)
            };
        }
        if self.used.contains(&false) {
            return false;
        }
        self.used.fill(false);
        self.row += 1;
        self.settled = time;
        true
    }

    fn ready(&self) -> usize {
        self.columns.iter().map(|column| column.out.len()).min().unwrap_or(0)
    }

    /// Moves values of a column to where they are wanted.
    pub fn read(&mut self, column: usize, out: &mut [f64]) {
        let length = out.len();
        for (slot, value) in out.iter_mut().zip(self.columns[column].out.drain(..length)) {
            *slot = value;
        }
    }

    /// Smallest value of a column that may still be given, for labels that count up.
    pub fn lowest(&self, column: usize) -> f64 {
        let width = self.columns.len();
        let waiting = (self.row..self.times.len()).map(|row| self.values[row * width + column]);
        let held = self.columns[column].last.map_or(f64::INFINITY, |(_, value)| value);
        waiting.fold(held, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::interpolate;
    use crate::testing::Random;

    fn run(methods: &[Method], grid: Grid, max_gap: u64, times: &[i64], values: &[Vec<f64>], batch: usize) -> Vec<Vec<f64>> {
        let mut sampler = GridSampler::new(grid, methods, max_gap, 1000);
        let mut out = vec![Vec::new(); methods.len()];
        let drain = |sampler: &mut GridSampler, out: &mut Vec<Vec<f64>>| loop {
            let ready = sampler.advance();
            if ready == 0 {
                break;
            }
            for (column, all) in out.iter_mut().enumerate() {
                let mut part = vec![0.0; ready];
                sampler.read(column, &mut part);
                all.extend(part);
            }
        };
        for start in (0..times.len()).step_by(batch) {
            let end = (start + batch).min(times.len());
            let flat: Vec<f64> = values.iter().flat_map(|column| column[start..end].to_vec()).collect();
            sampler.push(&times[start..end], &flat);
            drain(&mut sampler, &mut out);
        }
        sampler.end();
        drain(&mut sampler, &mut out);
        out
    }

    #[test]
    fn streaming_equals_the_whole_whatever_the_batches() {
        let mut random = Random::new(8);
        let mut now = 0i64;
        let mut times = Vec::new();
        for index in 0..5000 {
            now += (random.exponential() * 1e6) as i64 + if index == 2000 { 60_000_000_000 } else { 0 };
            times.push(now);
        }
        let mut value = || if random.uniform() < 0.3 { f64::NAN } else { random.uniform() };
        let values: Vec<f64> = (0..5000).map(|_| value()).collect();
        let grid = Grid { start: -5_000_000, num: 3000, den: 7, count: 30_000 };
        let mut ticks = grid.ticks_from(0);
        let at: Vec<i64> = (0..30_000).map(|_| { let time = ticks.time; ticks.advance(); time }).collect();
        for method in [Method::Linear, Method::Previous] {
            let mut expected = vec![0.0; at.len()];
            interpolate(method, &times, &values, 8_000_000, &at, &mut expected);
            for batch in [1, 13, 5000] {
                let got = run(&[method], grid, 8_000_000, &times, &[values.clone()], batch);
                assert_eq!(got[0].len(), expected.len());
                let same = got[0].iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()));
                assert!(same, "{method:?} {batch}");
            }
        }
    }

    #[test]
    fn small_disorder_is_sorted_and_bins_are_means() {
        let grid = Grid { start: 0, num: 100_000_000, den: 1, count: 3 };
        let times = [0, 7, 3, 11, 15, 24];
        let values = vec![1.0, 4.0, 2.0, 6.0, 8.0, 9.0];
        let out = run(&[Method::Mean, Method::Previous], grid, 1000, &times, &[values.clone(), values], 6);
        assert_eq!(out[0], [1.5, 5.0, 8.5]);
        assert_eq!(out[1], [1.0, 4.0, 8.0]);
    }

    #[test]
    fn late_and_missing_times_are_counted() {
        let grid = Grid { start: 0, num: 1_000_000, den: 1, count: 10 };
        let mut sampler = GridSampler::new(grid, &[Method::Linear], 5000, 10);
        sampler.push(&[0, 1000, 2000, MISSING], &[0.0; 4]);
        sampler.advance();
        sampler.push(&[500], &[0.0]);
        assert_eq!(sampler.dropped, 2.0);
    }
}
