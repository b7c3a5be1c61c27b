//! Trains whose truth is known.

use super::{match_trains, Found, Options, Train, Verdict};
use crate::testing::Random;

const SECOND: f64 = 1e9;

const ANY: Options = Options {
    jitter: f64::NAN,
    max_drift: 5e-4,
    low: f64::NEG_INFINITY,
    high: f64::INFINITY,
    width_tolerance: f64::INFINITY,
};

/// Two trains of one list of events, with the event that each of theirs is; strangers have none.
struct Case {
    a: Vec<f64>,
    b: Vec<f64>,
    truth_a: Vec<Option<usize>>,
    truth_b: Vec<Option<usize>>,
}

struct Recipe {
    events: usize,
    /// Mean time between events.
    every: f64,
    offset: f64,
    drift: f64,
    jitter: f64,
    missing: f64,
    strangers: f64,
}

fn gauss(random: &mut Random) -> f64 {
    (0..12).map(|_| random.uniform()).sum::<f64>() - 6.0
}

fn side(random: &mut Random, events: &[f64], recipe: &Recipe, place: &dyn Fn(f64) -> f64) -> (Vec<f64>, Vec<Option<usize>>) {
    let span = events[events.len() - 1];
    let mut stamped: Vec<(f64, Option<usize>)> = Vec::new();
    for (index, &time) in events.iter().enumerate() {
        if random.uniform() >= recipe.missing {
            let late = gauss(random) * recipe.jitter * core::f64::consts::FRAC_1_SQRT_2;
            stamped.push((place(time) + late, Some(index)));
        }
    }
    let strangers = (recipe.strangers * events.len() as f64) as usize;
    for _ in 0..strangers {
        stamped.push((place(random.uniform() * span), None));
    }
    stamped.sort_by(|x, y| x.0.total_cmp(&y.0));
    (stamped.iter().map(|event| event.0).collect(), stamped.iter().map(|event| event.1).collect())
}

impl Recipe {
    fn case(&self, seed: u64) -> Case {
        let mut random = Random::new(seed);
        let mut time = 0.0;
        let events: Vec<f64> = (0..self.events)
            .map(|_| {
                time += self.every * random.exponential();
                time
            })
            .collect();
        self.of(&events, &mut random)
    }

    fn of(&self, events: &[f64], random: &mut Random) -> Case {
        let (a, truth_a) = side(random, events, self, &|time| time);
        let (b, truth_b) = side(random, events, self, &|time| self.offset + time * (1.0 + self.drift));
        Case { a, b, truth_a, truth_b }
    }
}

impl Case {
    fn found(&self, options: &Options) -> Found {
        match_trains(plain(&self.a), plain(&self.b), options)
    }

    /// Pairs found, those of them that are wrong, and those there are.
    fn score(&self, found: &Found) -> (usize, usize, usize) {
        let pairs: Vec<(u32, u32)> = found.stretches.iter().flat_map(|stretch| stretch.pairs.clone()).collect();
        let wrong = pairs
            .iter()
            .filter(|(i, j)| {
                let (x, y) = (self.truth_a[*i as usize], self.truth_b[*j as usize]);
                x.is_none() || x != y
            })
            .count();
        let shared = self.truth_a.iter().flatten().filter(|event| self.truth_b.contains(&Some(**event))).count();
        (pairs.len(), wrong, shared)
    }
}

fn plain(times: &[f64]) -> Train<'_> {
    Train { times, labels: &[], widths: &[] }
}

const HARD: Recipe = Recipe {
    events: 400,
    every: 9.0 * SECOND,
    offset: 1.7e18 / 1e3,
    drift: 4.3e-4,
    jitter: 2e6,
    missing: 0.35,
    strangers: 0.35,
};

#[test]
fn matches_with_many_missing_and_strange_events() {
    let (mut pairs, mut wrong, mut shared) = (0, 0, 0);
    for seed in 0..20 {
        let case = HARD.case(seed);
        let found = case.found(&ANY);
        assert_eq!(found.verdict, Verdict::Matched, "seed {seed}");
        let score = case.score(&found);
        pairs += score.0;
        wrong += score.1;
        shared += score.2;
        let sigma = found.stretches[0].sigma;
        assert!((1.5e6..2.6e6).contains(&sigma), "seed {seed}: {sigma}");
    }
    assert!(wrong as f64 <= 0.005 * pairs as f64, "{wrong} of {pairs} wrong");
    assert!((pairs - wrong) as f64 >= 0.97 * shared as f64, "{pairs} of {shared}");
}

#[test]
fn unrelated_trains_do_not_match() {
    // As many trains as make one false match in a thousand likely to be seen.
    for (events, every, seeds) in [(4, 50.0, 500), (12, 50.0, 500), (30, 20.0, 500), (100, 9.0, 100), (400, 9.0, 4)] {
        let recipe = Recipe { events, every: every * SECOND, offset: 0.0, drift: 0.0, missing: 0.0, strangers: 0.0, ..HARD };
        for seed in 0..seeds {
            let (first, second) = (recipe.case(seed + 1_000_000), recipe.case(seed + 2_000_000));
            let found = match_trains(plain(&first.a), plain(&second.a), &ANY);
            assert_eq!(found.verdict, Verdict::Unrelated, "{events} events, seed {seed}");
        }
    }
}

/// Ticks of a metronome of which some are lost.
fn ticks(seed: u64, count: usize, period: f64, jitter: f64, missing: f64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut list: Vec<f64> = (0..count).map(|k| k as f64 * period + gauss(&mut random) * jitter).collect();
    list.retain(|_| random.uniform() >= missing);
    list.sort_by(f64::total_cmp);
    list
}

