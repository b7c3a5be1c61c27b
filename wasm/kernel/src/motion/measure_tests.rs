use super::super::simulation::{Recorded, Sensor, Shake};
use super::*;

const WINDOW: f64 = 10.0;

fn samples(recorded: &Recorded) -> Samples<'_> {
    Samples { times: &recorded.times, axes: [0, 1, 2].map(|axis| &recorded.axes[axis][..]) }
}

fn sensor(seed: u64, hz: f64, offset: f64, drift: f64) -> Sensor {
    Sensor { hz, offset, drift, noise: 0.1, angle: seed as f64, scale: 1.0 + seed as f64, seed }
}

fn search(range: f64) -> Search {
    Search { window: WINDOW, range, refine: true }
}

fn run(shake: &Shake, a: &Sensor, b: &Sensor, range: f64) -> Option<Reading> {
    let (a, b) = (a.record(shake, -3.0, 13.0), b.record(shake, -3.0, 13.0));
    measure(&samples(&a), &samples(&b), &search(range))
}

/// Measures many lags and drifts; returns the coverage of the 95 % interval and the largest error.
fn trial(hz_a: f64, hz_b: f64) -> (f64, f64) {
    let (mut inside, mut worst) = (0, 0.0f64);
    let trials = 200;
    for seed in 0..trials {
        let shake = Shake::new(seed);
        let lag = 0.4 * ((seed as f64) * 0.37).sin();
        let drift = 50e-6;
        let (a, b) = (sensor(2 * seed, hz_a, 0.0, 0.0), sensor(2 * seed + 1, hz_b, lag, drift));
        let found = run(&shake, &a, &b, 1.0).unwrap();
        let error = found.lag - (lag + drift * found.centre);
        assert!(found.correlation > 0.95, "{found:?}");
        assert!(found.rival_score > 4.0, "{found:?}");
        worst = worst.max(error.abs());
        inside += u64::from(error.abs() < 1.96 * found.sigma);
    }
    (inside as f64 / trials as f64, worst)
}

#[test]
fn finds_the_lag_within_its_uncertainty() {
    for (hz_a, hz_b) in [(100.0, 50.0), (32.0, 100.0), (1000.0, 25.0)] {
        let (coverage, worst) = trial(hz_a, hz_b);
        assert!((0.93..=0.99).contains(&coverage), "{hz_a} {hz_b}: {coverage}");
        assert!(worst < 1e-3, "{hz_a} {hz_b}: {worst}");
    }
}

#[test]
fn turning_a_sensor_changes_nothing() {
    let shake = Shake::new(7);
    let a = Sensor { noise: 0.0, ..sensor(1, 100.0, 0.0, 0.0) };
    let lags = [0.0, 1.0, 2.5].map(|angle| {
        let b = Sensor { noise: 0.0, angle, ..sensor(2, 50.0, 0.123, 0.0) };
        let found = run(&shake, &a, &b, 1.0).unwrap();
        assert!(found.correlation > 0.9999);
        assert!((found.scale - 1.5).abs() < 1e-3);
        found.lag
    });
    for lag in lags {
        assert!((lag - 0.123).abs() < 2e-5, "{lag}");
    }
}

#[test]
fn axes_are_turned_but_not_mirrored() {
    let shake = Shake::new(8);
    let a = sensor(1, 100.0, 0.0, 0.0).record(&shake, -3.0, 13.0);
    let mut b = sensor(2, 50.0, -0.2, 0.0).record(&shake, -3.0, 13.0);
    b.axes[0].iter_mut().for_each(|x| *x = -*x);
    let mirrored = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
    assert!(mirrored.correlation < 0.9, "{mirrored:?}");
    b.axes.iter_mut().flatten().for_each(|x| *x = -*x);
    let found = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
    assert!((found.lag + 0.2).abs() < 1e-3 && found.correlation > 0.95);
    assert!(found.rival_evidence > 100.0);
}

#[test]
fn gaps_and_wild_values_cost_little() {
    let shake = Shake::new(9);
    let a = sensor(1, 100.0, 0.0, 0.0).record(&shake, -3.0, 13.0);
    let mut b = sensor(2, 50.0, 0.3, 0.0).record(&shake, -3.0, 13.0);
    for i in (20..800).step_by(50) {
        b.axes[i % 3][i] = 1e6;
        b.axes[1][i + 7] = f64::NAN;
    }
    for i in 300..400 {
        b.times[i] = f64::NAN;
    }
    let found = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
    assert!((found.lag - 0.3).abs() < 3.0 * found.sigma && found.sigma < 1e-3, "{found:?}");
    assert!(found.overlap < 0.85 && found.correlation > 0.9, "{found:?}");
}

