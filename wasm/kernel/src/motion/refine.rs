//! The lag at which one movement, turned and scaled, explains another best, to a fraction of a sample.

use super::grid::{frequency, GridMotion, GRID_HZ};
use super::rotation::{apply, cross, dot, nearest_rotation, rotation_norm, solve, Matrix};
use crate::fft::Fft;

/// Stretches whose errors count as independent, in seconds.
const BLOCK_SECONDS: f64 = 0.25;
const MAX_ROUNDS: usize = 20;
const GOOD_ENOUGH_SECONDS: f64 = 1e-8;
/// Least share of the movement that must tell lag from rotation. Circling at an even pace tells neither, and
/// what little is left is lost in errors that both lags share.
const LEAST_INFORMATION: f64 = 5e-3;
/// Blocks less one that must tell the lag: what so few say cannot be checked against each other.
const LEAST_FREEDOM: f64 = 1.5;
/// Points of the grid over which errors may be alike.
const LONGEST_MEMORY: usize = 48;
/// The best lag lies near the best point of the grid, in samples of the grid.
const LARGEST_WAY: f64 = 3.0;

/// Three axes on the grid.
pub type Axes = [Vec<f64>; 3];

/// Values and derivatives of a movement that is shifted to the left by a lag.
pub fn shifted(motion: &GridMotion, lag: f64, fft: &Fft) -> (Axes, Axes) {
    let size = fft.size();
    let mut found = (Axes::default(), Axes::default());
    for axis in 0..3 {
        let (mut re, mut im) = (vec![0.0; size], vec![0.0; size]);
        for k in 0..size {
            let omega = frequency(k, size);
            let (sin, cos) = (omega * lag).sin_cos();
            // The derivative goes where the imaginary part would be: one transform for both.
            let gain = 1.0 - omega;
            re[k] = gain * (motion.re[axis][k] * cos - motion.im[axis][k] * sin);
            im[k] = gain * (motion.re[axis][k] * sin + motion.im[axis][k] * cos);
        }
        fft.inverse(&mut re, &mut im);
        found.0[axis] = re;
        found.1[axis] = im;
    }
    found
}

/// Two movements on one grid.
pub struct Pair<'a> {
    pub a: &'a Axes,
    /// Derivatives of `a`.
    pub slopes: &'a Axes,
    /// 1 within the window and where `a` was measured.
    pub window: &'a [f64],
    pub b: &'a GridMotion,
    pub fft: &'a Fft,
    /// Upper end of the band, which says how many values of the grid are independent.
    pub band_hz: f64,
}

/// The best lag about a place.
pub struct Fit {
    pub lag: f64,
    pub correlation: f64,
    pub sigma: f64,
    /// Where the movement that tells the lag lies, seconds from the start of the grid.
    pub centre: f64,
    pub rotation: Matrix,
    pub scale: f64,
    /// Products of the axes over the window, as shares of both sizes.
    pub products: Matrix,
    /// How many independent errors are left.
    pub independent: f64,
    /// Of the energy of `b`, the share that lies in each block and the share of it that stays unexplained.
    pub shares: Vec<(f64, f64)>,
}

/// Sums over the window at one lag.
struct Sums {
    products: Matrix,
    energy_a: f64,
    energy_b: f64,
    points: f64,
}

/// What a lag leaves unexplained, and which way it should go.
struct Score {
    blocks: Vec<Block>,
    residual: f64,
    independent: f64,
}

/// One point of the grid.
struct Point {
    value: [f64; 3],
    slope: [f64; 3],
    rest: [f64; 3],
    information: f64,
    energy: f64,
}

#[derive(Clone, Copy, Default)]
struct Block {
    score: f64,
    /// Energy of the slope, as far as no rotation can do the same.
    information: f64,
    /// All of it.
    whole: f64,
    slope_energy: f64,
    moment: f64,
    energy: f64,
    residual: f64,
}

impl Block {
    fn add(&mut self, k: usize, point: &Point, spin: [f64; 3]) {
        let turned = cross(spin, point.value);
        let slope = [0, 1, 2].map(|i| point.slope[i] - turned[i]);
        let energy = dot(slope, slope);
        self.score += dot(slope, point.rest);
        self.information += point.information - dot(turned, point.slope);
        self.whole += point.information;
        self.slope_energy += energy;
        self.moment += energy * k as f64;
        self.energy += point.energy;
        self.residual += dot(point.rest, point.rest);
    }
}

