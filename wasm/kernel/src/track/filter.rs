//! A clock as an integrated random walk: offset and skew, of which the skew wanders.
//!
//! The covariance is kept as factors (variance of the offset, regression of the skew on it, variance of the skew
//! given the offset), in which every step of the filter is a sum of terms that are not negative. It so stays
//! positive definite however stiff the clock is and however uneven the readings are.

/// Variance of an offset about which nothing is known, ns^2.
pub const UNKNOWN_OFFSET: f64 = 1e30;
/// Variance of a skew about which nothing is known, (ns/s)^2.
pub const UNKNOWN_SKEW: f64 = 1e24;

/// What is known of a clock at a time.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// ns
    pub offset: f64,
    /// ns per s
    pub skew: f64,
    /// Variance of the offset.
    p: f64,
    /// Covariance over `p`.
    k: f64,
    /// Variance of the skew when the offset is known.
    d: f64,
}

/// An estimate with its covariance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Estimate {
    pub offset: f64,
    pub skew: f64,
    pub offset_variance: f64,
    pub skew_variance: f64,
}

impl State {
    /// A clock of independent offset and skew.
    pub fn new(offset: f64, skew: f64, offset_variance: f64, skew_variance: f64) -> State {
        State { offset, skew, p: offset_variance, k: 0.0, d: skew_variance }
    }

    pub fn offset_variance(&self) -> f64 {
        self.p
    }

    /// Runs the clock on by `dt` seconds while its skew wanders by `q` (ns/s)^2 per second.
    #[inline]
    pub fn advance(&mut self, dt: f64, q: f64) {
        let State { p, k, d, .. } = *self;
        let ahead = 1.0 + dt * k;
        let noise = q * dt;
        let third = dt * dt / 3.0;
        let middle = ahead - 0.5 * dt * k;
        let twelfth = dt * dt / 12.0;
        self.offset += dt * self.skew;
        self.p = p * ahead * ahead + dt * dt * d + noise * third;
        let covariance = p * k * ahead + dt * d + 0.5 * noise * dt;
        let determinant = p * d
            + noise * noise * twelfth
            + noise * p * (middle * middle + twelfth * k * k)
            + noise * d * third;
        self.k = covariance / self.p;
        self.d = determinant / self.p;
    }

    /// Takes in a reading of variance `r`; returns how far it lay off and the variance that was expected of it.
    #[inline]
    pub fn observe(&mut self, y: f64, r: f64) -> (f64, f64) {
        let (off, variance) = (y - self.offset, self.p + r);
        let gain = self.p / variance;
        self.offset += gain * off;
        self.skew += gain * self.k * off;
        self.p = self.p * r / variance;
        (off, variance)
    }

    /// Joins what is known from the past with what is known from the future alone, which was filtered in
    /// reversed time.
    pub fn join(&self, reversed: &State) -> Estimate {
        let State { p, k, d, .. } = *self;
        let (pb, kb, db) = (reversed.p, -reversed.k, reversed.d);
        let inner = 1.0 / d + 1.0 / db;
        let determinant = (1.0 / p + 1.0 / pb) * inner + (k - kb) * (k - kb) / (d * db);
        let offset_variance = inner / determinant;
        let skew_variance = (1.0 / p + k * k / d + 1.0 / pb + kb * kb / db) / determinant;
        let covariance = (k / d + kb / db) / determinant;
        let (by, turn) = (reversed.offset - self.offset, -reversed.skew - self.skew);
        let bent = (kb * by - turn) / db;
        let (first, second) = (by / pb + kb * bent, -bent);
        Estimate {
            offset: self.offset + offset_variance * first + covariance * second,
            skew: self.skew + covariance * first + skew_variance * second,
            offset_variance,
            skew_variance,
        }
    }
}

/// A mean of readings: where, what, and how much it weighs (1 over variance; 0 where only the curve is wanted).
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub x: f64,
    pub y: f64,
    pub weight: f64,
}

