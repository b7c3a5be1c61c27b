//! Sounds whose delay is known in closed form: sums of tones with phases, taken at any time exactly.

use super::{lines, Loudness, Phat, Piece};
use crate::testing::Random;
use core::f64::consts::TAU;

fn gauss(random: &mut Random) -> f64 {
    (0..12).map(|_| random.uniform()).sum::<f64>() - 6.0
}

/// Bursts of noise like syllables: each has tones of its own within an envelope, so that any instant can be computed.
struct Speech {
    bursts: Vec<(f64, f64, Vec<(f64, f64, f64)>)>,
}

impl Speech {
    fn new(seed: u64, seconds: f64) -> Speech {
        let mut random = Random::new(seed);
        let mut bursts = Vec::new();
        let mut at = 0.0;
        while at < seconds {
            let length = 0.08 + 0.2 * random.uniform();
            let tones = (0..60)
                .map(|_| {
                    let hz = 150.0 * (25.0f64).powf(random.uniform());
                    (hz, TAU * random.uniform(), 0.1 * (300.0 / hz).sqrt() * random.uniform())
                })
                .collect();
            bursts.push((at, length, tones));
            at += length + if random.uniform() < 0.2 { 0.8 * random.uniform() } else { 0.05 * random.uniform() };
        }
        Speech { bursts }
    }

    fn at(&self, time: f64) -> f64 {
        let next = self.bursts.partition_point(|burst| burst.0 <= time);
        let Some((start, length, tones)) = next.checked_sub(1).map(|index| &self.bursts[index]) else { return 0.0 };
        let share = (time - start) / length;
        if share >= 1.0 {
            return 0.0;
        }
        let envelope = (0.5 - 0.5 * (TAU * share).cos()) * 0.3;
        envelope * tones.iter().map(|(hz, phase, height)| height * (TAU * hz * time + phase).sin()).sum::<f64>()
    }

    /// As recorded at a rate, from a true time on, by a clock that runs fast by `drift`, with echoes and noise.
    fn recorded(&self, from: f64, count: usize, rate: f64, drift: f64, echo: &[(f64, f64)], noise: f64, seed: u64) -> Vec<f32> {
        let mut random = Random::new(seed);
        (0..count)
            .map(|n| {
                let time = from + n as f64 / (rate * (1.0 + drift));
                let echoes: f64 = echo.iter().map(|(late, gain)| gain * self.at(time - late)).sum();
                (self.at(time) + echoes + noise * gauss(&mut random)) as f32
            })
            .collect()
    }
}

fn power(samples: &[f32]) -> f64 {
    (samples.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>() / samples.len() as f64).sqrt()
}

#[test]
fn finds_delays_between_samples() {
    let speech = Speech::new(1, 40.0);
    let mut phat = Phat::new(1 << 14, 16_000.0).unwrap();
    for (seed, rate_b) in [(1, 16_000.0), (2, 44_100.0), (3, 48_000.0)] {
        for window in 0..8 {
            let start = 3.0 + 3.0 * window as f64;
            let truth = (f64::from(window) - 3.4) * 1e-3;
            let a = speech.recorded(start - 0.1, 20_000, 16_000.0, 0.0, &[], 1e-4, seed);
            let b = speech.recorded(start - 0.1, (20_000.0 * rate_b / 16_000.0) as usize, rate_b, 0.0, &[], 1e-4, seed + 9);
            let step = rate_b / 16_000.0;
            let found = phat.delay(
                Piece { samples: &a, from: 1600.0, step: 1.0 },
                Piece { samples: &b, from: (0.1 - truth) * rate_b, step },
                200.0,
            );
            let off = found.delay / 16_000.0 - truth;
            assert!(off.abs() < 2e-6, "{rate_b} {window}: {off} {found:?}");
        }
    }
}