impl Pair<'_> {
    /// Weight of each point of the grid when `b` is shifted by a lag.
    fn weights(&self, lag: f64) -> Vec<f64> {
        let by = (lag * GRID_HZ).round() as i64;
        let mask = |k: usize| {
            let at = usize::try_from(k as i64 + by).ok();
            at.and_then(|at| self.b.mask.get(at)).copied().unwrap_or(0.0)
        };
        self.window.iter().enumerate().map(|(k, w)| if *w > 0.0 { w * mask(k) } else { 0.0 }).collect()
    }

    fn sums(&self, b: &Axes, weights: &[f64]) -> Sums {
        let mut sums = Sums { products: [[0.0; 3]; 3], energy_a: 0.0, energy_b: 0.0, points: 0.0 };
        for (k, &weight) in weights.iter().enumerate() {
            if weight == 0.0 {
                continue;
            }
            sums.points += weight;
            for i in 0..3 {
                sums.energy_a += self.a[i][k] * self.a[i][k];
                sums.energy_b += b[i][k] * b[i][k];
                for j in 0..3 {
                    sums.products[i][j] += b[i][k] * self.a[j][k];
                }
            }
        }
        sums
    }

    /// Values, slopes and errors of a point of the grid when `a` is turned and scaled onto `b`.
    fn point(&self, k: usize, b: &(Axes, Axes), turn: &Matrix) -> Point {
        let value = apply(turn, [0, 1, 2].map(|i| self.a[i][k]));
        let slope = apply(turn, [0, 1, 2].map(|i| self.slopes[i][k]));
        Point {
            value,
            // A product of two measurements, so that noise does not add to it.
            information: (0..3).map(|i| slope[i] * b.1[i][k]).sum(),
            slope: [0, 1, 2].map(|i| 0.5 * (slope[i] + b.1[i][k])),
            rest: [0, 1, 2].map(|i| b.0[i][k] - value[i]),
            energy: (0..3).map(|i| b.0[i][k] * b.0[i][k]).sum(),
        }
    }

    fn score(&self, b: &(Axes, Axes), weights: &[f64], turn: &Matrix) -> Score {
        let inside: Vec<usize> = (0..weights.len()).filter(|&k| weights[k] > 0.0).collect();
        let spin = self.spin(b, &inside, turn);
        let block_length = (BLOCK_SECONDS * GRID_HZ) as usize;
        let first = inside.first().copied().unwrap_or(0);
        let mut blocks: Vec<Block> = Vec::new();
        let mut rests = vec![[0.0; 3]; weights.len()];
        for &k in &inside {
            let index = (k - first) / block_length;
            if index >= blocks.len() {
                blocks.resize(index + 1, Block::default());
            }
            let point = self.point(k, b, turn);
            blocks[index].add(k, &point, spin);
            rests[k] = point.rest;
        }
        let residual = blocks.iter().map(|block| block.residual).sum();
        Score { blocks, residual, independent: independent(&rests) }
    }

    /// The rotation that a lag is most like: what a shift in time does, less this, no rotation can undo.
    fn spin(&self, b: &(Axes, Axes), inside: &[usize], turn: &Matrix) -> [f64; 3] {
        let (mut inertia, mut moment) = ([[0.0; 3]; 3], [0.0; 3]);
        for &k in inside {
            let Point { value, slope, .. } = self.point(k, b, turn);
            let square = dot(value, value);
            let torque = cross(value, slope);
            for i in 0..3 {
                moment[i] += torque[i];
                inertia[i][i] += square;
                for j in 0..3 {
                    inertia[i][j] -= value[i] * value[j];
                }
            }
        }
        solve(inertia, moment)
    }

    /// Improves a lag until it explains most (Gauss and Newton); none when there is no movement in common.
    pub fn fit(&self, start: f64) -> Option<Fit> {
        let mut lag = start;
        let mut last = None;
        for _ in 0..MAX_ROUNDS {
            let b = shifted(self.b, lag, self.fft);
            let weights = self.weights(lag);
            let sums = self.sums(&b.0, &weights);
            if !(sums.energy_a > 0.0 && sums.energy_b > 0.0) {
                return None;
            }
            let scale = (sums.energy_b / sums.energy_a).sqrt();
            let rotation = nearest_rotation(&sums.products);
            let turn = rotation.map(|row| row.map(|value| scale * value));
            let score = self.score(&b, &weights, &turn);
            let whole: f64 = score.blocks.iter().map(|block| block.whole).sum();
            let told: f64 = score.blocks.iter().map(|block| block.information).sum();
            if !(whole > 0.0) {
                return None;
            }
            let least = LEAST_INFORMATION * whole;
            let way = -score.blocks.iter().map(|block| block.score).sum::<f64>() / told.max(least);
            last = Some(self.fitted(lag, &sums, rotation, scale, &score, (told, least)));
            let next = lag + way.clamp(-0.5 / GRID_HZ, 0.5 / GRID_HZ);
            if !((next - start).abs() * GRID_HZ <= LARGEST_WAY) || way.abs() < GOOD_ENOUGH_SECONDS {
                break;
            }
            lag = next;
        }
        last
    }

    fn fitted(
        &self,
        lag: f64,
        sums: &Sums,
        rotation: Matrix,
        scale: f64,
        score: &Score,
        (information, least): (f64, f64),
    ) -> Fit {
        let slope_energy: f64 = score.blocks.iter().map(|block| block.slope_energy).sum();
        let moment: f64 = score.blocks.iter().map(|block| block.moment).sum();
        Fit {
            lag,
            correlation: rotation_norm(&sums.products) / (sums.energy_a * sums.energy_b).sqrt(),
            sigma: if information > least {
                self.sigma(sums, score, information, slope_energy)
            } else {
                f64::INFINITY
            },
            centre: moment / slope_energy.max(f64::MIN_POSITIVE) / GRID_HZ,
            rotation,
            scale,
            products: sums
                .products
                .map(|row| row.map(|product| product / (sums.energy_a * sums.energy_b).sqrt())),
            independent: score.independent,
            shares: score
                .blocks
                .iter()
                .map(|block| (block.energy / sums.energy_b, block.residual / sums.energy_b))
                .collect(),
        }
    }

    /// One sigma of the lag: the larger of what the blocks scatter (the sandwich estimate of White 1980, which
    /// needs no model of the noise) and of what noise of that size must cost at least (Cramér and Rao).
    fn sigma(&self, sums: &Sums, score: &Score, information: f64, slope_energy: f64) -> f64 {
        let squares: f64 = score.blocks.iter().map(|block| block.score * block.score).sum();
        // Slow errors reach into the next block.
        let shared: f64 = score.blocks.windows(2).map(|pair| pair[0].score * pair[1].score).sum();
        let freedom = degrees_of_freedom(score.blocks.iter().map(|block| block.information));
        if freedom < LEAST_FREEDOM {
            return f64::INFINITY;
        }
        let scatter = (squares + shared.max(0.0)) * (1.0 + 1.0 / freedom) / (information * information);
        let noise = score.residual / (3.0 * sums.points);
        let independent = (2.0 * self.band_hz / GRID_HZ).min(1.0);
        let bound = noise / independent * slope_energy / (information * information);
        scatter.max(bound).sqrt() * student(freedom)
    }
}

