//! Finds period and noise of a stream from its first stamps.

use super::blocks::Block;
use super::paths::gap_cost;
use super::survey::Skipped;
use super::tracker::{Start, Tracker};
use crate::period::{find_period, Period};

/// Samples that show the phase at the start.
const FIRST: usize = 33;
/// Standard deviation of a period that nobody refined, relative.
const ROUGH: f64 = 1e-3;
/// That of a nominal period.
const NOMINAL: f64 = 5e-5;
/// Cost of a gap before any is known.
const FIRST_GAP: f64 = 8.0;
/// Cost in nats of a period far from the nominal one, at most.
const MOST_SURPRISE: f64 = 12.0;
/// A period that strays farther from where it began is not believed.
const FARTHEST: f64 = 0.1;
/// Share of intervals that keep a step, and how far rates of clocks differ.
const ON_STEP: f64 = 0.999;
const CLOCK_RATE: f64 = 1e-4;
/// Runs over the first stamps with each period.
const RUNS: usize = 3;
/// Nominal periods farther off than this are not believed.
const BELIEVED: f64 = 0.3;
/// Noise in periods beyond which places cannot be told apart.
const MOST_NOISE: f64 = 6.0;
/// Least noise in steps where each sample has a step of its own.
const SLIP: f64 = 0.1;
/// Least noise in periods.
const LEAST_NOISE: f64 = 4e-3;
/// Shares of samples off the lattice, and of jumps, with which a stream is not regular.
const MOST_MISFITS: f64 = 0.3;
const MOST_JUMPS: f64 = 0.2;
/// Shares of short and of negative intervals by which packets are known.
const PACKET_SHORT: f64 = 0.3;
const PACKET_BACK: f64 = 0.05;
/// Distance over which packets are taken to be regular where that is not seen.
const PACKET_LAG: usize = 64;

fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Intervals between samples, per row.
fn intervals(samples: &[(i64, i64)]) -> Vec<f64> {
    let passed = |pair: &[(i64, i64)]| {
        pair[1].1.saturating_sub(pair[0].1) as f64 / (pair[1].0 - pair[0].0).max(1) as f64
    };
    samples.windows(2).map(passed).collect()
}

/// Interval per sample over a distance that packets do not blur.
fn typical_interval(times: &[i64]) -> f64 {
    let lag = PACKET_LAG.min(times.len() - 1);
    let mut intervals: Vec<f64> =
        times.windows(lag + 1).map(|part| part[lag].saturating_sub(part[0]) as f64 / lag as f64).collect();
    median(&mut intervals)
}

/// Noise of independent stamps from the scatter of their intervals.
fn noise(intervals: &[f64], period: f64) -> f64 {
    let mut off: Vec<f64> = intervals.iter().map(|interval| (interval - period).abs()).collect();
    1.4826 * median(&mut off) / std::f64::consts::SQRT_2
}

/// The coarsest decimal step that nearly all intervals keep, as the clock of the stamps shows it.
fn decimal_step(samples: &[(i64, i64)]) -> f64 {
    let intervals: Vec<f64> =
        samples.windows(2).map(|pair| pair[1].1.saturating_sub(pair[0].1) as f64).collect();
    let least = ON_STEP * intervals.len() as f64;
    let mut step = 1e9;
    while step > 1.0 {
        let (mut on, mut steps, mut passed) = (0.0, 0.0, 0.0);
        for (seen, interval) in intervals.iter().enumerate() {
            let whole = (interval / step).round();
            if (interval - whole * step).abs() <= CLOCK_RATE * interval.abs() + 1.0 {
                on += 1.0;
                steps += whole.abs();
                passed += interval.abs();
            } else if on + ((intervals.len() - seen - 1) as f64) < least {
                // The rest cannot make up for it.
                break;
            }
        }
        if on >= least {
            return if steps > 0.0 { passed / steps } else { step };
        }
        step /= 10.0;
    }
    1.0
}

