//! The bars of accuracy, against the truth of simulated clocks.

use super::simulation::{probe, score, Probes, Score, World, EPOCH};
use super::*;
use crate::testing::Random;
use core::f64::consts::TAU;

const SEEDS: u64 = 20;
pub const HOUR: f64 = 3600.0;
/// Nobody looked for jumps of the stamps.
const NOT_LOOKED: Jumps = Jumps { rows: &[], device: &[], sizes: &[], smallest: f64::INFINITY, in_host: &[] };

fn plain(probes: &Probes) -> Fit {
    fit(&probes.readings(), &NOT_LOOKED, &Options::default())
}

/// Worst score of the seeds, with the mean coverage.
pub fn worst(name: &str, one: impl FnMut(u64) -> Score) -> Score {
    worst_of(name, SEEDS, one)
}

pub fn worst_of(name: &str, seeds: u64, mut one: impl FnMut(u64) -> Score) -> Score {
    let mut all = Score { p50: 0.0, p99: 0.0, max: 0.0, coverage: 0.0 };
    let mut least: f64 = 1.0;
    for seed in 1..=seeds {
        let Score { p50, p99, max, coverage } = one(seed);
        all.p50 = all.p50.max(p50);
        all.p99 = all.p99.max(p99);
        all.max = all.max.max(max);
        all.coverage += coverage / seeds as f64;
        least = least.min(coverage);
    }
    println!(
        "{name}: p50 {:.4} p99 {:.4} max {:.4} ms, coverage {:.3} (least {least:.2})",
        all.p50, all.p99, all.max, all.coverage
    );
    all
}

/// Each drift with its duration and bar, ms.
fn drifts() -> Vec<(&'static str, f64, fn(u64) -> World, f64)> {
    vec![
        ("linear", HOUR, |_| World::new(HOUR, |t| 20e3 * t), 0.021),
        ("diurnal", 24.0 * HOUR, |seed| {
            World::new(24.0 * HOUR, move |t| 2e3 * 86400.0 / TAU * (TAU * t / 86400.0 + seed as f64).sin() + 20e3 * t)
        }, 0.05),
        ("warm-up", 2.0 * HOUR, |_| World::new(2.0 * HOUR, |t| 20e3 * t - 5e3 * 900.0 * (-t / 900.0).exp()), 0.05),
        ("swing", HOUR, |seed| {
            World::new(HOUR, move |t| 20e3 * t + 1e3 * 1200.0 / TAU * (TAU * t / 1200.0 + seed as f64).sin())
        }, 0.05),
        ("random walk", 4.0 * HOUR, |seed| World::random_walk(4.0 * HOUR, 2e-5, 1e-9, &mut Random::new(seed + 100)), 0.05),
    ]
}

#[test]
fn drifts_are_followed() {
    for (name, seconds, world, bar) in drifts() {
        let all = worst(name, |seed| {
            let mut random = Random::new(seed);
            let world = world(seed);
            let fit = plain(&probe(&world, seconds, 5.0, |_| 1e5 * random.normal()));
            assert_eq!(fit.segments.len(), 1, "{name} seed {seed}");
            score(&world, &fit, seconds, 2.0, |_| true)
        });
        assert!(all.p99 <= bar, "{name}: {}", all.p99);
    }
}

/// Least squares through readings in seconds and ns, at two times.
fn least_squares(x: &[f64], y: &[f64], at: [f64; 2]) -> [f64; 2] {
    let count = x.len() as f64;
    let (middle, level) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let products: f64 = x.iter().zip(y).map(|(x, y)| (x - middle) * (y - level)).sum();
    let slope = products / x.iter().map(|x| (x - middle) * (x - middle)).sum::<f64>();
    at.map(|x| level + slope * (x - middle))
}