/// How many independent values of equal size errors are worth, of which neighbours are alike and some larger than
/// others: the square of their energy over the squares of all products (Satterthwaite 1946).
fn independent(rests: &[[f64; 3]]) -> f64 {
    let energies: Vec<f64> = rests.iter().map(|&rest| dot(rest, rest)).collect();
    let energy: f64 = energies.iter().sum();
    // Sizes wander slowly, so that the mean over a while stands for what was to be expected at a point.
    let sizes: Vec<f64> =
        energies.chunks(LONGEST_MEMORY).map(|part| part.iter().sum::<f64>()).collect();
    let uneven = sizes.iter().map(|size| size * size).sum::<f64>() * sizes.len() as f64 / (energy * energy);
    let memory: f64 = (1..LONGEST_MEMORY.min(rests.len()))
        .map(|apart| {
            let product: f64 =
                rests[apart..].iter().zip(rests).map(|(&one, &other)| dot(one, other)).sum();
            (product / energy) * (product / energy)
        })
        .sum();
    let measured = energies.iter().filter(|&&energy| energy > 0.0).count() as f64;
    let worth = 3.0 * measured / ((1.0 + 2.0 * memory) * uneven.max(1.0));
    if worth.is_finite() { worth } else { 0.0 }
}

/// Log likelihood ratio of two lags, each with its own rotation and size of errors.
pub fn likelihood_ratio(first: &Fit, second: &Fit) -> f64 {
    let left = |fit: &Fit| 1.0 - fit.correlation * fit.correlation;
    0.5 * first.independent.min(second.independent) * (left(second) / left(first)).ln()
}

/// How many blocks of unequal weight are worth, less one for the mean.
fn degrees_of_freedom(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights
        .map(|weight| weight.max(0.0))
        .fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
    (sum * sum / squares - 1.0).max(1.0)
}

/// How much wider the 95 % interval of Student's distribution is than the normal one: within 1 % from four
/// degrees of freedom on, too narrow below.
fn student(freedom: f64) -> f64 {
    1.0 + (1.2 + 1.9 / (freedom * freedom)) / freedom
}

/// By how many standard errors the first explains more than the second (Vuong 1989). What a block adds is
/// expected to grow with its energy.
pub fn lead(first: &Fit, second: &Fit) -> f64 {
    let leads: Vec<(f64, f64)> = first
        .shares
        .iter()
        .zip(&second.shares)
        .map(|(first, second)| (0.5 * (first.0 + second.0), second.1 - first.1))
        .collect();
    let energy: f64 = leads.iter().map(|(energy, _)| energy).sum();
    let total: f64 = leads.iter().map(|(_, lead)| lead).sum();
    let freedom = degrees_of_freedom(leads.iter().map(|(energy, _)| *energy));
    let squares: f64 = leads
        .iter()
        .map(|(share, lead)| lead - total * share / energy)
        .map(|beyond| beyond * beyond)
        .sum();
    let error = (squares * (1.0 + 1.0 / freedom)).sqrt() * student(freedom);
    if error > 0.0 { total / error } else { 0.0 }
}
