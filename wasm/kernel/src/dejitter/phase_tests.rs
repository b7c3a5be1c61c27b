//! Streams of devices that sample on at some phase of their lattice after a gap.

use super::tests::{linear, score, stream, Jitter, Stream};
use super::*;

const SEEDS: u64 = 6;
const RATE: f64 = 128.0;

/// An hour of a clock, of which so many seconds and a part of a period are missing in the middle.
fn off_for(seed: u64, seconds: f64, phase: f64, clock: fn(f64) -> f64) -> Stream {
    let left_out = seconds + phase / RATE;
    let time = move |t: f64| clock(if t > 1800.0 { t + left_out } else { t });
    stream(seed, RATE, 3600.0, Jitter::Gauss(2e6), time, |_, _| true)
}

fn segments(stream: &Stream) -> usize {
    let mut survey = Survey::new(Some(1e9 / RATE));
    survey.add(&stream.stamps);
    Solution::new(&survey.finished().unwrap(), &SolveOptions::default()).unwrap().segments().len()
}

/// +-1 ppm in 20 min.
fn wandering(t: f64) -> f64 {
    let turn = 1200.0 / (2.0 * std::f64::consts::PI);
    t - 1e-6 * turn * (t / turn).cos()
}

#[test]
fn another_phase_after_a_gap_begins_another_lattice() {
    for (seconds, slack) in [(1.0, 0), (40.0, 0), (3600.0, 1)] {
        for phase in [0.045, 0.25, 0.5, -0.045] {
            for seed in 0..SEEDS {
                let stream = off_for(seed, seconds, phase, linear);
                let found = score(&stream, RATE);
                let what = format!("{seconds} s {phase} seed {seed}: {} {}", found.p99, found.dropped);
                assert!(segments(&stream) == 2 && found.p99 < 0.03, "{what}");
                // Half a period may count as one or as none.
                let off = found.dropped - (seconds * RATE) as i64;
                assert!(off.abs() <= slack || phase == 0.5 && off == 1, "{what}");
            }
        }
    }
}

#[test]
fn a_phase_that_noise_hides_does_little_harm() {
    for seconds in [1.0, 40.0] {
        for seed in 0..SEEDS {
            let found = score(&off_for(seed, seconds, 0.01, linear), RATE);
            assert!(found.p99 < 0.08, "{seconds} s seed {seed}: {}", found.p99);
            assert_eq!(found.dropped, (seconds * RATE) as i64, "{seconds} s seed {seed}");
        }
    }
}

#[test]
fn gaps_of_whole_periods_keep_the_lattice() {
    for clock in [linear, wandering] {
        for seconds in [1.0, 4.5, 15.0, 40.0, 100.0] {
            for seed in 0..SEEDS {
                let stream = off_for(seed, seconds, 0.0, clock);
                assert_eq!(segments(&stream), 1, "{seconds} s seed {seed}");
                assert_eq!(score(&stream, RATE).dropped, (seconds * RATE) as i64, "{seconds} s seed {seed}");
            }
        }
    }
}
