//! Streams of devices that were off for a while, of which some samples were recorded twice.

use super::tests::{linear, score, stream, Jitter, Stream};
use crate::testing::Random;

const SEEDS: u64 = 20;

/// Half an hour of which 40 s and a part of a period are missing in the middle.
fn restarted(seed: u64, rate: f64, jitter: Jitter) -> Stream {
    let off = 40.0 + 0.37 / rate + seed as f64 * 0.11 / rate;
    let time = move |t: f64| linear(t) + if t > 900.0 { off } else { 0.0 };
    stream(seed, rate, 1800.0, jitter, time, |_, _| true)
}

/// Records every sample twice with a probability.
fn repeated(stream: Stream, seed: u64, share: f64) -> (Stream, i64) {
    let mut random = Random::new(seed + 4242);
    let mut all = Stream { stamps: vec![], truth: vec![], indexes: vec![] };
    for row in 0..stream.stamps.len() {
        let times = if random.uniform() < share { 2 } else { 1 };
        for _ in 0..times {
            all.stamps.push(stream.stamps[row]);
            all.truth.push(stream.truth[row]);
            all.indexes.push(stream.indexes[row]);
        }
    }
    let repeats = (all.stamps.len() - stream.stamps.len()) as i64;
    (all, repeats)
}

#[test]
fn slow_streams_go_on_after_a_restart() {
    for (jitter, bar) in [(Jitter::Gauss(2e6), 0.4), (Jitter::Coarse(1_000_000), 0.6)] {
        for seed in 0..SEEDS {
            let found = score(&restarted(seed, 4.0, jitter), 4.0);
            assert!(found.p99 < bar, "seed {seed}: {}", found.p99);
        }
    }
}

#[test]
fn samples_recorded_twice_after_a_gap_do_not_make_it_a_stall() {
    for (rate, sigma) in [(100.0, 0.0), (128.0, 2e6)] {
        for seed in 0..SEEDS {
            let (stream, repeats) = repeated(restarted(seed, rate, Jitter::Gauss(sigma)), seed, 0.005);
            let found = score(&stream, rate);
            assert!(found.p99 < 0.1 && found.max < 2.1e3 / rate, "seed {seed}: {} {}", found.p99, found.max);
            assert!((found.duplicates - repeats).abs() <= 2, "seed {seed}: {} {repeats}", found.duplicates);
        }
    }
}

#[test]
fn samples_without_jitter_are_placed_one_by_one() {
    for seed in 0..SEEDS {
        let plain = stream(seed, 100.0, 600.0, Jitter::Gauss(0.0), linear, |_, _| true);
        let (stream, repeats) = repeated(plain, seed, 0.02);
        let found = score(&stream, 100.0);
        assert_eq!((found.slips, found.duplicates), (0, repeats), "seed {seed}");
        assert!(found.max < 1e-3, "seed {seed}: {}", found.max);
    }
}
