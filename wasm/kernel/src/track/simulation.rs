//! Clocks whose true course is known.

use super::model::{Fit, Jumps, Readings};
use super::survey::JumpSurvey;
use crate::clock_apply::{Applier, Segment as Applied};
use crate::testing::Random;

/// Start of every simulated recording on the reference clock, ns.
pub const EPOCH: f64 = 1.7e18;

/// A course of the offset (ns) over true seconds, with steps of (second, change in ns).
pub struct World {
    pub drift: Vec<f64>,
    pub steps: Vec<(f64, f64)>,
}

/// How far the truth is tabulated, in s.
pub const TABLE: f64 = 1.0;

impl World {
    /// Offset in ns as a function of seconds.
    pub fn new(seconds: f64, drift: impl FnMut(f64) -> f64) -> World {
        let count = (seconds / TABLE) as usize + 3;
        World { drift: (0..count).map(|i| i as f64 * TABLE).map(drift).collect(), steps: Vec::new() }
    }

    /// Skew that wanders by `rate` per root second, around `skew`.
    pub fn random_walk(seconds: f64, skew: f64, rate: f64, random: &mut Random) -> World {
        let (mut offset, mut now) = (0.0, skew);
        World::new(seconds, |_| {
            let at = offset;
            offset += now * 1e9 * TABLE;
            now += rate * TABLE.sqrt() * random.normal();
            at
        })
    }

    pub fn with_step(mut self, at: f64, change: f64) -> World {
        self.steps.push((at, change));
        self
    }

    /// Reference minus device in ns at true seconds.
    pub fn offset(&self, seconds: f64) -> f64 {
        let place = (seconds / TABLE).clamp(0.0, (self.drift.len() - 2) as f64);
        let left = (place as usize).min(self.drift.len() - 2);
        let part = place - left as f64;
        let smooth = self.drift[left] * (1.0 - part) + self.drift[left + 1] * part;
        smooth + self.steps.iter().filter(|(at, _)| seconds >= *at).map(|(_, change)| change).sum::<f64>()
    }

    /// Device time in ns of true seconds; the device clock counts from near 1e12.
    pub fn device(&self, seconds: f64) -> i64 {
        (seconds * 1e9 + 1e12 - self.offset(seconds)).round() as i64
    }

    pub fn reference(&self, seconds: f64) -> i64 {
        EPOCH as i64 + (seconds * 1e9).round() as i64
    }
}

/// Readings that own their arrays.
#[derive(Default, Clone)]
pub struct Probes {
    pub device: Vec<i64>,
    pub reference: Vec<i64>,
    pub round_trips: Vec<f64>,
    pub sigmas: Vec<f64>,
    pub rows: Vec<f64>,
}

impl Probes {
    pub fn readings(&self) -> Readings<'_> {
        Readings {
            device: &self.device,
            reference: &self.reference,
            round_trips: &self.round_trips,
            sigmas: &self.sigmas,
            rows: &self.rows,
            counts: &[],
        }
    }
}

/// Probes every `every` seconds whose offset errs by what `error` says, ns.
pub fn probe(world: &World, seconds: f64, every: f64, mut error: impl FnMut(f64) -> f64) -> Probes {
    let mut probes = Probes::default();
    let mut at = 0.4 * every;
    while at < seconds {
        probes.device.push(world.device(at));
        probes.reference.push(world.reference(at) + error(at).round() as i64);
        probes.rows.push((at * 128.0).ceil());
        at += every;
    }
    probes
}

/// What a model makes of samples.
pub struct Score {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
    pub coverage: f64,
}

/// Errors in ms against the truth at samples of `rate` Hz for which `counts` holds.
pub fn score(world: &World, fit: &Fit, seconds: f64, rate: f64, counts: impl Fn(f64) -> bool) -> Score {
    let segments = fit.segments.iter().map(|s| Applied { from: s.from, to: s.to, knots: s.knots.clone() }).collect();
    let mut applier = Applier::new(segments, 0.0);
    let total = (seconds * rate) as usize;
    let times: Vec<f64> = (0..total).map(|i| i as f64 / rate).collect();
    let device: Vec<i64> = times.iter().map(|&t| world.device(t)).collect();
    let (mut placed, mut sigmas) = (vec![0; total], vec![0.0; total]);
    let rows: Vec<f64> = fit.segments.iter().map(|s| s.first_row).collect();
    if rows.iter().skip(1).any(|row| row.is_nan()) {
        applier.apply(-1, &device, &mut placed, &mut sigmas);
    } else {
        for index in 0..rows.len() {
            // Rows are counted at 128 Hz.
            let place = |row: f64| ((row / 128.0 * rate).ceil() as usize).min(total);
            let from = if index == 0 { 0 } else { place(rows[index]) };
            let to = rows.get(index + 1).map_or(total, |&row| place(row));
            if from < to {
                applier.apply(index as i32, &device[from..to], &mut placed[from..to], &mut sigmas[from..to]);
            }
        }
    }
    let mut errors = Vec::new();
    let mut inside = 0;
    for i in (0..total).filter(|&i| counts(times[i])) {
        let error = (placed[i] - world.reference(times[i])) as f64;
        inside += usize::from(error.abs() <= 1.96 * sigmas[i]);
        errors.push(error.abs() / 1e6);
    }
    errors.sort_by(f64::total_cmp);
    let at = |share: f64| errors[((errors.len() - 1) as f64 * share) as usize];
    Score { p50: at(0.5), p99: at(0.99), max: at(1.0), coverage: inside as f64 / errors.len() as f64 }
}

/// Jumps that own their arrays.
pub struct Found {
    pub rows: Vec<f64>,
    pub device: Vec<i64>,
    pub sizes: Vec<i64>,
    pub smallest: f64,
}

impl Found {
    pub fn jumps(&self) -> Jumps<'_> {
        Jumps { rows: &self.rows, device: &self.device, sizes: &self.sizes, smallest: self.smallest, in_host: &[] }
    }
}

/// Looks for jumps in the stamps of samples at 128 Hz with a jitter of 2 ms.
pub fn survey(world: &World, seconds: f64, random: &mut Random) -> Found {
    survey_without(world, seconds, (0.0, 0.0), random)
}

/// The same where the samples between two times are lost.
pub fn survey_without(world: &World, seconds: f64, (from, to): (f64, f64), random: &mut Random) -> Found {
    let mut survey = JumpSurvey::default();
    let stamps: Vec<i64> = (0..(seconds * 128.0) as usize)
        .map(|i| i as f64 / 128.0)
        .filter(|&t| t < from || t >= to)
        .map(|t| world.device(t) + (2e6 * random.normal()) as i64)
        .collect();
    survey.add(&stamps);
    let jumps = survey.jumps();
    Found {
        rows: jumps.iter().map(|jump| jump.row).collect(),
        device: jumps.iter().map(|jump| jump.device).collect(),
        sizes: jumps.iter().map(|jump| jump.size).collect(),
        smallest: survey.smallest(),
    }
}
