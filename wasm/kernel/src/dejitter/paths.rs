//! The most likely sequence of lattice jumps, by dynamic programming over integer phases (Viterbi 1967).
//!
//! A path says by how many places rows are shifted from some row on. Each sample costs a path the square of its
//! distance, bounded, so that wrong stamps count little; each jump costs a penalty. A path that is a penalty worse
//! than the best one can never win again, which keeps the number of paths small (Killick et al. 2012).

use std::iter::once;

/// Cost of a jump back in nats: samples that were recorded twice are rare, and a stall that is caught up ends so.
pub const BACK: f64 = 20.0;
/// Cost of a stamp that fits nowhere: more than a gap, less than a gap and a jump back.
pub const CAP: f64 = 16.0;
/// Bounds of the cost of a gap, and what it exceeds the rarity of gaps by.
const FREQUENT: f64 = 7.0;
const RARE: f64 = 11.0;
const CAUTION: f64 = 3.0;
/// Noise in periods that hides single gaps, the least cost of those, and what they gain by rows that they may be at.
const HIDING: f64 = 0.5;
const HIDDEN: f64 = 3.0;
const ANYWHERE: f64 = 1.4;
/// Neighbouring places that a noisy sample makes thinkable.
const MOST_NEIGHBOURS: f64 = 8.0;
/// Samples on either side of a gap that show its size where samples are often lost.
const SHOWING_SIDE: f64 = 50.0;
/// Places that rows may fall back.
const FARTHEST_BACK: i64 = 4096;
/// Samples that may be lost right after the first row.
const LOST_SOON: i64 = 4;
/// Phases beyond this are no integers any more in floating point.
const LARGEST_SHIFT: f64 = 1e15;

/// What is known of the stamps' noise.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    pub period: f64,
    pub sigma: f64,
    /// Places that a jump may pass over.
    pub reach: i64,
    /// Cost of a gap in nats.
    pub gap: f64,
}

/// Cost of a gap where so many were found in a number of samples, with noise in periods.
///
/// Where noise hides single gaps there is no room for caution, as overlooked ones bend the line, which hides more; and a
/// gap is likelier than the best path tells, as it may be at any of several rows.
pub fn gap_cost(gaps: f64, samples: f64, noise: f64) -> f64 {
    let rarity = ((samples + 1.0) / (gaps + 0.5)).ln();
    if noise > HIDING { (rarity - ANYWHERE).clamp(HIDDEN, RARE) } else { (rarity + CAUTION).clamp(FREQUENT, RARE) }
}

impl Noise {
    /// Cost of a distance from the lattice.
    #[inline(always)]
    pub fn loss(&self, distance: f64) -> f64 {
        let score = distance / self.sigma;
        (0.5 * score * score).min(CAP)
    }

    /// Whether a sample so far from the lattice leaves a single path as it is.
    #[inline(always)]
    pub fn is_plain(&self, distance: f64) -> bool {
        distance.abs() < 0.5 * self.period && self.fits(distance)
    }

    /// Whether a distance is no more than noise.
    #[inline(always)]
    pub fn fits(&self, distance: f64) -> bool {
        0.5 * distance * distance < CAP * self.sigma * self.sigma
    }

    fn penalty(&self, jump: i64) -> f64 {
        if jump > 0 { self.gap } else { BACK }
    }

    fn allows(&self, jump: i64) -> bool {
        jump != 0 && jump <= self.reach && jump >= -self.reach.min(FARTHEST_BACK)
    }

    /// How likely a single lost sample is overlooked or made up, roughly.
    pub fn doubt(&self) -> f64 {
        let known = self.sigma / self.period * (2.0 / SHOWING_SIDE).sqrt();
        (-0.125 / (known * known)).exp()
    }

    /// Places that the noise may hide.
    pub fn neighbours(&self) -> i64 {
        if self.sigma < self.period / 12.0 {
            return 0;
        }
        (2.5 * self.sigma / self.period).ceil().clamp(0.0, MOST_NEIGHBOURS) as i64
    }
}

#[derive(Clone, Copy, Debug)]
struct Live {
    shift: i64,
    cost: f64,
    node: usize,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    row: i64,
    shift: i64,
    parent: Option<usize>,
}

/// A jump to a shift.
#[derive(Clone, Copy, Debug)]
struct Offer {
    shift: i64,
    cost: f64,
    parent: usize,
}

/// All sequences of jumps that may still turn out the best.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The best comes first.
    live: Vec<Live>,
    nodes: Vec<Node>,
    offers: Vec<Offer>,
}

impl Paths {
    /// Starts with shifts of the first row: none, so many either way, and more back for samples lost soon after it.
    pub fn new(row: i64, around: i64) -> Paths {
        let mut paths = Paths { live: Vec::new(), nodes: Vec::new(), offers: Vec::new() };
        let near = (1..=around).flat_map(|near| [near, -near]);
        paths.begin(row, once(0).chain(near).chain((1..=LOST_SOON).map(|lost| -around - lost)));
        paths
    }