#[test]
fn other_movements_do_not_agree() {
    for seed in 0..50 {
        let a = sensor(2 * seed, 100.0, 0.0, 0.0).record(&Shake::new(seed), -3.0, 13.0);
        let b = sensor(2 * seed + 1, 50.0, 0.0, 0.0).record(&Shake::new(seed + 500), -3.0, 13.0);
        let found = measure(&samples(&a), &samples(&b), &search(1.0)).unwrap();
        assert!(found.correlation < 0.45, "{found:?}");
        assert!(!(found.rival_score > 3.0), "{found:?}");
    }
}

#[test]
fn periodic_movements_are_ambiguous() {
    for seed in 0..20 {
        let shake = Shake::periodic(1.5 + seed as f64 / 5.0);
        let (a, b) = (sensor(2 * seed, 100.0, 0.0, 0.0), sensor(2 * seed + 1, 50.0, 0.1, 0.0));
        let found = run(&shake, &a, &b, 1.0).unwrap();
        assert!(!(found.rival_score > 3.0), "{found:?}");
    }
}

#[test]
fn survives_any_samples() {
    let wild = [f64::NAN, f64::INFINITY, -1e300, 1e300, 0.0, -0.0, 1e-300, 5.0];
    let mut random = crate::testing::Random::new(3);
    for trial in 0..60 {
        let length = [0, 1, 7, 500][trial % 4];
        let mut pick = || wild[(random.uniform() * 8.0) as usize % 8];
        let times: Vec<f64> = (0..length).map(|i| if trial % 3 == 0 { pick() } else { i as f64 / 40.0 }).collect();
        let axis: Vec<f64> = (0..length).map(|_| pick()).collect();
        let made = Samples { times: &times, axes: [&axis, &axis, &axis] };
        for refine in [false, true] {
            measure(&made, &made, &Search { window: WINDOW, range: 1.0, refine });
        }
    }
    let none = Samples { times: &[], axes: [&[], &[], &[]] };
    for window in [0.0, f64::NAN, 1e9] {
        assert!(measure(&none, &none, &Search { window, range: 1.0, refine: true }).is_none());
    }
}

/// A shift in time and a rotation do nearly the same to a circling hand: both must be found together.
#[test]
fn circling_hands_give_honest_lags() {
    let (mut inside, trials) = (0, 60);
    for seed in 0..trials {
        let pace = 0.3 + seed as f64 / 60.0;
        let record = |hz: f64, lag: f64, noise: f64, seed: u64| {
            let mut random = crate::testing::Random::new(seed);
            let times: Vec<f64> = (0..(16.0 * hz) as usize).map(|i| i as f64 / hz - 3.0).collect();
            let axes = [0.0, 1.0, 2.0].map(|phase| {
                times
                    .iter()
                    .map(|t| (19.0 * t + 5.0 * (pace * t).sin() + phase).sin())
                    .map(|value| value + noise * super::super::simulation::gaussian(&mut random))
                    .collect::<Vec<f64>>()
            });
            Recorded { times: times.iter().map(|t| t + lag).collect(), axes }
        };
        let (a, b) = (record(100.0, 0.0, 0.1, 2 * seed), record(50.0, 0.2, 0.1, 2 * seed + 1));
        let found = measure(&samples(&a), &samples(&b), &search(0.5)).unwrap();
        inside += u64::from((found.lag - 0.2).abs() < 1.96 * found.sigma);
    }
    assert!((0.93..=0.99).contains(&(inside as f64 / trials as f64)), "{inside}");
}

/// A steady oscillation that swells: only the envelope tells which cycle is which, and mirroring halves them.
#[test]
fn swelling_oscillations_are_told_apart_between_grid_points() {
    for trial in 0..30 {
        let lag = 0.0123 * trial as f64 - 0.2;
        let record = |hz: f64, lag: f64| {
            let times: Vec<f64> = (0..(16.0 * hz) as usize).map(|i| i as f64 / hz - 3.0).collect();
            let swell = |t: f64| (t + 3.0) * (17.0 - t) / 100.0;
            let wave = |t: f64, phase: f64| swell(t) * (31.4 * t + phase).sin();
            let axes = [0.0, 1.2, 2.4]
                .map(|phase| times.iter().map(|&t| wave(t, phase)).collect::<Vec<f64>>());
            Recorded { times: times.iter().map(|t| t + lag).collect(), axes }
        };
        let found =
            measure(&samples(&record(100.0, 0.0)), &samples(&record(51.2, lag)), &search(1.0)).unwrap();
        assert!((found.lag - lag).abs() < 0.05, "{lag}: {found:?}");
    }
}