/// Arrivals in bursts: many short intervals and none back.
fn are_packets(intervals: &[f64], period: f64, step: f64) -> bool {
    let share = |test: &dyn Fn(f64) -> bool| {
        intervals.iter().filter(|&&interval| test(interval)).count() as f64 / intervals.len() as f64
    };
    let long = 1.5 * period.max(step);
    share(&|interval| interval < 0.2 * period) > PACKET_SHORT
        && share(&|interval| interval < 0.0) < PACKET_BACK
        && share(&|interval| interval > long) > 0.02
}

fn start(samples: &[(i64, i64)], period: f64, period_sigma: f64, sigma: f64, least_sigma: f64) -> Start {
    let (row, time) = samples[0];
    let late = |&(r, t): &(i64, i64)| t.saturating_sub(time) as f64 - (r - row) as f64 * period;
    let mut lates: Vec<f64> = samples.iter().take(FIRST).map(late).collect();
    let time = time.saturating_add(median(&mut lates) as i64);
    Start { period, period_sigma, phase_sigma: sigma, sigma, least_sigma, step: 0.0, gap: FIRST_GAP, row, time }
}

fn run(samples: &[(i64, i64)], start: Start) -> Tracker {
    let mut tracker = Tracker::new(start);
    let mut times = Vec::with_capacity(samples.len());
    for together in samples.chunk_by(|before, after| before.0 + 1 == after.0) {
        times.clear();
        times.extend(together.iter().map(|&(_, time)| time));
        tracker.add_all(together[0].0, &times);
    }
    tracker
}

fn finished(mut tracker: Tracker) -> Tracker {
    tracker.finish();
    tracker
}

/// Straight lines of one slope through the blocks between which the lattice was lost.
struct Slope {
    slope: f64,
    /// Sum of squared distances of samples from the middle of their line, in places.
    spread: f64,
    /// Middle and phase of the first line, and its samples.
    middle: f64,
    phase: f64,
    count: f64,
}

/// Finds the slope of lateness against a period, by least squares.
fn slope_of(tracker: &Tracker, (row, time): (i64, i64), period: f64) -> Slope {
    let place = |block: &Block| (block.place - row) as f64 + block.place_mean;
    let late = |block: &Block| block.time.saturating_sub(time) as f64 + block.time_mean - place(block) * period;
    let mut openings = tracker.jumps.iter().filter(|jump| jump.open).map(|jump| jump.row).peekable();
    let stretches = tracker.blocks().chunk_by(|_, next| openings.next_if(|&row| row <= next.row).is_none());
    let (mut found, mut along) = (Slope { slope: 0.0, spread: 0.0, middle: 0.0, phase: 0.0, count: 0.0 }, 0.0);
    for stretch in stretches {
        let count: f64 = stretch.iter().map(|block| block.count).sum();
        let mean = |value: &dyn Fn(&Block) -> f64| {
            stretch.iter().map(|block| value(block) * block.count).sum::<f64>() / count
        };
        let (middle, phase) = (mean(&place), mean(&late));
        found.spread += mean(&|block| (place(block) - middle).powi(2)) * count;
        along += mean(&|block| (place(block) - middle) * late(block)) * count;
        if found.count == 0.0 {
            (found.middle, found.phase, found.count) = (middle, phase, count);
        }
    }
    Slope { slope: along / found.spread, ..found }
}