/// What is known of the skew beforehand, ns per s.
#[derive(Clone, Copy, Debug)]
pub struct Prior {
    pub skew: f64,
    pub sigma: f64,
}

impl Prior {
    fn start(&self, node: &Node) -> State {
        State::new(node.y, self.skew, UNKNOWN_OFFSET, (self.sigma * self.sigma).max(1e-12))
    }
}

/// How well a wander explains nodes, when the scale of all variances is free.
#[derive(Clone, Copy, Debug)]
pub struct Likelihood {
    /// Logarithm, up to a constant.
    pub log: f64,
    /// Factor by which all variances are too small.
    pub scale: f64,
}

/// Readings of prior knowledge that the given scale of the variances is worth.
const SCALE_PRIOR: f64 = 4.0;
/// Readings that offset and skew are taken from.
const FREE: usize = 2;

/// Likelihood of a wander `q`, concentrated over the scale of the variances.
pub fn likelihood(nodes: &[Node], q: f64, prior: &Prior) -> Likelihood {
    let mut state = prior.start(&nodes[0]);
    let mut last = nodes[0].x;
    let (mut squares, mut logs, mut product) = (0.0, 0.0, 1.0);
    let mut count = 0usize;
    for node in nodes {
        state.advance(node.x - last, q);
        last = node.x;
        if node.weight <= 0.0 {
            continue;
        }
        let (off, variance) = state.observe(node.y, 1.0 / node.weight);
        count += 1;
        if count <= FREE {
            continue;
        }
        squares += off * off / variance;
        product *= variance;
        if !(1e-200..1e200).contains(&product) || count % 8 == 0 {
            logs += product.ln();
            product = 1.0;
        }
    }
    let free = count.saturating_sub(FREE) as f64;
    let scale = (squares + SCALE_PRIOR) / (free + SCALE_PRIOR);
    let log = -0.5 * (logs + product.ln() + (free + SCALE_PRIOR) * scale.ln());
    Likelihood { log, scale }
}