#[test]
fn noise_echoes_drift_and_gain_do_not_move_the_delay() {
    // 10 dB of noise, echoes, 50 ppm, another gain: the stated sigma against the truth.
    let speech = Speech::new(2, 130.0);
    let mut phat = Phat::new(1 << 14, 16_000.0).unwrap();
    let echo = [(0.011, 0.45), (0.0237, 0.3), (0.041, 0.25), (0.083, 0.15)];
    let other = [(0.0073, 0.4), (0.0191, 0.35), (0.057, 0.2)];
    let clean = power(&speech.recorded(0.0, 160_000, 16_000.0, 0.0, &[], 0.0, 1));
    let (mut offs, mut scores, mut refused) = (Vec::new(), Vec::new(), 0);
    for window in 0..40u32 {
        let start = 2.0 + 3.0 * f64::from(window);
        let truth = 0.9e-3 * (f64::from(window) * 0.7).sin();
        let a = speech.recorded(start, 17_000, 16_000.0, 0.0, &echo, clean * 0.316, u64::from(window) + 1000);
        let b = speech.recorded(start - 0.02, 17_700, 16_000.0, 5e-5, &other, clean * 0.316, u64::from(window) + 2000);
        let b: Vec<f32> = b.iter().map(|x| 0.2 * x).collect();
        let found = phat.delay(
            Piece { samples: &a, from: 100.0, step: 1.0 },
            Piece { samples: &b, from: 100.0 + (0.02 - truth) * 16_000.0, step: 1.0 },
            400.0,
        );
        // The middle of the window is where the drift counts.
        let middle = truth + (16_384.0 / 2.0) / 16_000.0 * 5e-5;
        if found.height < 8.0 || found.ratio < 1.3 {
            refused += 1;
            continue;
        }
        let off = found.delay / 16_000.0 - middle;
        offs.push(off.abs());
        scores.push((off / (found.sigma / 16_000.0)).abs());
    }
    offs.sort_by(f64::total_cmp);
    scores.sort_by(f64::total_cmp);
    let n = offs.len();
    let (p50, p99) = (offs[n / 2], offs[n * 99 / 100]);
    assert!(p50 < 2e-5 && p99 < 1e-4, "{p50} {p99}");
    assert!(refused <= 2, "{refused} refused");
    // The stated sigma: half of all within 0.67 of it, nearly all within 2.
    assert!((0.3..1.0).contains(&scores[n / 2]) && scores[n * 9 / 10] < 2.5, "{scores:?}");
}

#[test]
fn unrelated_sound_and_silence_have_no_peak() {
    let (one, two) = (Speech::new(3, 100.0), Speech::new(4, 100.0));
    let mut phat = Phat::new(1 << 14, 16_000.0).unwrap();
    for window in 0..12 {
        let start = 3.0 * f64::from(window);
        let a = one.recorded(start, 17_000, 16_000.0, 0.0, &[], 1e-3, window as u64);
        let b = two.recorded(start, 17_000, 16_000.0, 0.0, &[], 1e-3, window as u64 + 50);
        let found = phat.delay(Piece { samples: &a, from: 0.0, step: 1.0 }, Piece { samples: &b, from: 0.0, step: 1.0 }, 2000.0);
        assert!(found.height < 8.0 || found.ratio < 1.3, "{window}: {found:?}");
    }
    let silent = vec![0.0f32; 17_000];
    let a = one.recorded(0.0, 17_000, 16_000.0, 0.0, &[], 0.0, 1);
    let found = phat.delay(Piece { samples: &a, from: 0.0, step: 1.0 }, Piece { samples: &silent, from: 0.0, step: 1.0 }, 200.0);
    assert!(found.quiet);
}

fn loudness(samples: &[f32], rate: f64) -> Vec<f32> {
    let mut loudness = Loudness::new(rate, rate / 100.0);
    for part in samples.chunks(777) {
        loudness.add(part);
    }
    loudness.values().to_vec()
}

#[test]
fn finds_where_recordings_agree() {
    let speech = Speech::new(5, 200.0);
    let noise = 0.316 * power(&speech.recorded(0.0, 160_000, 8000.0, 0.0, &[], 0.0, 1));
    for (case, (begin, drift, rate)) in [(25.0, 5e-5, 8000.0), (60.0, -4e-4, 8000.0), (0.5, 0.0, 11_025.0)].into_iter().enumerate() {
        let a = speech.recorded(0.0, 8000 * 120, 8000.0, 0.0, &[], noise, 1);
        let b = speech.recorded(begin, (rate * 100.0) as usize, rate, drift, &[(0.02, 0.4)], noise, 2);
        let found = lines(&loudness(&a, 8000.0), &loudness(&b, rate), 5e-4, 4);
        let best = found[0];
        let truth = -100.0 * begin + (best.at / 100.0 - begin) * drift * 100.0;
        assert!((best.lag - truth).abs() < 4.0, "{case}: {best:?} {truth}");
    }
}