    /// Starts anew with a shift that is known.
    pub fn restart(&mut self, row: i64, shift: i64) {
        self.begin(row, once(shift));
    }

    fn begin(&mut self, row: i64, shifts: impl Iterator<Item = i64>) {
        self.nodes.clear();
        self.live.clear();
        for shift in shifts {
            self.live.push(Live { shift, cost: 0.0, node: self.nodes.len() });
            self.nodes.push(Node { row, shift, parent: None });
        }
    }

    /// Only one path is left.
    pub fn is_settled(&self) -> bool {
        self.live.len() == 1
    }

    /// Adds a sample by its lateness against the place of an unshifted row. Returns whether any path explains it.
    pub fn step(&mut self, row: i64, late: f64, noise: &Noise) -> bool {
        let best = self.live[0];
        let place = late / noise.period;
        if (place - best.shift as f64).abs() > 0.5 && place.abs() < LARGEST_SHIFT {
            self.branch(place.round() as i64, late, noise, best);
        }
        for live in &mut self.live {
            live.cost += noise.loss(late - live.shift as f64 * noise.period);
        }
        for offer in std::mem::take(&mut self.offers) {
            self.take(row, offer);
        }
        self.prune(noise);
        noise.fits(late - self.live[0].shift as f64 * noise.period)
    }

    /// Collects the jumps that a sample suggests.
    fn branch(&mut self, nearest: i64, late: f64, noise: &Noise, best: Live) {
        let best_loss = noise.loss(late - best.shift as f64 * noise.period);
        let near = noise.neighbours();
        for shift in nearest - near..=nearest + near {
            let loss = noise.loss(late - shift as f64 * noise.period);
            if !noise.allows(shift - best.shift) || loss >= best_loss {
                continue;
            }
            let (mut cost, mut parent) = (best.cost + noise.penalty(shift - best.shift), best.node);
            for live in self.live.iter().filter(|live| live.shift < shift) {
                if live.cost + noise.gap < cost {
                    (cost, parent) = (live.cost + noise.gap, live.node);
                }
            }
            self.offers.push(Offer { shift, cost: cost + loss, parent });
        }
    }

    fn take(&mut self, row: i64, offer: Offer) {
        let Offer { shift, cost, parent } = offer;
        let found = self.live.iter().position(|live| live.shift == shift);
        if found.is_some_and(|index| self.live[index].cost <= cost) {
            return;
        }
        let live = Live { shift, cost, node: self.nodes.len() };
        self.nodes.push(Node { row, shift, parent: Some(parent) });
        match found {
            Some(index) => self.live[index] = live,
            None => self.live.push(live),
        }
    }

    fn prune(&mut self, noise: &Noise) {
        let mut best = 0;
        for index in 1..self.live.len() {
            if self.live[index].cost < self.live[best].cost {
                best = index;
            }
        }
        self.live.swap(0, best);
        let Live { cost: least, shift, .. } = self.live[0];
        self.live.retain_mut(|live| {
            live.cost -= least;
            live.shift == shift || live.cost < noise.penalty(live.shift - shift)
        });
    }

    fn chain(&self, mut node: usize) -> Vec<usize> {
        let mut chain = vec![node];
        while let Some(parent) = self.nodes[node].parent {
            chain.push(parent);
            node = parent;
        }
        chain.reverse();
        chain
    }

    /// Rows and shifts of the best path, from the first row that is not forgotten.
    pub fn best(&self) -> Vec<(i64, i64)> {
        let chain = self.chain(self.live[0].node);
        chain.into_iter().map(|node| (self.nodes[node].row, self.nodes[node].shift)).collect()
    }

    /// Drops all paths but the best.
    pub fn decide(&mut self) {
        self.live.truncate(1);
    }

    /// The row before which all paths agree.
    pub fn agreed(&self) -> i64 {
        let chains: Vec<Vec<usize>> = self.live.iter().map(|live| self.chain(live.node)).collect();
        let mut common = 0;
        while chains.iter().all(|chain| chain.get(common) == chains[0].get(common))
            && common < chains[0].len()
        {
            common += 1;
        }
        // Paths that never shared a row have nothing in common.
        let next = chains.iter().filter_map(|chain| chain.get(common));
        next.map(|&node| self.nodes[node].row).min().unwrap_or(i64::MAX)
    }

    /// Forgets what lies before a row on which all paths agree.
    pub fn forget(&mut self, row: i64) {
        let mut kept = Vec::new();
        let mut renumbered = vec![usize::MAX; self.nodes.len()];
        for live in 0..self.live.len() {
            let chain = self.chain(self.live[live].node);
            let first = chain.iter().rposition(|&node| self.nodes[node].row <= row).unwrap_or(0);
            let mut parent = None;
            for &node in &chain[first..] {
                if renumbered[node] == usize::MAX {
                    renumbered[node] = kept.len();
                    kept.push(Node { parent, ..self.nodes[node] });
                }
                parent = Some(renumbered[node]);
            }
            self.live[live].node = renumbered[self.live[live].node];
        }
        self.nodes = kept;
    }
}
