//! Tells samples that were lost from steps that coarse stamps slip by.
//!
//! Where each sample has a step of the stamps of its own, such as one in each millisecond, a sampler that is a little
//! slow leaves out a step now and then, and one that is fast uses a step twice. The stamps about it are those of a
//! lost sample, but slips come when the sampler is half a step from its stamps, nearly evenly. What each jump is
//! follows from all of them: the best of many sequences is kept, each with a Kalman filter of how far the sampler is
//! from the steps.

use super::blocks::Block;
use super::tracker::Jump;

/// How far the period may be from the step, relative, and the noise in steps up to which slips stand out.
const SAME: f64 = 1e-3;
const MOST_NOISE: f64 = 0.15;
/// Rate of a sampler against its stamps: what is known of one that has a crystal of its own and of one that has not.
const RATE_SIGMA: f64 = 3e-5;
const SHARED_SIGMA: f64 = 1e-9;
const MOST_RATE: f64 = 1.5e-4;
/// Cost in nats of a crystal of its own.
const OWN: f64 = 6.0;
/// Steps that clocks are known to count by, in ns; others more likely are the period of stamps that are finer.
const UNITS: [f64; 3] = [1e3, 1e6, 1e9];
/// Wander of that rate after a second, relative, of a restless crystal and of a calm one.
const RESTLESS: f64 = 3e-8;
const CALM: f64 = 3e-9;
/// Standard deviation in steps of where a slip happens.
const SLIP_SIGMA: f64 = 0.03;
/// Cost in nats of lost samples, at any sample.
const LOSS: f64 = 13.0;
/// Variance of what lies anywhere in a step.
const ANYWHERE: f64 = 1.0 / 12.0;
/// Share of a period by which stamps may be off after a jump that is a whole number of steps.
const WHOLE: f64 = 0.1;
/// Sequences that are kept, and how much worse than the best one they may be.
const MOST: usize = 48;
const WORSE: f64 = 30.0;
/// Standard deviation in steps of what is left between slips when their sawtooth is taken out.
const STRAIGHTENED: f64 = 0.03;
/// Slips from which their mean distance is known.
const FEW: f64 = 3.0;

/// Slips of a stream, if they are more than a few.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slipped {
    /// Steps gained or lost.
    pub slips: i64,
    /// Variance times samples of the errors that stamps between two of them share.
    pub shared: f64,
}

/// How far the sampler is from the steps, in steps, how that changes per place, and their covariance.
#[derive(Clone, Copy, Debug)]
struct State {
    off: f64,
    rate: f64,
    p: [f64; 3],
}

#[derive(Clone, Copy, Debug)]
struct Walk {
    cost: f64,
    state: State,
    /// Variance of the rate after a place.
    wander: f64,
    place: i64,
    /// Steps that were slipped by so far.
    slips: i64,
    node: Option<usize>,
}

/// Slips at a jump, by the sequence that led there.
#[derive(Clone, Copy, Debug)]
struct Node {
    slips: i64,
    parent: Option<usize>,
}

impl State {
    fn new(rate: f64, rate_variance: f64) -> State {
        State { off: 0.0, rate, p: [ANYWHERE, 0.0, rate_variance] }
    }

    fn ahead(&self, places: f64, q: f64) -> State {
        let [a, b, c] = self.p;
        State {
            off: self.off + places * self.rate,
            rate: self.rate,
            p: [a + 2.0 * places * b + places * places * (c + q / 3.0), b + places * (c + q / 2.0), c + q],
        }
    }

    /// Takes in where it is.
    fn update(&mut self, off: f64, variance: f64) {
        let [a, b, c] = self.p;
        let residual = off - self.off;
        let (k, l) = (a / (a + variance), b / (a + variance));
        self.off += k * residual;
        self.rate += l * residual;
        self.p = [a * (1.0 - k), b * (1.0 - k), (c - l * b).max(0.0)];
    }

    /// Takes in that a slip at a boundary happened, and returns how unlikely that was.
    fn slip(&mut self, boundary: f64) -> f64 {
        let total = self.p[0] + SLIP_SIGMA * SLIP_SIGMA;
        let residual = boundary - self.off;
        let wild = if self.rate.abs() > MOST_RATE { WORSE } else { 0.0 };
        let often = self.rate.abs().max(self.p[2].max(0.0).sqrt());
        self.update(boundary, SLIP_SIGMA * SLIP_SIGMA);
        0.5 * (residual * residual / total + (2.0 * std::f64::consts::PI * total).ln()) - often.ln() + wild
    }