#[test]
fn periodic_trains_are_ambiguous() {
    for (count, jitter, missing) in [(5, 1e6, 0.0), (30, 1e6, 0.0), (200, 1e6, 0.1), (400, 1e6, 0.5)] {
        for seed in 0..20 {
            let a = ticks(seed, count, SECOND, jitter, missing);
            let b = ticks(seed + 500, count, 1.0002 * SECOND, jitter, missing);
            let found = match_trains(plain(&a), plain(&b), &ANY);
            assert_ne!(found.verdict, Verdict::Matched, "{count} ticks, {missing} missing, seed {seed}");
            if count >= 30 {
                assert_eq!(found.verdict, Verdict::Ambiguous);
                assert!(found.lost.is_some_and(|contest| 2 * contest.rival > contest.agreeing));
            }
        }
    }
}

#[test]
fn a_bounded_offset_makes_periodic_trains_plain() {
    let a = ticks(3, 100, SECOND, 1e6, 0.1);
    let b: Vec<f64> = ticks(4, 100, SECOND, 1e6, 0.1).iter().map(|time| time + 0.3 * SECOND).collect();
    let near = Options { low: -0.1 * SECOND, high: 0.5 * SECOND, ..ANY };
    let found = match_trains(plain(&a), plain(&b), &near);
    assert_eq!(found.verdict, Verdict::Matched);
    for &(i, j) in &found.stretches[0].pairs {
        assert!((b[j as usize] - a[i as usize] - 0.3 * SECOND).abs() < 1e7);
    }
}

#[test]
fn losses_that_both_share_tell_periodic_trains_apart() {
    let (mut random, period) = (Random::new(9), SECOND);
    let ticks: Vec<f64> = (0..600).map(|k| k as f64 * period).filter(|_| random.uniform() > 0.2).collect();
    let recipe = Recipe { missing: 0.02, strangers: 0.0, jitter: 1e6, ..HARD };
    let case = recipe.of(&ticks, &mut random);
    let found = case.found(&ANY);
    assert_eq!(found.verdict, Verdict::Matched);
    let (pairs, wrong, shared) = case.score(&found);
    assert!(wrong == 0 && pairs as f64 > 0.98 * shared as f64, "{pairs} {wrong} {shared}");
}

/// Shifts the stamps of `b` from an event on.
fn stepped(case: &mut Case, from: usize, step: f64) {
    for (time, truth) in case.b.iter_mut().zip(&case.truth_b) {
        if truth.is_some_and(|event| event >= from) {
            *time += step;
        }
    }
}

#[test]
fn steps_of_a_clock_part_the_stretches() {
    for (seed, step) in [0.4, 2.0, 60.0, -0.4, -2.0, -60.0, -1700.0].into_iter().enumerate() {
        let mut case = Recipe { missing: 0.2, strangers: 0.0, ..HARD }.case(seed as u64);
        stepped(&mut case, 180, step * SECOND);
        let found = case.found(&ANY);
        assert_eq!(found.verdict, Verdict::Matched);
        let (pairs, wrong, shared) = case.score(&found);
        assert_eq!(found.stretches.len(), 2, "step {step}");
        assert!(wrong <= 1 && pairs as f64 > 0.97 * shared as f64, "step {step}: {pairs} {wrong} {shared}");
    }
}

#[test]
fn labels_and_widths_narrow_the_choice() {
    let case = Recipe { events: 12, missing: 0.1, strangers: 0.3, jitter: 2e7, ..HARD }.case(4);
    let label = |truth: &[Option<usize>], strange: u32| -> Vec<u32> {
        truth.iter().map(|event| event.map_or(strange, |event| event as u32)).collect()
    };
    let (a, b) = (label(&case.truth_a, 900), label(&case.truth_b, 901));
    let labelled = |times, labels| Train { times, labels, widths: &[] };
    let found = match_trains(labelled(&case.a, &a[..]), labelled(&case.b, &b[..]), &ANY);
    assert_eq!(found.verdict, Verdict::Matched);
    let (pairs, wrong, shared) = case.score(&found);
    assert_eq!((pairs, wrong), (shared, 0));
    let width = |truth: &[Option<usize>], strange: f64| -> Vec<f64> {
        truth.iter().map(|event| event.map_or(strange, |event| (event % 7) as f64 * 1e7)).collect()
    };
    let (wide_a, wide_b) = (width(&case.truth_a, 9e8), width(&case.truth_b, 8e8));
    let train = |times, widths| Train { times, labels: &[], widths };
    let options = Options { width_tolerance: 1e6, jitter: 2e7, ..ANY };
    let found = match_trains(train(&case.a, &wide_a[..]), train(&case.b, &wide_b[..]), &options);
    let (_, wrong, _) = case.score(&found);
    assert_eq!(wrong, 0);
}

#[test]
fn survives_anything() {
    let odd = [f64::MAX, -f64::MAX, 0.0, 0.0, 0.0, 1.0, 1e300, -1e300, 9.2e18, -9.2e18, 5.0, 5.0];
    let same = [7.0; 40];
    for (a, b) in [(&odd[..], &odd[..]), (&same[..], &odd[..]), (&same[..], &same[..]), (&odd[..3], &same[..3]), (&[][..], &odd[..])] {
        let found = match_trains(plain(a), plain(b), &ANY);
        for stretch in &found.stretches {
            assert!(stretch.pairs.iter().all(|&(i, j)| (i as usize) < a.len() && (j as usize) < b.len()));
        }
    }
}
