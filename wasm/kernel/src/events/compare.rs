//! Compares two pieces whose times ascend: at most one offset at a time explains them.

use super::assign::{assign, Candidate};
use super::chance::log_tail;
use super::follow::{follow, Trial};
use super::judge::{contest, Contest};
use super::search::{Options, Stretch, FEWEST};
use super::seed::{Differences, Seed, SeedOptions};
use super::smooth::Curve;
use super::train::Pair;
use core::ops::Range;

/// Jitters that are tried when none is stated, ns.
const JITTERS: [f64; 7] = [3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 3e7];
/// Sizes of the windows in which a search starts, and how many there are of each.
const WINDOWS: [(usize, usize); 2] = [(48, 8), (400, 4)];
/// Chance is ruled out below this logarithm of its probability: one in a million.
const BELIEVED: f64 = -13.8;
/// From here on no better agreement is looked for.
const CERTAIN: f64 = -60.0;
/// A partner further off, in standard deviations, is none.
const GATE: f64 = 4.0;

/// What a comparison of two pieces came to.
pub enum Outcome {
    Agreed(Stretch),
    Lost(Contest),
    Nothing,
}

/// Two pieces whose times ascend.
pub struct Comparison<'a> {
    pair: Pair<'a>,
    options: &'a Options,
    /// Events of `b` per ns that could be the partner of one of `a`.
    rate: f64,
}

