use super::*;
use crate::testing::Random;

/// A stream with known truth.
struct Stream {
    stamps: Vec<i64>,
    truth: Vec<f64>,
    indexes: Vec<i64>,
}

fn normal(random: &mut Random) -> f64 {
    (2.0 * random.exponential()).sqrt() * (2.0 * std::f64::consts::PI * random.uniform()).cos()
}

#[derive(Clone, Copy)]
enum Jitter {
    Gauss(f64),
    Coarse(i64),
}

/// Samples at true times on a clock that starts anywhere; `kept` says which are recorded.
fn stream(seed: u64, rate: f64, seconds: f64, jitter: Jitter, time: impl Fn(f64) -> f64, kept: impl Fn(i64, &mut Random) -> bool) -> Stream {
    let mut random = Random::new(seed * 7919 + 17);
    let start = 1_700_000_000_000_000_000i64 + (random.uniform() * 1e9) as i64;
    let mut stream = Stream { stamps: vec![], truth: vec![], indexes: vec![] };
    for index in 0..(rate * seconds) as i64 {
        let due = time(index as f64 / rate) * 1e9;
        if !kept(index, &mut random) {
            continue;
        }
        let stamp = match jitter {
            Jitter::Gauss(sigma) => start + (due + sigma * normal(&mut random)).round() as i64,
            Jitter::Coarse(step) => (start + due as i64 + step / 2) / step * step,
        };
        stream.stamps.push(stamp);
        stream.truth.push((start as f64 - 1.7e18) + due);
        stream.indexes.push(index);
    }
    stream
}

struct Score {
    p99: f64,
    max: f64,
    coverage: f64,
    slips: usize,
    dropped: i64,
    gaps: usize,
    certain: usize,
}

fn score(stream: &Stream, nominal: f64) -> Score {
    let mut survey = Survey::new(Some(1e9 / nominal));
    survey.add(&stream.stamps);
    let tracker = survey.finished().unwrap();
    let solution = Solution::new(&tracker, &SolveOptions::default());
    let length = stream.stamps.len();
    let (mut times, mut sigmas, mut indexes) = (vec![0; length], vec![0.0; length], vec![0; length]);
    let mut placer = Placer::new(solution);
    placer.apply(&stream.stamps, 0, &mut Into { times: &mut times, sigmas: &mut sigmas, indexes: &mut indexes });
    let errors: Vec<f64> = times.iter().zip(&stream.truth).map(|(&time, truth)| ((time - 1_700_000_000_000_000_000) as f64 - truth).abs()).collect();
    let covered = errors.iter().zip(&sigmas).filter(|(error, sigma)| **error <= 1.96 * **sigma + 0.5).count();
    let mut sorted = errors.clone();
    sorted.sort_by(f64::total_cmp);
    let base = stream.indexes[0] - indexes[0];
    let slips = (0..length).filter(|&i| stream.indexes[i] - indexes[i] != base).count();
    let solution = placer.solution();
    Score {
        p99: sorted[length * 99 / 100] / 1e6,
        max: sorted[length - 1] / 1e6,
        coverage: covered as f64 / length as f64,
        slips,
        dropped: solution.counts.dropped,
        gaps: solution.gaps.len(),
        certain: solution.gaps.iter().filter(|gap| gap.certain).count(),
    }
}

fn missing(stream: &Stream) -> i64 {
    stream.indexes[stream.indexes.len() - 1] - stream.indexes[0] + 1 - stream.indexes.len() as i64
}

/// What the worst of all seeds gave.
#[derive(Default)]
struct Worst {
    p99: f64,
    max: f64,
    coverage: f64,
    slips: usize,
    /// Seeds with a wrong count: found and true.
    wrong: Vec<(u64, i64, i64)>,
}

const SEEDS: u64 = 20;

fn report(name: &str, rate: f64, make: impl Fn(u64) -> Stream) -> Worst {
    let mut worst = Worst::default();
    let mut gaps = String::new();
    for seed in 0..SEEDS {
        let stream = make(seed);
        let found = score(&stream, rate);
        worst.p99 = worst.p99.max(found.p99);
        worst.max = worst.max.max(found.max);
        worst.coverage += found.coverage / SEEDS as f64;
        worst.slips += found.slips;
        if found.dropped != missing(&stream) {
            worst.wrong.push((seed, found.dropped, missing(&stream)));
        }
        if seed == 0 {
            gaps = format!("gaps {} certain {}", found.gaps, found.certain);
        }
    }
    let Worst { p99, max, coverage, slips, wrong } = &worst;
    println!("{name:24} p99 {p99:.4} max {max:.3} cover {coverage:.3} slips {slips} {gaps} wrong {} {wrong:?}", wrong.len());
    worst
}

fn gap(at: f64, length: f64, rate: f64) -> impl Fn(i64, &mut Random) -> bool {
    move |index, _| {
        let t = index as f64 / rate;
        !(t >= at && t < at + length)
    }
}

fn linear(t: f64) -> f64 {
    t * (1.0 - 20e-6)
}

#[test]
fn white_jitter_is_averaged_out() {
    let gauss = report("linear", 128.0, |seed| stream(seed, 128.0, 3600.0, Jitter::Gauss(2e6), linear, |_, _| true));
    assert!(gauss.p99 <= 0.02 && gauss.slips == 0 && gauss.wrong.is_empty());
    let coarse = report("coarse", 128.0, |seed| stream(seed, 128.0, 3600.0, Jitter::Coarse(1_000_000), linear, |_, _| true));
    assert!(coarse.p99 <= 0.02 && coarse.slips == 0 && coarse.wrong.is_empty());
}

#[test]
fn gaps_are_counted_and_placed() {
    for rate in [30.0, 100.0, 128.0] {
        for length in [1.0 / rate, 0.9, 4.5, 15.0, 100.0] {
            let found = report(&format!("gap {length:.3} at {rate}"), rate, |seed| {
                stream(seed, rate, 1800.0, Jitter::Gauss(2e6), linear, gap(900.0 + seed as f64, length, rate))
            });
            assert!(found.p99 <= 0.1 && found.wrong.is_empty(), "{:?}", found.wrong);
        }
    }
}

#[test]
fn a_wandering_rate_is_followed() {
    let day = |t: f64| t / 86_400.0 * 2.0 * std::f64::consts::PI;
    let diurnal = |t: f64| t + 2e-6 * t / day(t.max(1e-9)) * (1.0 - day(t).cos());
    let found = report("diurnal", 32.0, |seed| stream(seed, 32.0, 86_400.0, Jitter::Gauss(2e6), diurnal, |_, _| true));
    assert!(found.p99 <= 0.05 && found.slips == 0 && found.wrong.is_empty());
}

#[test]
#[ignore = "the whole table takes minutes"]
fn table() {
    for rate in [4.0, 30.0, 100.0, 128.0, 1000.0] {
        let seconds = if rate > 500.0 { 600.0 } else { 3600.0 };
        for length in [1.0 / rate, 0.9, 4.5, 15.0, 100.0] {
            report(&format!("gap {length:.3} at {rate}"), rate, |seed| {
                stream(seed, rate, seconds, Jitter::Gauss(2e6), linear, gap(seconds / 2.0 + seed as f64, length, rate))
            });
        }
        report(&format!("1 % drops at {rate}"), rate, |seed| {
            stream(seed, rate, seconds, Jitter::Gauss(2e6), linear, |_, random| random.uniform() > 0.01)
        });
    }
}
