//! The most likely sequence of lattice jumps, by dynamic programming over integer phases (Viterbi 1967).
//!
//! A path says by how many places rows are shifted from some row on. Each sample costs a path the square of its
//! distance, bounded, so that wrong stamps count little; each jump costs a penalty. A path that is a penalty worse
//! than the best one can never win again, which keeps the number of paths small (Killick et al. 2012).

/// Cost of a jump in nats.
pub const PENALTY: f64 = 12.0;
/// Cost of a stamp that fits nowhere: more than one jump, less than one up and one down.
const CAP: f64 = 16.0;
/// Neighbouring places that a noisy sample makes thinkable.
const MOST_NEIGHBOURS: f64 = 8.0;
/// Places that rows may fall back.
const FARTHEST_BACK: i64 = 4096;
/// Phases beyond this are no integers any more in floating point.
const LARGEST_SHIFT: f64 = 1e15;

/// What is known of the stamps' noise.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    pub period: f64,
    pub sigma: f64,
    /// Places that a jump may pass over.
    pub reach: i64,
}

impl Noise {
    /// Cost of a distance from the lattice.
    #[inline(always)]
    pub fn loss(&self, distance: f64) -> f64 {
        let score = distance / self.sigma;
        (0.5 * score * score).min(CAP)
    }

    /// Whether a distance is no more than noise.
    pub fn fits(&self, distance: f64) -> bool {
        0.5 * distance * distance < CAP * self.sigma * self.sigma
    }

    fn allows(&self, jump: i64) -> bool {
        jump != 0 && jump <= self.reach && jump >= -self.reach.min(FARTHEST_BACK)
    }

    fn neighbours(&self) -> i64 {
        if self.sigma < self.period / 12.0 {
            return 0;
        }
        (2.5 * self.sigma / self.period).ceil().min(MOST_NEIGHBOURS) as i64
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

/// All sequences of jumps that may still turn out the best.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The best comes first.
    live: Vec<Live>,
    nodes: Vec<Node>,
    pub total: f64,
}

impl Paths {
    pub fn new(row: i64, shift: i64) -> Paths {
        let mut paths = Paths { live: Vec::new(), nodes: Vec::new(), total: 0.0 };
        paths.restart(row, shift);
        paths
    }

    /// Starts anew with a known shift.
    pub fn restart(&mut self, row: i64, shift: i64) {
        self.nodes.clear();
        self.live.clear();
        self.nodes.push(Node { row, shift, parent: None });
        self.live.push(Live { shift, cost: 0.0, node: 0 });
    }

    /// Only one path is left.
    pub fn is_settled(&self) -> bool {
        self.live.len() == 1
    }

    /// Shift of the best path at its end.
    pub fn shift(&self) -> i64 {
        self.live[0].shift
    }

    /// Adds a sample by its lateness against the place of an unshifted row. Returns whether any path explains it.
    pub fn step(&mut self, row: i64, late: f64, noise: &Noise) -> bool {
        let best = self.live[0];
        let best_loss = noise.loss(late - best.shift as f64 * noise.period);
        for live in &mut self.live {
            live.cost += noise.loss(late - live.shift as f64 * noise.period);
        }
        let place = late / noise.period;
        if (place - best.shift as f64).abs() > 0.5 && place.abs() < LARGEST_SHIFT {
            self.branch(row, late, noise, best, best_loss);
        }
        self.prune();
        noise.fits(late - self.live[0].shift as f64 * noise.period)
    }

    fn branch(&mut self, row: i64, late: f64, noise: &Noise, best: Live, best_loss: f64) {
        let nearest = (late / noise.period).round() as i64;
        let near = noise.neighbours();
        for shift in nearest - near..=nearest + near {
            let loss = noise.loss(late - shift as f64 * noise.period);
            if noise.allows(shift - best.shift) && loss < best_loss {
                self.offer(row, shift, best.cost + PENALTY + loss, best.node);
            }
        }
    }

    fn offer(&mut self, row: i64, shift: i64, cost: f64, parent: usize) {
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

    fn prune(&mut self) {
        let mut best = 0;
        for index in 1..self.live.len() {
            if self.live[index].cost < self.live[best].cost {
                best = index;
            }
        }
        self.live.swap(0, best);
        let least = self.live[0].cost;
        self.total += least;
        self.live.retain_mut(|live| {
            live.cost -= least;
            live.cost < PENALTY
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
        let mut common = 1;
        while chains.iter().all(|chain| chain.get(common) == chains[0].get(common))
            && common < chains[0].len()
        {
            common += 1;
        }
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
