//! Follows the events from where two trains agree, in both directions, for as long as they do.

use super::seed::Seed;
use super::smooth::State;
use super::train::Pair;

/// How far the prediction of an event may be off, in standard deviations.
const GATE: f64 = 4.0;

/// An event of `a` whose partner was looked for.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    pub i: usize,
    pub found: Option<usize>,
    /// Expected number of strangers within the gate.
    pub strangers: f64,
}

/// Looks for the partner of every event of `a`, from the seed on, and returns the stretch in which they agree.
pub fn follow(pair: &Pair, seed: &Seed, variance: f64, max_drift: f64, rate: f64) -> Vec<Trial> {
    let n = seed.hits.len() as f64;
    let spread = n * seed.spread;
    let skew = if spread > 0.0 { (variance / spread).min(max_drift * max_drift) } else { max_drift * max_drift };
    let start = State {
        time: seed.time,
        offset: seed.offset,
        drift: seed.drift,
        var: [variance / n.max(1.0), 0.0, skew],
    };
    let middle = pair.a.times.partition_point(|&time| time < seed.time);
    let mut trials = one_way(pair, start, (0..middle).rev(), variance, rate);
    trials.reverse();
    trials.extend(one_way(pair, start, middle..pair.a.len(), variance, rate));
    agreeing(&trials, seed)
}

fn one_way(
    pair: &Pair,
    mut state: State,
    events: impl Iterator<Item = usize>,
    variance: f64,
    rate: f64,
) -> Vec<Trial> {
    let (first, last) = match (pair.b.times.first(), pair.b.times.last()) {
        (Some(&first), Some(&last)) => (first, last),
        _ => return Vec::new(),
    };
    let mut trials = Vec::new();
    for i in events {
        let time = pair.a.times[i];
        let ahead = state.after(time - state.time);
        let gate = GATE * (ahead.var[0] + variance).sqrt();
        let strangers = 2.0 * gate * rate;
        // Lost: one event is as good as another.
        if strangers > 1.0 {
            break;
        }
        let wanted = time + ahead.offset;
        if wanted < first - gate || wanted > last + gate {
            continue;
        }
        let found = pair.nearest(i, wanted, gate);
        if let Some(j) = found {
            state = ahead.with(pair.b.times[j] - time, variance);
        }
        trials.push(Trial { i, found, strangers });
    }
    trials
}

/// The stretch of trials that partners explain better than strangers do: the one of largest log likelihood ratio.
fn agreeing(trials: &[Trial], seed: &Seed) -> Vec<Trial> {
    let share = share_near(trials, seed);
    let (mut best, mut total, mut start) = ((0.0, 0, 0), 0.0, 0);
    for (index, trial) in trials.iter().enumerate() {
        if total <= 0.0 {
            total = 0.0;
            start = index;
        }
        let by_chance = (1.0 - (-trial.strangers).exp()).clamp(1e-9, 0.9);
        let seen = share.max(1.0 - (1.0 - by_chance) * 0.9);
        total += match trial.found {
            Some(_) => (seen / by_chance).ln(),
            None => ((1.0 - seen) / (1.0 - by_chance)).ln(),
        };
        if total > best.0 {
            best = (total, start, index + 1);
        }
    }
    trials[best.1..best.2].to_vec()
}

/// Share of events with a partner around the seed.
fn share_near(trials: &[Trial], seed: &Seed) -> f64 {
    let (Some(&from), Some(&to)) = (seed.hits.first(), seed.hits.last()) else { return 0.5 };
    let near = trials.iter().filter(|trial| trial.i >= from && trial.i <= to);
    let (all, found) = near.fold((0u32, 0u32), |(all, found), trial| {
        (all + 1, found + u32::from(trial.found.is_some()))
    });
    // Of few events the share is not well known; a cautious one keeps short runs of misses inside.
    ((f64::from(found) + 1.0) / (f64::from(all) + 2.0) * 0.8).clamp(0.1, 0.9)
}