#[test]
fn straight_clocks_are_fitted_about_as_well_as_by_least_squares_and_stated_so() {
    const SEEDS: u64 = 300;
    let world = World::new(HOUR, |t| 20e3 * t);
    let (mut ours, mut best, mut scores) = (0.0, 0.0, 0.0);
    for seed in 1..=SEEDS {
        let mut random = Random::new(seed);
        let probes = probe(&world, HOUR, 5.0, |_| 1e5 * random.normal());
        let x: Vec<f64> = probes.device.iter().map(|&time| (time as f64 - 1e12) / 1e9).collect();
        let y: Vec<f64> =
            probes.reference.iter().zip(&probes.device).map(|(r, d)| (r - d - EPOCH as i64 + 1_000_000_000_000) as f64).collect();
        let ends = [x[0], x[x.len() - 1]];
        let lines = least_squares(&x, &y, ends);
        let knots = &plain(&probes).segments[0].knots;
        for (knot, (x, line)) in [knots[0], knots[knots.len() - 1]].iter().zip(ends.iter().zip(lines)) {
            let truth = 20e3 * x / (1.0 - 2e-5);
            let error = (knot.offset - EPOCH as i64 + 1_000_000_000_000) as f64 - truth;
            ours += error * error;
            best += (line - truth) * (line - truth);
            scores += error * error / (knot.sigma * knot.sigma);
        }
    }
    let (ratio, score) = (ours / best, scores / (2 * SEEDS) as f64);
    println!("straight: squares {ratio:.3} of least squares, {score:.3} of stated");
    // That the clock might have wandered costs a tenth of the variance at the ends, which is stated with it.
    assert!(ratio < 1.15, "{ratio}");
    assert!((0.75..1.1).contains(&score), "{score}");
}

/// A way to make readings worse.
pub type Spoil = fn(&mut Probes, &mut Random);

pub fn unspoilt(_: &mut Probes, _: &mut Random) {}

pub fn late(probes: &mut Probes, random: &mut Random) {
    for reference in &mut probes.reference {
        if random.uniform() < 0.05 {
            *reference += (random.uniform() * 1e10) as i64;
        }
    }
}

pub fn garbage(probes: &mut Probes, random: &mut Random) {
    for index in 0..probes.device.len() {
        if random.uniform() < 0.01 {
            match (random.uniform() * 3.0) as u32 {
                0 => probes.reference[index] = probes.device[index],
                1 => probes.device[index] = (random.uniform() * 9e18) as i64,
                _ => probes.reference[index] = i64::MIN,
            }
        }
    }
}

pub fn outage(probes: &mut Probes, random: &mut Random) {
    let first = (random.uniform() * (probes.device.len() - 121) as f64) as usize;
    probes.device.drain(first..first + 120);
    probes.reference.drain(first..first + 120);
    probes.rows.drain(first..first + 120);
}

#[test]
fn wrong_and_missing_readings_do_not_matter() {
    let spoils: [(&str, Spoil); 3] = [("5 % late", late), ("1 % garbage", garbage), ("10 min without", outage)];
    for (name, spoil) in spoils {
        let all = worst(name, |seed| {
            let mut random = Random::new(seed);
            let world = World::new(HOUR, |t| -50e9 + 20e3 * t);
            let mut probes = probe(&world, HOUR, 5.0, |_| 1e5 * random.normal());
            spoil(&mut probes, &mut random);
            let fit = plain(&probes);
            assert_eq!(fit.segments.len(), 1, "{name} seed {seed}: {:?}", fit.steps);
            score(&world, &fit, HOUR, 2.0, |_| true)
        });
        assert!(all.p99 <= 0.03, "{name}: {}", all.p99);
    }
}

/// Probes of which a share is held up on the way there, with their round trips.
fn wireless(world: &World, seconds: f64, share: f64, random: &mut Random) -> Probes {
    let mut round_trips = Vec::new();
    let mut probes = probe(world, seconds, 5.0, |_| {
        let held = if random.uniform() < share { 5e6 * random.exponential() } else { 0.0 };
        round_trips.push(2e6 + held + 2e5 * random.normal());
        0.5 * held + 1e5 * random.normal()
    });
    probes.round_trips = round_trips;
    probes
}