    /// Takes in that it is nearest to a step, and returns how unlikely that was.
    fn nearest(&mut self, step: i64) -> f64 {
        let variance = self.p[0];
        let beyond = ((self.off - step as f64).abs() - 0.5).max(0.0);
        let cost = 0.5 * beyond * beyond / (variance + SLIP_SIGMA * SLIP_SIGMA);
        if variance > ANYWHERE {
            self.update(step as f64, ANYWHERE);
        }
        cost + 0.5 * (1.0 + variance / ANYWHERE).ln()
    }
}

/// Follows the sequences over the jumps.
struct Search {
    walks: Vec<Walk>,
    nodes: Vec<Node>,
}

impl Search {
    fn pass(&self, walk: &Walk, places: i64) -> Walk {
        let state = walk.state.ahead(places as f64, places.abs() as f64 * walk.wander);
        Walk { state, place: walk.place.saturating_add(places), ..*walk }
    }

    /// Takes a jump before a row that, without slips, has a place.
    fn take(&mut self, jump: &Jump, place: i64) {
        let mut next = Vec::with_capacity(3 * self.walks.len());
        for walk in std::mem::take(&mut self.walks) {
            let places = place.saturating_sub(walk.slips).saturating_sub(walk.place).saturating_sub(jump.change);
            let mut here = self.pass(&walk, places);
            if jump.open {
                here.cost += here.state.nearest(here.slips);
                // The phase is not known any more: slips count from here.
                let state = State::new(here.state.rate, here.state.p[2]);
                next.push((Walk { state: State { off: here.slips as f64, ..state }, ..here }, 0));
            } else {
                self.branch(&here, jump.change, &mut next);
            }
        }
        next.sort_by(|a, b| a.0.cost.total_cmp(&b.0.cost));
        next.truncate(MOST);
        let least = next.first().map_or(0.0, |(walk, _)| walk.cost);
        next.retain(|(walk, _)| walk.cost <= least + WORSE);
        for (walk, slips) in next {
            self.nodes.push(Node { slips, parent: walk.node });
            let node = Some(self.nodes.len() - 1);
            self.walks.push(Walk { node, cost: walk.cost - least, ..walk });
        }
    }

    /// Adds what a jump may be.
    fn branch(&self, here: &Walk, change: i64, next: &mut Vec<(Walk, i64)>) {
        if change.abs() == 1 {
            let mut slipped = *here;
            slipped.cost += slipped.state.slip(here.slips as f64 + 0.5 * change as f64);
            slipped.slips += change;
            next.push((slipped, change));
        }
        let mut here = *here;
        here.cost += LOSS + here.state.nearest(here.slips);
        let across = self.pass(&here, change);
        let likely = (across.state.off - here.slips as f64).clamp(-1e6, 1e6).round() as i64;
        let single = change.abs() == 1;
        let around = if single { 0..=0 } else { likely - 1..=likely + 1 };
        for slips in around.filter(|&slips| slips == 0 || (change - slips).signum() == change.signum()) {
            let mut lost = self.pass(&here, change.saturating_sub(slips));
            lost.slips += slips;
            lost.cost += lost.state.nearest(lost.slips);
            next.push((lost, slips));
        }
    }

    /// Slips at each jump of the best sequence, up to a last place.
    fn best(&self, last: i64, jumps: usize) -> Vec<i64> {
        let cost = |walk: &Walk| {
            let mut end = self.pass(walk, last.saturating_sub(walk.slips).saturating_sub(walk.place));
            walk.cost + end.state.nearest(end.slips)
        };
        let best = self.walks.iter().min_by(|a, b| cost(a).total_cmp(&cost(b)));
        let mut found = vec![0; jumps];
        let mut node = best.and_then(|walk| walk.node);
        for slips in found.iter_mut().rev() {
            let Some(index) = node else { break };
            *slips = self.nodes[index].slips;
            node = self.nodes[index].parent;
        }
        found
    }
}

