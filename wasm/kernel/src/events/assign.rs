//! Who belongs to whom: the order-preserving one-to-one assignment of largest weight.

/// A pair of events that may belong together.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    pub i: u32,
    pub j: u32,
    pub weight: f64,
}

/// Chooses of candidates, ordered by `i` and then `j`, those of largest total weight in which both indexes ascend.
///
/// A tree of prefix maxima over `j` makes it O(n log n) in the number of candidates.
pub fn assign(candidates: &[Candidate], width: usize) -> Vec<Candidate> {
    let mut best = PrefixMaxima::new(width);
    let mut before: Vec<u32> = vec![u32::MAX; candidates.len()];
    let mut totals = vec![0.0; candidates.len()];
    let mut start = 0;
    while start < candidates.len() {
        let i = candidates[start].i;
        let end = start + candidates[start..].iter().take_while(|other| other.i == i).count();
        // From the last to the first, so that no event of one side is used twice.
        for index in (start..end).rev() {
            let Candidate { j, weight, .. } = candidates[index];
            let (total, from) = best.below(j as usize);
            totals[index] = total + weight;
            before[index] = from;
            best.raise(j as usize, totals[index], index as u32);
        }
        start = end;
    }
    chain(candidates, &before, best.below(width).1)
}

fn chain(candidates: &[Candidate], before: &[u32], last: u32) -> Vec<Candidate> {
    let mut chosen = Vec::new();
    let mut index = last;
    while index != u32::MAX {
        chosen.push(candidates[index as usize]);
        index = before[index as usize];
    }
    chosen.reverse();
    chosen
}

/// Largest value below each index (Fenwick 1994), and where it came from.
struct PrefixMaxima {
    nodes: Vec<(f64, u32)>,
}

impl PrefixMaxima {
    fn new(width: usize) -> PrefixMaxima {
        PrefixMaxima { nodes: vec![(0.0, u32::MAX); width + 1] }
    }

    fn below(&self, index: usize) -> (f64, u32) {
        let mut best = (0.0, u32::MAX);
        let mut at = index.min(self.nodes.len() - 1);
        while at > 0 {
            if self.nodes[at].0 > best.0 {
                best = self.nodes[at];
            }
            at &= at - 1;
        }
        best
    }

    fn raise(&mut self, index: usize, value: f64, source: u32) {
        let mut at = index + 1;
        while at < self.nodes.len() {
            if value > self.nodes[at].0 {
                self.nodes[at] = (value, source);
            }
            at += at & at.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{assign, Candidate};
    use crate::testing::Random;

    /// All ways of choosing, for few candidates.
    fn heaviest(candidates: &[Candidate]) -> f64 {
        let mut best = 0.0f64;
        for mask in 0u32..1 << candidates.len() {
            let chosen: Vec<&Candidate> =
                (0..candidates.len()).filter(|bit| mask >> bit & 1 == 1).map(|bit| &candidates[bit]).collect();
            if chosen.windows(2).all(|two| two[0].i < two[1].i && two[0].j < two[1].j) {
                best = best.max(chosen.iter().map(|candidate| candidate.weight).sum());
            }
        }
        best
    }

    #[test]
    fn finds_the_heaviest_of_all_assignments() {
        let mut random = Random::new(5);
        for _ in 0..300 {
            let mut candidates: Vec<Candidate> = (0..12)
                .map(|_| Candidate {
                    i: (random.uniform() * 6.0) as u32,
                    j: (random.uniform() * 6.0) as u32,
                    weight: 0.1 + random.uniform(),
                })
                .collect();
            candidates.sort_by_key(|candidate| (candidate.i, candidate.j));
            candidates.dedup_by_key(|candidate| (candidate.i, candidate.j));
            let chosen = assign(&candidates, 6);
            assert!(chosen.windows(2).all(|two| two[0].i < two[1].i && two[0].j < two[1].j));
            let total: f64 = chosen.iter().map(|candidate| candidate.weight).sum();
            assert!((total - heaviest(&candidates)).abs() < 1e-12);
        }
    }
}