#[test]
fn round_trips_tell_which_probes_were_held_up() {
    for (share, bar) in [(0.4, 0.05), (0.8, 0.1)] {
        for (name, drift) in [("linear", 0.0), ("swing", 1e3)] {
            // The coverage of a recording is nearly all or nothing, so that it takes many to tell.
            let all = worst_of(&format!("{} % held up, {name}", 100.0 * share), 100, |seed| {
                let mut random = Random::new(seed);
                let world = World::new(HOUR, |t| 20e3 * t + drift * 1200.0 / TAU * (TAU * t / 1200.0).sin());
                let probes = wireless(&world, HOUR, share, &mut random);
                let fit = plain(&probes);
                assert_eq!(fit.segments.len(), 1, "seed {seed}");
                score(&world, &fit, HOUR, 2.0, |_| true)
            });
            assert!(all.p99 <= bar + 0.3 * drift / 1e3, "{}", all.p99);
            assert!(all.coverage >= 0.93, "{}", all.coverage);
        }
    }
}

pub const STEPS: [f64; 9] = [0.005, 0.02, 0.2, 0.5, 2.0, 4.0, 6.0, 60.0, 2000.0];

#[test]
fn every_step_is_found_and_nothing_else() {
    let spoils: [(&str, Spoil); 4] =
        [("clean", unspoilt), ("5 % late", late), ("1 % garbage", garbage), ("10 min without", outage)];
    for (name, spoil) in spoils {
        let all = worst(&format!("steps, {name}"), |seed| {
            let mut random = Random::new(seed);
            let size = 1e9 * STEPS[seed as usize % STEPS.len()] * if seed % 2 == 0 { 1.0 } else { -1.0 };
            let at = 100.0 + random.uniform() * (HOUR - 200.0);
            let world = World::new(HOUR, |t| -50e9 + 20e3 * t).with_step(at, size);
            let mut probes = probe(&world, HOUR, 5.0, |_| 1e5 * random.normal());
            spoil(&mut probes, &mut random);
            let fit = plain(&probes);
            assert_eq!(fit.steps.len(), 1, "{name} seed {seed} {size} at {at}: {:?}", fit.steps);
            assert!((fit.steps[0].change - size).abs() < 2e5, "{name} seed {seed}: {:?} {size}", fit.steps);
            let hole = if name.starts_with("10") { 610.0 } else { 30.0 };
            score(&world, &fit, HOUR, 2.0, |t| (t - at).abs() > hole)
        });
        assert!(all.p99 <= 0.1, "{name}: {}", all.p99);
    }
}

#[test]
fn days_without_steps_show_none() {
    let mut false_alarms = 0;
    for seed in 1..=100 {
        let mut random = Random::new(seed);
        let world = World::random_walk(24.0 * HOUR, 2e-5, 1e-9, &mut Random::new(seed + 500));
        let mut probes = probe(&world, 24.0 * HOUR, 5.0, |_| 1e5 * random.normal());
        late(&mut probes, &mut random);
        garbage(&mut probes, &mut random);
        outage(&mut probes, &mut random);
        false_alarms += plain(&probes).steps.len();
    }
    assert!(false_alarms <= 1, "{false_alarms} in 100 days");
}

#[test]
fn wild_readings_do_not_panic() {
    let wild = [0, i64::MIN, i64::MAX, -1, 1, 1 << 40, i64::MIN + 1, 1_700_000_000_000_000_000];
    let odd = [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300, 1e-320, 5e6];
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let count = (random.uniform() * random.uniform() * 300.0) as usize;
        let mut probes = Probes::default();
        let steady = random.uniform() < 0.5;
        for i in 0..count {
            let mut time = || match random.uniform() {
                u if u < 0.3 => wild[(u / 0.3 * wild.len() as f64) as usize],
                _ if steady => i as i64 * 1_000_000_000,
                u => (u * 9e18) as i64 - (1 << 62),
            };
            probes.device.push(time());
            probes.reference.push(time());
            let mut pick = || odd[(random.uniform() * odd.len() as f64) as usize];
            probes.round_trips.push(pick());
            probes.sigmas.push(pick());
            probes.rows.push(pick());
        }
        let fit = plain(&probes);
        for knot in fit.segments.iter().flat_map(|segment| &segment.knots) {
            assert!(knot.sigma.is_finite() && knot.skew.is_finite() && knot.skew_sigma.is_finite(), "{seed} {knot:?}");
        }
    }
}