/// Takes slips out of jumps and places, where each sample has a step of its own. Period, step and noise of the stamps.
pub fn take_out(jumps: &mut Vec<Jump>, blocks: &mut [Block], (period, step, sigma): (f64, f64, f64)) -> Slipped {
    let counted = UNITS.iter().any(|unit| (step / unit - 1.0).abs() < SAME);
    let locked = counted && (period / step - 1.0).abs() < SAME && sigma < MOST_NOISE * step;
    let (Some(first), Some(last)) = (blocks.first().copied(), blocks.last().copied()) else {
        return Slipped::default();
    };
    if !locked || jumps.is_empty() {
        return Slipped::default();
    }
    close(jumps, blocks, period);
    let walk = |sigma: f64, wander: f64, cost: f64| {
        let (state, wander) = (State::new(0.0, sigma * sigma), wander * wander * period / 1e9);
        Walk { cost, state, wander, place: first.place, slips: 0, node: None }
    };
    let own = [RESTLESS, CALM].map(|wander| walk(RATE_SIGMA, wander, OWN));
    let walks = own.into_iter().chain([walk(SHARED_SIGMA, RESTLESS, 0.0)]).collect();
    let mut search = Search { walks, nodes: Vec::new() };
    let mut shift = first.place.saturating_sub(first.row);
    for jump in jumps.iter() {
        shift = shift.saturating_add(jump.change);
        search.take(jump, jump.row.saturating_add(shift));
    }
    let end = blocks.last().map_or(last.place, |block| block.place).saturating_add(last.count as i64);
    let found = search.best(end, jumps.len());
    shift_blocks(blocks, jumps, &found);
    let each = found.iter().map(|slips| slips.abs()).sum::<i64>() as f64;
    let phases = phases(jumps, &found, first.place.saturating_sub(first.row));
    let straight = each >= FEW && phases.len() > 1;
    if straight {
        straighten(blocks, jumps, &found, &phases, step);
    }
    for (jump, slips) in jumps.iter_mut().zip(&found) {
        jump.change -= slips;
    }
    jumps.retain(|jump| jump.open || jump.change != 0);
    if each < FEW {
        return Slipped::default();
    }
    let distance = end.saturating_sub(first.place) as f64 / each;
    let off = if straight { STRAIGHTENED } else { ANYWHERE.sqrt() } * step;
    Slipped { slips: found.iter().sum(), shared: off * off * distance }
}

/// Places of slips and how far the sampler is from the steps there, in steps; none where the phase was ever lost.
fn phases(jumps: &[Jump], found: &[i64], mut shift: i64) -> Vec<(f64, f64)> {
    let (mut phases, mut slips) = (Vec::new(), 0i64);
    for (jump, &slipped) in jumps.iter().zip(found) {
        if jump.open {
            return Vec::new();
        }
        shift = shift.saturating_add(jump.change - slipped);
        if slipped.abs() == 1 && slipped == jump.change {
            phases.push((jump.row.saturating_add(shift) as f64, slips as f64 + 0.5 * slipped as f64));
        }
        slips = slips.saturating_add(slipped);
    }
    phases
}

/// Takes out of the times of blocks how far their stamps are from the sampler.
fn straighten(blocks: &mut [Block], jumps: &[Jump], found: &[i64], phases: &[(f64, f64)], step: f64) {
    let slipped = slips_by_block(blocks, jumps, found);
    for (block, (before, within)) in blocks.iter_mut().zip(slipped) {
        let place = block.place as f64 + block.place_mean;
        let next = phases.partition_point(|&(slip, _)| slip <= place).clamp(1, phases.len() - 1);
        let ((from, off), (to, then)) = (phases[next - 1], phases[next]);
        let off = off + (then - off) * (place - from) / (to - from).max(1.0);
        block.time_mean -= (before as f64 + within - off).clamp(-0.5, 0.5) * step;
    }
}

/// Counts the steps of jumps after which the lattice was found again, where they are whole.
fn close(jumps: &mut [Jump], blocks: &mut [Block], period: f64) {
    let mut slips = vec![0; jumps.len()];
    for (jump, slips) in jumps.iter_mut().zip(&mut slips).filter(|(jump, _)| jump.open && jump.change == 0) {
        let steps = (jump.offset / period).round();
        if (jump.offset / period - steps).abs() < WHOLE && steps.abs() < 1e15 {
            (jump.open, jump.change, jump.offset) = (false, steps as i64, 0.0);
            *slips = -jump.change;
        }
    }
    shift_blocks(blocks, jumps, &slips);
}

/// Moves blocks back by what slipped before or within them.
fn shift_blocks(blocks: &mut [Block], jumps: &[Jump], found: &[i64]) {
    let slipped = slips_by_block(blocks, jumps, found);
    for (block, (before, within)) in blocks.iter_mut().zip(slipped) {
        block.place = block.place.saturating_sub(before);
        block.place_mean -= within;
    }
}

/// Steps slipped by before each block, and how many more its samples have on average.
fn slips_by_block(blocks: &[Block], jumps: &[Jump], found: &[i64]) -> Vec<(i64, f64)> {
    let (mut next, mut before) = (0, 0);
    let slips = blocks.iter().map(|block| {
        while next < jumps.len() && jumps[next].row <= block.row {
            before = i64::saturating_add(before, found[next]);
            next += 1;
        }
        let mut within = 0.0;
        for (jump, &slips) in jumps[next..].iter().zip(&found[next..]) {
            let after = (block.row as f64 + block.count - jump.row as f64) / block.count;
            if after <= 0.0 {
                break;
            }
            within += after * slips as f64;
        }
        (before, within)
    });
    slips.collect()
}