impl<'a> Comparison<'a> {
    pub fn of(pair: Pair<'a>, options: &'a Options) -> Comparison<'a> {
        Comparison { pair, options, rate: pair.b.rate() * pair.openness() }
    }

    pub fn run(&self) -> Outcome {
        let mut best: Option<Agreement> = None;
        for window in self.windows() {
            let differences = Differences::of(&self.pair, window, self.options.low, self.options.high);
            for agreement in self.jitters().into_iter().flat_map(|jitter| self.agreements(&differences, jitter)) {
                if best.as_ref().map_or(true, |best| agreement.log_chance < best.log_chance) {
                    best = Some(agreement);
                }
            }
            if best.as_ref().is_some_and(|best| best.log_chance < CERTAIN) {
                break;
            }
        }
        match best {
            Some(best) if best.log_chance < BELIEVED => self.settle_contest(best),
            _ => Outcome::Nothing,
        }
    }

    fn windows(&self) -> Vec<Range<usize>> {
        let n = self.pair.a.len();
        let mut windows = Vec::new();
        for (size, most) in WINDOWS {
            let count = (n / size).clamp(1, most);
            for index in 0..count {
                let start = if count == 1 { (n.saturating_sub(size)) / 2 } else { (n - size) * index / (count - 1) };
                windows.push(start..(start + size).min(n));
            }
            if n <= size {
                break;
            }
        }
        windows
    }

    fn jitters(&self) -> Vec<f64> {
        if self.options.jitter > 0.0 { vec![self.options.jitter] } else { JITTERS.to_vec() }
    }

    fn agreements(&self, differences: &Differences, jitter: f64) -> Vec<Agreement> {
        let options = SeedOptions {
            reach: 3.0 * jitter,
            max_drift: self.options.max_drift,
            low: self.options.low,
            high: self.options.high,
        };
        let few = self.pair.a.len() <= WINDOWS[0].0;
        let seeds = differences.seeds(&self.pair, &options);
        let promising = seeds.iter().filter(|seed| few || seed.log_chance < 0.0);
        promising.filter_map(|seed| self.agreement(seed, jitter)).collect()
    }

    /// Follows a seed twice: with the jitter supposed, and with the one that was found.
    fn agreement(&self, seed: &Seed, jitter: f64) -> Option<Agreement> {
        let first = self.settle(&self.trials(seed, jitter), seed, jitter)?;
        let again = self.settle(&self.trials(seed, first.sigma), seed, jitter);
        again.filter(|again| again.log_chance < first.log_chance).or(Some(first))
    }

    fn trials(&self, seed: &Seed, sigma: f64) -> Vec<Trial> {
        follow(&self.pair, seed, sigma * sigma, self.options.max_drift, self.rate)
    }

    /// Assigns the events of a stretch until the pairs and their scatter agree with each other.
    fn settle(&self, trials: &[Trial], seed: &Seed, jitter: f64) -> Option<Agreement> {
        let (first, last) = (trials.first()?.i, trials.last()?.i);
        let times = self.pair.a.times;
        let mut pairs: Vec<(usize, usize)> =
            trials.iter().filter_map(|trial| Some((trial.i, trial.found?))).collect();
        let mut sigma = jitter;
        let mut curve = self.curve(&pairs, sigma, seed.drift);
        for _ in 0..6 {
            let next = self.assigned(first..last + 1, &curve, sigma);
            if next.len() < FEWEST {
                return None;
            }
            let done = next == pairs;
            pairs = next;
            curve = self.curve(&pairs, sigma, seed.drift);
            let squares: f64 = self.residuals(&pairs, &curve).iter().map(|off| off * off).sum();
            // The jitter supposed counts as two readings: of few events the scatter is not known.
            let found = ((squares + 2.0 * jitter * jitter) / pairs.len() as f64).sqrt();
            let settled = (found - sigma).abs() < 0.02 * sigma;
            sigma = found;
            if done && settled {
                break;
            }
        }
        // Partners were looked for as far as the filter was unsure, and as far as they scatter.
        let followed: f64 = trials.iter().map(|trial| trial.strangers).sum();
        let strangers = followed.max(2.0 * self.gate(sigma) * self.rate * trials.len() as f64);
        let drifts = 1.0 + 2.0 * self.options.max_drift * (times[last] - times[first]) / sigma;
        let log_chance = self.tries(drifts) + log_tail(pairs.len() as f64 - 1.0, strangers);
        Some(Agreement { residuals: self.residuals(&pairs, &curve), pairs, sigma, curve, log_chance })
    }

    /// Logarithm of the number of ways in which agreement was looked for.
    fn tries(&self, drifts: f64) -> f64 {
        let (n, m) = (self.pair.a.len() as f64, self.pair.b.len() as f64);
        let reach = self.rate * (self.options.high - self.options.low);
        let partners = (m * self.pair.openness()).min(reach).max(1.0);
        (n * partners).ln() + drifts.ln() + 2.0 * n.ln() + (self.jitters().len() as f64).ln()
    }

    fn curve(&self, pairs: &[(usize, usize)], sigma: f64, drift: f64) -> Curve {
        let points: Vec<(f64, f64)> = pairs.iter().map(|&(i, j)| (self.pair.a.times[i], self.difference(i, j))).collect();
        Curve::through(&points, sigma * sigma, drift, self.options.max_drift)
    }

    fn difference(&self, i: usize, j: usize) -> f64 {
        self.pair.b.times[j] - self.pair.a.times[i]
    }

    fn residuals(&self, pairs: &[(usize, usize)], curve: &Curve) -> Vec<f64> {
        pairs.iter().map(|&(i, j)| self.difference(i, j) - curve.at(self.pair.a.times[i])).collect()
    }

    /// How far a partner may be: to where a stranger is as likely, and no wider than lets one in for every second event.
    fn gate(&self, sigma: f64) -> f64 {
        let rate = self.rate.max(1e-18);
        let odds = 1.0 / (rate * sigma * core::f64::consts::TAU.sqrt());
        let even = (2.0 * odds.ln()).max(4.0).sqrt();
        (even.min(GATE) * sigma).min(0.25 / rate)
    }

    fn assigned(&self, events: Range<usize>, curve: &Curve, sigma: f64) -> Vec<(usize, usize)> {
        let gate = self.gate(sigma);
        let mut candidates = Vec::new();
        for i in events {
            let time = self.pair.a.times[i];
            let expected = time + curve.at(time);
            for j in self.pair.b.between(expected - gate, expected + gate) {
                if self.pair.agree(i, j) {
                    let off = (self.pair.b.times[j] - expected) / sigma;
                    let weight = 0.5 * GATE * GATE + 1.0 - 0.5 * off * off;
                    candidates.push(Candidate { i: i as u32, j: j as u32, weight });
                }
            }
        }
        let chosen = assign(&candidates, self.pair.b.len());
        chosen.iter().map(|pair| (pair.i as usize, pair.j as usize)).collect()
    }

    /// Believes an agreement only if no other offset comes near it; an offset that is better takes its place.
    fn settle_contest(&self, mut best: Agreement) -> Outcome {
        for _ in 0..8 {
            let result = self.contest(&best);
            if result.rival <= result.agreeing {
                return if result.is_won() { Outcome::Agreed(best.stretch(result)) } else { Outcome::Lost(result) };
            }
            let Some(next) = self.agreement(&best.shifted(result.rival_lag, self.pair.a.times), best.sigma) else {
                return Outcome::Lost(result);
            };
            best = next;
        }
        Outcome::Lost(self.contest(&best))
    }

    fn contest(&self, agreement: &Agreement) -> Contest {
        let covered = agreement.pairs[0].0..agreement.pairs[agreement.pairs.len() - 1].0 + 1;
        let bounds = (self.options.low, self.options.high);
        contest(&self.pair, &agreement.curve, covered, agreement.sigma, bounds)
    }
}

/// Pairs of events that lie on one smooth curve.
struct Agreement {
    pairs: Vec<(usize, usize)>,
    residuals: Vec<f64>,
    sigma: f64,
    curve: Curve,
    log_chance: f64,
}

impl Agreement {
    fn stretch(self, contest: Contest) -> Stretch {
        let (first, last) = (self.pairs[0], self.pairs[self.pairs.len() - 1]);
        Stretch {
            covered: [first.0 as u32, last.0 as u32, first.1 as u32, last.1 as u32],
            pairs: self.pairs.iter().map(|&(i, j)| (i as u32, j as u32)).collect(),
            residuals: self.residuals,
            sigma: self.sigma,
            log_chance: self.log_chance,
            contest,
        }
    }

    /// A seed some lag further.
    fn shifted(&self, lag: f64, times: &[f64]) -> Seed {
        let hits: Vec<usize> = self.pairs.iter().map(|pair| pair.0).collect();
        let time = times[hits[hits.len() / 2]];
        let spread = hits.iter().map(|&i| (times[i] - time) * (times[i] - time)).sum::<f64>() / hits.len() as f64;
        let offset = self.curve.at(time) + lag;
        Seed { time, offset, drift: self.curve.drift(), hits, spread, log_chance: 0.0 }
    }
}