/// Estimates at every node from all of them.
pub fn smooth(nodes: &[Node], q: f64, prior: &Prior) -> Vec<Estimate> {
    let mut forward = Vec::with_capacity(nodes.len());
    let Some(first) = nodes.first() else { return Vec::new() };
    let mut state = prior.start(first);
    let mut last = first.x;
    for node in nodes {
        state.advance(node.x - last, q);
        last = node.x;
        if node.weight > 0.0 {
            state.observe(node.y, 1.0 / node.weight);
        }
        forward.push(state);
    }
    let end = nodes[nodes.len() - 1];
    let mut reversed = State::new(end.y, 0.0, UNKNOWN_OFFSET, UNKNOWN_SKEW);
    let mut estimates = vec![Estimate::default(); nodes.len()];
    for (index, node) in nodes.iter().enumerate().rev() {
        reversed.advance(last - node.x, q);
        last = node.x;
        estimates[index] = forward[index].join(&reversed);
        if node.weight > 0.0 {
            reversed.observe(node.y, 1.0 / node.weight);
        }
    }
    estimates
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn nodes(count: usize, seed: u64) -> Vec<Node> {
        let mut random = Random::new(seed);
        (0..count)
            .map(|i| Node { x: 3.0 * i as f64 + random.uniform(), y: 1e5 * random.exponential() + 20e3 * i as f64, weight: 1e-10 * (0.2 + random.uniform()) })
            .collect()
    }

    /// Weighted least squares in closed form.
    fn line(nodes: &[Node], at: f64) -> (f64, f64, f64) {
        let [mut s, mut sx, mut sy, mut sxx, mut sxy] = [0.0; 5];
        for n in nodes {
            let x = n.x - at;
            s += n.weight;
            sx += n.weight * x;
            sy += n.weight * n.y;
            sxx += n.weight * x * x;
            sxy += n.weight * x * n.y;
        }
        let determinant = s * sxx - sx * sx;
        ((sxx * sy - sx * sxy) / determinant, (s * sxy - sx * sy) / determinant, sxx / determinant)
    }

    #[test]
    fn without_wander_it_is_weighted_least_squares() {
        let nodes = nodes(500, 1);
        let wide = Prior { skew: 0.0, sigma: 1e12 };
        for (node, got) in nodes.iter().zip(smooth(&nodes, 0.0, &wide)) {
            let (offset, skew, variance) = line(&nodes, node.x);
            assert!((got.offset - offset).abs() < 1e-3, "{} {}", got.offset, offset);
            assert!((got.skew - skew).abs() < 1e-6);
            assert!((got.offset_variance / variance - 1.0).abs() < 1e-6);
        }
    }

    /// Solves the smoothing problem as one dense system over the states.
    fn dense(nodes: &[Node], q: f64) -> Vec<f64> {
        let n = 2 * nodes.len();
        let mut a = vec![vec![0.0; n + 1]; n];
        for (i, node) in nodes.iter().enumerate() {
            a[2 * i][2 * i] += node.weight;
            a[2 * i][n] += node.weight * node.y;
            if i == 0 {
                continue;
            }
            let dt = node.x - nodes[i - 1].x;
            // Inverse of q [dt^3/3, dt^2/2; dt^2/2, dt].
            let w = [[12.0 / (q * dt.powi(3)), -6.0 / (q * dt * dt)], [-6.0 / (q * dt * dt), 4.0 / (q * dt)]];
            let g = [[-1.0, -dt, 1.0, 0.0], [0.0, -1.0, 0.0, 1.0]];
            for r in 0..4 {
                for c in 0..4 {
                    for i2 in 0..2 {
                        for j2 in 0..2 {
                            a[2 * i - 2 + r][2 * i - 2 + c] += g[i2][r] * w[i2][j2] * g[j2][c];
                        }
                    }
                }
            }
        }
        for i in 0..n {
            let pivot = (i..n).max_by(|&x, &y| a[x][i].abs().total_cmp(&a[y][i].abs())).unwrap();
            a.swap(i, pivot);
            for r in i + 1..n {
                let f = a[r][i] / a[i][i];
                for c in i..=n {
                    a[r][c] -= f * a[i][c];
                }
            }
        }
        let mut x = vec![0.0; n];
        for i in (0..n).rev() {
            x[i] = (a[i][n] - (i + 1..n).map(|c| a[i][c] * x[c]).sum::<f64>()) / a[i][i];
        }
        x
    }

    #[test]
    fn with_wander_it_solves_the_normal_equations() {
        let nodes = nodes(40, 2);
        let wide = Prior { skew: 0.0, sigma: 1e12 };
        for q in [1.0, 1e3, 1e6] {
            let expected = dense(&nodes, q);
            for (i, got) in smooth(&nodes, q, &wide).iter().enumerate() {
                assert!((got.offset - expected[2 * i]).abs() < 1.0, "q {q}: {} {}", got.offset, expected[2 * i]);
            }
        }
    }

    #[test]
    fn stays_positive_for_uneven_readings() {
        let mut random = Random::new(3);
        let mut x = 0.0;
        let nodes: Vec<Node> = (0..2000)
            .map(|_| {
                x += 10f64.powf(9.0 * random.uniform() - 6.0);
                Node { x, y: 1e12 * random.uniform(), weight: 10f64.powf(-20.0 * random.uniform()) }
            })
            .collect();
        for q in [0.0, 1e-12, 1.0, 1e9] {
            for estimate in smooth(&nodes, q, &Prior { skew: 0.0, sigma: 5e4 }) {
                assert!(estimate.offset_variance > 0.0 && estimate.skew_variance > 0.0);
                assert!(estimate.offset.is_finite() && estimate.skew.is_finite());
            }
            assert!(likelihood(&nodes, q, &Prior { skew: 0.0, sigma: 5e4 }).log.is_finite());
        }
    }
}
