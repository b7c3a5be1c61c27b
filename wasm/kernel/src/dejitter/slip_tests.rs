//! Streams whose stamps are as coarse as their period.

use super::tests::{linear, score, stream, Jitter, Stream};

const SEEDS: u64 = 20;
const MS: Jitter = Jitter::Coarse(1_000_000);

/// Half an hour of a sample in nearly each millisecond by a sampler that is slow by so much, without some of them.
fn sampled(seed: u64, slow: f64, lost: std::ops::Range<i64>) -> Stream {
    let start = seed as f64 * 0.37e-3;
    stream(seed, 1000.0, 1800.0, MS, move |t| start + t * (1.0 + slow), |index, _| !lost.contains(&index))
}

#[test]
fn steps_that_stamps_slip_by_are_no_lost_samples() {
    for seed in 0..SEEDS {
        let slow = (seed as f64 - 9.5) * 2e-6;
        let found = score(&sampled(seed, slow, 0..0), 1000.0);
        let teeth = slow.abs() * 1.8e6;
        if teeth < 4.0 {
            // One or two jumps may as well be losses.
            continue;
        }
        println!("slips {slow:.1e}: {} {} p99 {:.3} cover {:.3}", found.dropped, found.duplicates, found.p99, found.coverage);
        assert_eq!((found.dropped, found.duplicates), (0, 0), "{slow}");
        assert!(found.p99 < 0.2, "{slow}: {}", found.p99);
        assert!(found.coverage > 0.9, "{slow}: {}", found.coverage);
    }
}

#[test]
fn lost_samples_are_counted_among_slips() {
    for seed in 0..SEEDS {
        for length in [1, 900, 4500, 15_000, 100_000] {
            // 7 to 26 s from one slip to the next.
            let slow = (if seed % 2 == 0 { 1.0 } else { -1.0 }) * (40e-6 + seed as f64 * 5e-6);
            let from = 700_000 + seed as i64 * 1237;
            let found = score(&sampled(seed, slow, from..from + length), 1000.0);
            println!("seed {seed} lost {length} at {slow:.2e}: {} {} p99 {:.3} cover {:.3}", found.dropped, found.duplicates, found.p99, found.coverage);
            assert_eq!((found.dropped, found.duplicates), (length, 0), "seed {seed}, {slow}");
        }
    }
}

#[test]
fn few_even_slips_about_a_long_gap_are_no_lost_samples() {
    for seed in 0..SEEDS {
        // Four or more slips, 220 to 400 s apart.
        let slow = (if seed % 2 == 0 { 1.0 } else { -1.0 }) * (2.5e-6 + seed as f64 * 1e-7);
        let found = score(&sampled(seed, slow, 354_681..454_681), 1000.0);
        println!("slips {slow:.1e} about a gap: {} {} p99 {:.3}", found.dropped, found.duplicates, found.p99);
        assert_eq!((found.dropped, found.duplicates), (100_000, 0), "seed {seed}, {slow}");
    }
}

#[test]
fn slips_show_how_the_rate_of_a_sampler_bends() {
    let mut covered = 0.0;
    for seed in 0..SEEDS {
        let bent = move |t: f64| seed as f64 * 0.37e-3 + t * (1.0 - 10e-6) + 5e-6 * 900.0 * (1.0 - (-t / 900.0).exp());
        let found = score(&stream(seed, 1000.0, 1800.0, MS, bent, |_, _| true), 1000.0);
        println!("bent: {} {} p99 {:.3} cover {:.3}", found.dropped, found.duplicates, found.p99, found.coverage);
        assert_eq!((found.dropped, found.duplicates), (0, 0));
        assert!(found.p99 < 0.2, "{}", found.p99);
        covered += found.coverage / SEEDS as f64;
    }
    assert!(covered > 0.93, "{covered}");
}

#[test]
fn a_sampler_that_keeps_its_steps_has_no_slips() {
    let lost = [1_234, 40_777, 41_300, 130_000, 131_000, 290_041, 377_000, 500_500, 560_003, 590_000];
    let kept = |index: i64, _: &mut crate::testing::Random| !lost.contains(&index);
    let found = score(&stream(3, 1000.0, 600.0, MS, |t| t, kept), 1000.0);
    println!("10 lost: {}", found.dropped);
    assert_eq!(found.dropped, 10);
    let single = |index: i64, _: &mut crate::testing::Random| index != 300_000;
    let found = score(&stream(3, 1000.0, 600.0, MS, |t| t, single), 1000.0);
    assert_eq!(found.dropped, 1);
    let still = score(&stream(3, 1000.0, 600.0, MS, linear, |_, _| true), 1000.0);
    assert_eq!(still.dropped, 0);
}