#[test]
fn speed_of_a_week() {
    let mut random = Random::new(1);
    for (name, world) in [
        ("line", World::new(604_800.0, |t| 20e3 * t)),
        ("swing", World::new(604_800.0, |t| 1e3 * 1200.0 / TAU * (TAU * t / 1200.0).sin())),
    ] {
        let probes = probe(&world, 604_800.0, 5.0, |_| 1e5 * random.normal());
        let start = std::time::Instant::now();
        let fit = plain(&probes);
        println!("{name}: {:?} for {} readings, {} knots", start.elapsed(), probes.device.len(), fit.segments[0].knots.len());
    }
}

#[test]
fn a_few_readings_give_what_they_can() {
    for count in 1..=5 {
        let device: Vec<i64> = (0..count).map(|i| i * 5_000_000_000).collect();
        let reference: Vec<i64> = device.iter().map(|t| t + 100).collect();
        let sigmas = vec![10.0; count as usize];
        let fit = fit(&Readings { device: &device, reference: &reference, sigmas: &sigmas, ..Readings::default() }, &NOT_LOOKED, &Options::default());
        assert_eq!(fit.segments.len(), 1, "{count}");
        let knot = fit.segments[0].knots[0];
        assert!((knot.offset - 100).abs() <= 1, "{count}: {knot:?}");
        assert!(knot.sigma > 3.0 && knot.sigma < 30.0, "{count}: {knot:?}");
        assert!(fit.verdicts.iter().all(|verdict| *verdict == Verdict::Used));
    }
    let none = fit(&Readings::default(), &NOT_LOOKED, &Options::default());
    assert!(none.segments.is_empty() && none.rms.is_nan());
}

/// Arrivals of packets of 8 samples, thinned to the quickest of each block.
fn arrivals(world: &World, seconds: f64, rate: f64, random: &mut Random) -> (Probes, Vec<f64>) {
    let mut envelope = crate::envelope::Envelope::default();
    let mut arrived: f64 = 0.0;
    for packet in 0..(seconds * rate / 8.0) as usize {
        let sent = (packet * 8 + 7) as f64 / rate;
        let stall = if random.uniform() < 0.01 { 2.0 * random.uniform() } else { 0.0 };
        arrived = arrived.max(sent + 0.005 + 0.02 * random.exponential() + stall);
        let host = (world.reference(arrived) + 500_000) / 1_000_000 * 1_000_000;
        let device: Vec<i64> = (0..8).map(|i| world.device((packet * 8 + i) as f64 / rate)).collect();
        envelope.add(&device, &[host; 8]);
    }
    let blocks = envelope.finished();
    let mut probes = Probes::default();
    let mut counts = Vec::new();
    for block in blocks.blocks() {
        probes.device.push(block.device);
        probes.reference.push(block.host);
        probes.rows.push(block.row);
        counts.push(f64::from(block.count));
    }
    (probes, counts)
}

#[test]
fn quickest_arrivals_tell_the_clock() {
    for (name, seconds, world, _) in drifts() {
        for rate in [51.2, 128.0] {
            // Not a multiple of the host's milliseconds: no device keeps its nominal rate.
            let rate = rate * 1.000_013;
            let all = worst_of(&format!("one-way {name} {rate:.1} Hz"), 5, |seed| {
                let mut random = Random::new(seed);
                let world = world(seed);
                let (probes, counts) = arrivals(&world, seconds, rate, &mut random);
                let options = Options {
                    arrivals: Some(Arrivals { resolution: 0.0, low: 5e6, high: 5e6 }),
                    ..Options::default()
                };
                let fit = fit(&Readings { counts: &counts, ..probes.readings() }, &NOT_LOOKED, &options);
                assert_eq!(fit.segments.len(), 1, "{name} seed {seed}: {:?}", fit.steps);
                score(&world, &fit, seconds, 1.0, |_| true)
            });
            assert!(all.p99 <= 0.5, "{name}: {}", all.p99);
        }
    }
}
