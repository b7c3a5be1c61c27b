//! Lost samples among stamps that scatter by two periods, compared with what no decoder can beat.

use super::tests::{linear, score, stream, Jitter, Stream};
use std::collections::BTreeMap;

const SEEDS: u64 = 20;
const LOST: f64 = 0.01;
/// Standard deviation of the stamps, in periods.
const NOISE: f64 = 2.0;
const PERIOD_NS: f64 = 1e6 * (1.0 - 20e-6);

/// Probability of each shift, from the first of them on.
struct Shifts {
    from: i64,
    chances: Vec<f64>,
}

impl Shifts {
    /// Moves on by a row before which samples may have been lost, forward or backward.
    fn step(&mut self, back: bool) {
        let most = 3;
        let mut next = vec![0.0; self.chances.len() + most];
        for (shift, chance) in self.chances.iter().enumerate() {
            let mut weight = (1.0 - LOST) * chance;
            for lost in 0..=most {
                next[shift + if back { most - lost } else { lost }] += weight;
                weight *= LOST;
            }
        }
        self.from -= if back { most as i64 } else { 0 };
        self.chances = next;
    }

    /// Takes in a stamp by the shift that it suggests.
    fn update(&mut self, shift: f64) {
        for (at, chance) in (self.from..).zip(&mut self.chances) {
            *chance *= (-0.5 * ((shift - at as f64) / NOISE).powi(2)).exp();
        }
        let total: f64 = self.chances.iter().sum();
        self.chances.iter_mut().for_each(|chance| *chance /= total);
        let kept = |chance: &f64| *chance > 1e-12;
        let first = self.chances.iter().position(kept).unwrap_or(0);
        let last = self.chances.iter().rposition(kept).unwrap_or(0);
        self.from += first as i64;
        self.chances = self.chances[first..=last].to_vec();
    }
}

/// Shift of the last row given all stamps in some order, with the true lattice known.
fn last_shift(shifts: &[f64], back: bool) -> Shifts {
    let mut known = Shifts { from: shifts[0].round() as i64 - 20, chances: vec![1.0; 41] };
    known.update(shifts[0]);
    for &shift in &shifts[1..] {
        known.step(back);
        known.update(shift);
    }
    known
}

/// The likeliest number of samples lost between the first row and the last (forward algorithm; Rabiner 1989), for who
/// knows period, phase, noise and the share of samples lost.
fn likeliest(stream: &Stream) -> i64 {
    let shift = |row: usize| {
        let passed = (stream.stamps[row] - 1_700_000_000_000_000_000) as f64 - stream.truth[0];
        passed / PERIOD_NS - row as f64
    };
    let mut shifts: Vec<f64> = (0..stream.stamps.len()).map(shift).collect();
    let end = last_shift(&shifts, false);
    shifts.reverse();
    let start = last_shift(&shifts, true);
    let mut chances = BTreeMap::new();
    for (last, one) in (end.from..).zip(&end.chances) {
        for (first, other) in (start.from..).zip(&start.chances) {
            *chances.entry(last - first).or_insert(0.0) += one * other;
        }
    }
    chances.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(lost, _)| lost)
}

#[test]
fn losses_that_noise_hides_are_counted_nearly_as_well_as_can_be() {
    let (mut exact, mut possible, mut surplus) = (0, 0, 0);
    for seed in 0..SEEDS {
        let stream = stream(seed, 1000.0, 100.0, Jitter::Gauss(2e6), linear, |_, random| random.uniform() > LOST);
        let rows = stream.indexes.len();
        let truth = stream.indexes[rows - 1] - stream.indexes[0] + 1 - rows as i64;
        let (best, found) = (likeliest(&stream), score(&stream, 1000.0).dropped);
        println!("seed {seed} lost {truth}, knowing the lattice {best}, found {found}");
        exact += usize::from(found == truth);
        possible += usize::from(best == truth);
        surplus += found - truth;
        assert!((found - truth).abs() <= 3 && (best - truth).abs() <= 2, "seed {seed}");
    }
    println!("exact {exact} of {SEEDS}, knowing the lattice {possible}, surplus {surplus}");
    // What is lost near either end leaves too few samples beyond it to show.
    assert!(possible < 18 && exact + 3 >= possible, "{exact} {possible}");
    assert!(surplus.abs() <= 10, "{surplus}");
}