/// Starts again on the straight line through the blocks of a run.
fn restart(samples: &[(i64, i64)], tracker: &Tracker, begin: Start, rough: (f64, f64)) -> Start {
    let (_, time) = samples[0];
    let Slope { slope, spread, middle, phase, count } = slope_of(tracker, samples[0], begin.period);
    let sigma = tracker.sigma();
    let gaps = tracker.jumps.iter().filter(|jump| jump.change > 0).count() as f64;
    let begin = Start { gap: gap_cost(gaps, samples.len() as f64, sigma / begin.period), ..begin };
    let white = (sigma / spread.sqrt()).max(1e-7 * begin.period);
    if !(slope.is_finite() && 3.0 * white < ROUGH * begin.period) {
        return Start { sigma, ..begin };
    }
    // Lost samples that were overlooked or made up bend the line; where that is likely the rough period counts.
    let bent = (tracker.jumps.len() as f64 * tracker.noise.doubt()).sqrt() * begin.period / samples.len() as f64;
    let believed = rough.1 * rough.1 / (rough.1 * rough.1 + bent * bent);
    let slope = believed * slope + (1.0 - believed) * (rough.0 - begin.period);
    if !((slope / begin.period).abs() < FARTHEST) {
        return Start { sigma, ..begin };
    }
    let sharper = 3.0 * white;
    let time = time.saturating_add((phase - middle * slope) as i64);
    let phase_sigma = (sigma * sigma / count * 4.0 + (middle * sharper / 3.0).powi(2)).sqrt();
    Start { period: begin.period + slope, period_sigma: sharper, phase_sigma, sigma, time, ..begin }
}

/// Tries a period and returns what it leads to: the cost, the period, and a tracker behind the samples.
fn attempt(samples: &[(i64, i64)], period: f64, rough: f64, step: f64) -> Option<(f64, f64, Tracker)> {
    let gaps = intervals(samples);
    // A sample in each step has no rounding error until it slips by a step.
    let coarse = if (period / step - 1.0).abs() < ROUGH { SLIP * step } else { step };
    let least_sigma = (LEAST_NOISE * period).max(coarse / 12f64.sqrt());
    let sigma = noise(&gaps, period).max(least_sigma);
    if !(period >= 1.0 && sigma < MOST_NOISE * period) {
        return None;
    }
    let mut begin = Start { step, ..start(samples, period, rough * period, sigma, least_sigma) };
    for _ in 1..RUNS {
        let tracker = finished(run(samples, begin));
        begin = restart(samples, &tracker, begin, (period, rough * period));
    }
    let tracker = run(samples, begin);
    let ended = finished(tracker.clone());
    let count = samples.len() as f64;
    if ended.misfits > MOST_MISFITS * count || ended.jumps.len() as f64 > MOST_JUMPS * count {
        return None;
    }
    Some((ended.cost(), begin.period, tracker))
}

/// How to follow a stream.
pub enum Begin {
    /// From behind the first samples on.
    Samples(Box<Tracker>),
    /// With the step of the stamps.
    Packets(Period, f64),
}

/// Finds out how a stream is sampled.
pub fn find_start(samples: &[(i64, i64)], nominal: Option<f64>) -> Result<Begin, Skipped> {
    if samples.len() < 2 {
        return Err(Skipped::TooFew);
    }
    let times: Vec<i64> = samples.iter().map(|&(_, time)| time).collect();
    let found = find_period(&times);
    let shown = found.map(|period| period.ns);
    let step = decimal_step(samples);
    let gaps = intervals(samples);
    let typical = typical_interval(&times);
    let believed = |period: &f64| {
        let seen = shown.unwrap_or(typical);
        (seen / period - 1.0).abs() < BELIEVED || (shown.is_none() && samples.len() < 16)
    };
    let nominal = nominal.filter(believed);
    let Some(period) = shown.or(nominal) else {
        return Err(if samples.len() < 4 { Skipped::TooFew } else { Skipped::Irregular });
    };
    if are_packets(&gaps, period, step) {
        return Ok(Begin::Packets(found.unwrap_or(Period { ns: period, lag: PACKET_LAG }), step));
    }
    let periods = [shown.map(|ns| (ns, ROUGH)), nominal.map(|ns| (ns, NOMINAL)), nominal.map(|ns| (ns, ROUGH))];
    let far = |period: f64| nominal.map_or(0.0, |nominal| (period / nominal - 1.0).abs() / NOMINAL);
    let tried = periods.into_iter().flatten().filter_map(|(period, rough)| attempt(samples, period, rough, step));
    let tried = tried.map(|(cost, period, tracker)| (cost + (0.5 * far(period).powi(2)).min(MOST_SURPRISE), tracker));
    let best = tried.min_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, tracker)| Begin::Samples(Box::new(tracker))).ok_or(Skipped::Irregular)
}
