//! Steps, with the stamps of samples that place them.

use super::simulation::{probe, score, survey, survey_without, Found, Probes, World};
use super::tests::{garbage, late, outage, unspoilt, worst, Spoil, HOUR, STEPS};
use super::{fit, Options, Verdict};
use crate::testing::Random;

#[test]
fn samples_place_steps_and_deny_wrong_probes() {
    for (name, spoil) in [("clean", unspoilt as Spoil), ("5 % late", late), ("1 % garbage", garbage), ("10 min without", outage)] {
        let all = worst(&format!("steps with samples, {name}"), |seed| {
            let mut random = Random::new(seed);
            let size = 1e9 * STEPS[seed as usize % STEPS.len()] * if seed % 2 == 0 { 1.0 } else { -1.0 };
            let at = if seed % 4 == 0 { HOUR - 7.0 } else { 100.0 + random.uniform() * (HOUR - 200.0) };
            let world = World::new(HOUR, |t| -50e9 + 20e3 * t).with_step(at, size);
            let mut probes = probe(&world, HOUR, 5.0, |_| 1e5 * random.normal());
            spoil(&mut probes, &mut random);
            let found = survey(&world, HOUR, &mut random);
            let fit = fit(&probes.readings(), &found.jumps(), &Options::default());
            assert_eq!(fit.steps.len(), 1, "{name} seed {seed} {size} at {at}: {:?}", fit.steps);
            assert!((fit.segments[1].first_row / 128.0 - at).abs() < 0.2, "{name} seed {seed} {size} at {at}: {fit:?}");
            score(&world, &fit, HOUR, 16.0, |t| (t - at).abs() > 1.0)
        });
        assert!(all.p99 <= 0.1, "{name}: {}", all.p99);
    }
    // Probes that step for a while while the samples run on are wrong.
    let mut random = Random::new(9);
    let world = World::new(HOUR, |t| 20e3 * t);
    let mut probes = probe(&world, HOUR, 5.0, |_| 1e5 * random.normal());
    probes.reference[300..360].iter_mut().for_each(|time| *time += 400_000_000);
    let found = survey(&world, HOUR, &mut random);
    let fit = fit(&probes.readings(), &found.jumps(), &Options::default());
    assert!(fit.steps.is_empty(), "{:?}", fit.steps);
    assert!(fit.verdicts[300..360].iter().all(|verdict| *verdict == Verdict::Late));
    assert!(score(&world, &fit, HOUR, 2.0, |_| true).max < 0.02);
}

#[test]
fn clocks_that_begin_again_or_stand_still() {
    let all = worst("reboot to zero", |seed| {
        let mut random = Random::new(seed);
        let at = 300.0 + 3000.0 * random.uniform();
        let world = World::new(HOUR, |t| 20e3 * t);
        let size = world.device(at) as f64;
        let world = world.with_step(at, size);
        let probes = probe(&world, HOUR, 5.0, |_| 1e5 * random.normal());
        let found = survey(&world, HOUR, &mut random);
        let fit = fit(&probes.readings(), &found.jumps(), &Options::default());
        assert_eq!(fit.steps.len(), 1, "{:?}", fit.steps);
        score(&world, &fit, HOUR, 16.0, |t| (t - at).abs() > 1.0)
    });
    assert!(all.p99 < 0.1);
    // A machine asleep for an hour: neither probes nor samples, and its clock stands still.
    for seed in 1..=10 {
        let mut random = Random::new(seed);
        let (from, to) = (2000.0, 5600.0);
        let world = World::new(7200.0, |t| 20e3 * t + (t - from).clamp(0.0, to - from) * 1e9);
        let awake = |t: f64| t < from || t > to;
        let mut probes = Probes::default();
        for i in 0..1440 {
            let t = 5.0 * i as f64 + 2.0;
            if awake(t) {
                probes.device.push(world.device(t));
                probes.reference.push(world.reference(t) + (1e5 * random.normal()) as i64);
                probes.rows.push(if t < from { t * 128.0 } else { (t - to + from) * 128.0 }.ceil());
            }
        }
        let found = Found { rows: vec![], device: vec![], sizes: vec![], smallest: 3e6 };
        let fit = fit(&probes.readings(), &found.jumps(), &Options::default());
        assert_eq!(fit.steps.len(), 1);
        assert!(fit.steps[0].in_host && (fit.steps[0].change - 3.6e12 - 7.2e7).abs() < 1e6, "{:?}", fit.steps);
        assert!((fit.segments[1].first_row - from * 128.0).abs() < 5.0 * 128.0);
    }
}

#[test]
fn steps_where_samples_are_missing_are_found() {
    for (name, spoil) in [("clean", unspoilt as Spoil), ("5 % late", late), ("1 % garbage", garbage)] {
        let all = worst(&format!("steps with lost samples, {name}"), |seed| {
            let mut random = Random::new(seed);
            let size = 1e9 * [6.0, 60.0, 0.5][seed as usize % 3] * if seed % 2 == 0 { 1.0 } else { -1.0 };
            let from = 100.0 + random.uniform() * (HOUR - 400.0);
            let at = from + [0.0, 37.0, 100.0][seed as usize % 3];
            let to = from + 100.0;
            let world = World::new(HOUR, |t| -50e9 + 20e3 * t).with_step(at, size);
            let mut probes = probe(&world, HOUR, 5.0, |_| 1e5 * random.normal());
            probes.rows = probes.rows.iter().map(|row| (row - (row - from * 128.0).clamp(0.0, 12_800.0)).ceil()).collect();
            spoil(&mut probes, &mut random);
            let found = survey_without(&world, HOUR, (from, to), &mut random);
            let mut fits = vec![fit(&probes.readings(), &found.jumps(), &Options::default())];
            probes.rows.clear();
            fits.push(fit(&probes.readings(), &found.jumps(), &Options::default()));
            for fit in &fits {
                assert_eq!(fit.steps.len(), 1, "{name} seed {seed} {size} at {at}: {:?}", fit.steps);
                assert!((fit.segments[1].first_row / 128.0 - from).abs() < 0.2, "{name} seed {seed} {size} at {at}: {fit:?}");
            }
            let set = fits[0].steps[0].at.saturating_sub(world.device(at)) as f64 / 1e9;
            assert!(set.abs() < 40.0, "{name} seed {seed}: {set} s off");
            fits[0].segments[1].first_row = (to * 128.0).ceil();
            score(&world, &fits[0], HOUR, 16.0, |t| t < from - 1.0 || t > to + 1.0)
        });
        assert!(all.p99 <= 0.1, "{name}: {}", all.p99);
    }
}
