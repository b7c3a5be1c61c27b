//! Joins readings to the means of short blocks, in which a clock runs straight.

use super::filter::Node;

/// Readings of one stretch by increasing time.
#[derive(Clone, Debug, Default)]
pub struct Points {
    /// Device time in s since the first.
    pub x: Vec<f64>,
    /// Reference minus device in ns, relative to the first.
    pub y: Vec<f64>,
    /// Variance that each is expected to have, ns^2.
    pub variance: Vec<f64>,
}

impl Points {
    pub fn len(&self) -> usize {
        self.x.len()
    }

    pub fn duration(&self) -> f64 {
        match (self.x.first(), self.x.last()) {
            (Some(first), Some(last)) => last - first,
            _ => 0.0,
        }
    }
}

/// A gap longer than this many blocks is given points of its own, so that its uncertainty shows.
const LONG_GAP: f64 = 4.0;
/// How many.
const GAP_POINTS: usize = 8;

/// Means of blocks of at most `length` seconds, with points without weight in gaps. Readings with weight 0 are
/// left out; `weights` are by robustness, between 0 and 1.
pub fn blocks(points: &Points, weights: &[f64], length: f64) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut start = f64::NEG_INFINITY;
    let (mut sum, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
    let mut close = |sum: f64, sum_x: f64, sum_y: f64| {
        if sum > 0.0 {
            nodes.push(Node { x: sum_x / sum, y: sum_y / sum, weight: sum });
        }
    };
    for (index, &robust) in weights.iter().enumerate() {
        if robust <= 0.0 {
            continue;
        }
        let (x, y) = (points.x[index], points.y[index]);
        if x - start > length {
            close(sum, sum_x, sum_y);
            (sum, sum_x, sum_y, start) = (0.0, 0.0, 0.0, x);
        }
        let weight = robust / points.variance[index];
        sum += weight;
        sum_x += weight * x;
        sum_y += weight * y;
    }
    close(sum, sum_x, sum_y);
    nodes.dedup_by(|next, kept| next.x <= kept.x && merge(kept, next));
    nodes
}

/// Rounding may bring two means to the same place.
fn merge(kept: &mut Node, next: &Node) -> bool {
    let weight = kept.weight + next.weight;
    kept.y = (kept.y * kept.weight + next.y * next.weight) / weight;
    kept.weight = weight;
    true
}

/// The same nodes with points without weight in gaps that are long for them, and at both ends of a stretch.
pub fn with_gaps(nodes: &[Node], from: f64, to: f64) -> Vec<Node> {
    let Some((first, last)) = nodes.first().zip(nodes.last()) else { return Vec::new() };
    let spacing = (last.x - first.x) / (nodes.len().max(2) - 1) as f64;
    let mut all = Vec::with_capacity(nodes.len() + 64);
    let bare = |x: f64, y: f64| Node { x, y, weight: 0.0 };
    if from < first.x {
        all.push(bare(from, first.y));
    }
    for (index, node) in nodes.iter().enumerate() {
        if let Some(before) = index.checked_sub(1).map(|at| nodes[at]) {
            let gap = node.x - before.x;
            if gap > LONG_GAP * spacing || nodes.len() < GAP_POINTS {
                for step in 1..GAP_POINTS {
                    let part = step as f64 / GAP_POINTS as f64;
                    all.push(bare(before.x + part * gap, before.y));
                }
            }
        }
        all.push(*node);
    }
    if to > last.x {
        all.push(bare(to, last.y));
    }
    all
}
