//! A smooth line through block means: a line whose slope wanders (integrated random walk), with the wander that
//! makes the blocks most likely. Kalman filter and smoother (Rauch, Tung and Striebel 1965), linear in the blocks.

/// Wanders of the rate that are tried: relative standard deviation after one second. None is a straight line.
const WANDERS: [f64; 8] = [0.0, 1e-10, 3e-10, 1e-9, 3e-9, 1e-8, 3e-8, 1e-7];
/// Log likelihood by which a greater wander must win.
const PREFERENCE: f64 = 4.0;
/// Standard scores beyond which a block counts less.
const BOUND: f64 = 4.0;
/// What is known of the rate beforehand, relative.
const RATE_SIGMA: f64 = 1e-2;

/// A mean of samples.
#[derive(Clone, Copy, Debug)]
pub struct Observed {
    pub place: f64,
    pub time: f64,
    pub variance: f64,
}

/// The line at the place of an observation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Smoothed {
    pub time: f64,
    pub period: f64,
    pub sigma: f64,
}

/// Mean and covariance of time and period; the time is relative to a straight line.
#[derive(Clone, Copy, Debug)]
struct State {
    x: [f64; 2],
    p: [f64; 3],
}

#[derive(Clone, Copy, Debug)]
struct Step {
    distance: f64,
    predicted: State,
    filtered: State,
}

struct Run {
    steps: Vec<Step>,
    log_likelihood: f64,
    /// Mean square of the standard scores.
    misfit: f64,
}

fn predict(state: State, distance: f64, q: f64) -> State {
    let [x, v] = state.x;
    let [a, b, c] = state.p;
    State {
        x: [x + distance * v, v],
        p: [
            a + 2.0 * distance * b + distance * distance * c + q * distance * distance * distance / 3.0,
            b + distance * c + q * distance * distance / 2.0,
            c + q * distance,
        ],
    }
}

/// Variance that a period gains with each place.
fn noise_of_rate(wander: f64, period: f64) -> f64 {
    wander * wander * period * period * (period / 1e9)
}

fn update(state: State, residual: f64, variance: f64) -> State {
    let [a, b, c] = state.p;
    let total = a + variance;
    let (k, l) = (a / total, b / total);
    State {
        x: [state.x[0] + k * residual, state.x[1] + l * residual],
        p: [a * variance / total, b * variance / total, (c - l * b).max(0.0)],
    }
}

/// The straight line about which the rest is small.
#[derive(Clone, Copy)]
struct Reference {
    place: f64,
    time: f64,
    period: f64,
}

fn reference(blocks: &[Observed]) -> Reference {
    let third = (blocks.len() / 3).max(1);
    let mean = |part: &[Observed]| {
        let count = part.len() as f64;
        let place = part.iter().map(|block| block.place).sum::<f64>() / count;
        (place, part.iter().map(|block| block.time).sum::<f64>() / count)
    };
    let (first, last) = (mean(&blocks[..third]), mean(&blocks[blocks.len() - third..]));
    Reference { place: first.0, time: first.1, period: (last.1 - first.1) / (last.0 - first.0) }
}

struct Model<'a> {
    blocks: &'a [Observed],
    reference: Reference,
    start: State,
}

impl<'a> Model<'a> {
    /// Blocks with their variances; the period stands in where they show none.
    fn new(blocks: &'a [Observed], period: f64) -> (Model<'a>, Vec<f64>) {
        let mut reference = reference(blocks);
        if !reference.period.is_finite() {
            reference.period = period;
        }
        let rate = RATE_SIGMA * reference.period;
        let spread = blocks.iter().map(|block| block.variance).fold(0.0, f64::max);
        let start = State { x: [0.0, 0.0], p: [1e4 * spread + 1e12, 0.0, rate * rate] };
        (Model { blocks, reference, start }, blocks.iter().map(|block| block.variance).collect())
    }

    fn residual(&self, index: usize) -> f64 {
        let block = self.blocks[index];
        let Reference { place, time, period } = self.reference;
        block.time - time - period * (block.place - place)
    }

    fn run(&self, wander: f64, keep: bool, variances: &mut [f64], reweigh: bool) -> Run {
        let period = self.reference.period;
        let q = noise_of_rate(wander, period);
        let mut run = Run { steps: Vec::new(), log_likelihood: 0.0, misfit: 0.0 };
        let mut state = self.start;
        let mut before = self.blocks[0].place;
        for index in 0..self.blocks.len() {
            let distance = self.blocks[index].place - before;
            before = self.blocks[index].place;
            let predicted = if index == 0 { state } else { predict(state, distance, q) };
            let residual = self.residual(index) - predicted.x[0];
            let mut total = predicted.p[0] + variances[index];
            let score = residual * residual / total;
            if reweigh && index > 1 && score > BOUND * BOUND {
                variances[index] *= score / (BOUND * BOUND);
                total = predicted.p[0] + variances[index];
            }
            if index > 1 {
                let score = residual * residual / total;
                run.log_likelihood -= 0.5 * (score + total.ln());
                run.misfit += score;
            }
            state = update(predicted, residual, variances[index]);
            if keep {
                run.steps.push(Step { distance, predicted, filtered: state });
            }
        }
        run.misfit /= (self.blocks.len() as f64 - 2.0).max(1.0);
        run
    }

    /// Weighs blocks once, so that a stiff line cannot explain everything by rejecting it.
    fn weigh(&self, variances: &mut [f64]) {
        self.run(WANDERS[WANDERS.len() - 2], false, variances, true);
    }

    fn best_wander(&self, variances: &mut [f64]) -> f64 {
        self.weigh(variances);
        let mut best = (WANDERS[0], self.run(WANDERS[0], false, variances, false).log_likelihood);
        for &wander in &WANDERS[1..] {
            let likelihood = self.run(wander, false, variances, false).log_likelihood;
            if likelihood > best.1 + PREFERENCE {
                best = (wander, likelihood);
            }
        }
        best.0
    }
}

/// One step back of the smoother.
fn back(next: State, step: &Step, filtered: State) -> State {
    let [a, b, c] = filtered.p;
    let d = step.distance;
    let [pa, pb, pc] = step.predicted.p;
    let determinant = pa * pc - pb * pb;
    if !(determinant > 0.0) {
        return filtered;
    }
    // Gain: covariance of now and next, times the inverse of the predicted covariance.
    let (m00, m01, m10, m11) = (a + d * b, b, b + d * c, c);
    let g00 = (m00 * pc - m01 * pb) / determinant;
    let g01 = (m01 * pa - m00 * pb) / determinant;
    let g10 = (m10 * pc - m11 * pb) / determinant;
    let g11 = (m11 * pa - m10 * pb) / determinant;
    let dx = [next.x[0] - step.predicted.x[0], next.x[1] - step.predicted.x[1]];
    let (ea, eb, ec) = (next.p[0] - pa, next.p[1] - pb, next.p[2] - pc);
    State {
        x: [filtered.x[0] + g00 * dx[0] + g01 * dx[1], filtered.x[1] + g10 * dx[0] + g11 * dx[1]],
        p: [
            (a + g00 * g00 * ea + 2.0 * g00 * g01 * eb + g01 * g01 * ec).max(0.0),
            b + g00 * g10 * ea + (g00 * g11 + g01 * g10) * eb + g01 * g11 * ec,
            (c + g10 * g10 * ea + 2.0 * g10 * g11 * eb + g11 * g11 * ec).max(0.0),
        ],
    }
}

/// A line where the blocks that it follows end.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    pub time: f64,
    pub period: f64,
    /// Of time and period.
    pub covariance: [f64; 3],
    misfit: f64,
}

impl Ending {
    /// The line so many places farther on.
    pub fn ahead(&self, places: f64, wander: f64, period: f64) -> Ending {
        let state = State { x: [self.time, self.period], p: self.covariance };
        let State { x: [time, period], p } = predict(state, places, noise_of_rate(wander, period));
        Ending { time, period, covariance: p, ..*self }
    }

    /// By how much the blocks of two lines scatter more than they should, at least 1.
    pub fn misfit_of(first: &Ending, second: &Ending) -> f64 {
        first.misfit.max(second.misfit).max(1.0)
    }
}

/// Follows blocks in order of their places to the last one, with a given wander.
pub fn line_at_end(blocks: &[Observed], period: f64, wander: f64) -> Ending {
    let (model, mut variances) = Model::new(blocks, period);
    model.weigh(&mut variances);
    let run = model.run(wander, true, &mut variances, false);
    let State { x: [late, faster], p } = run.steps[blocks.len() - 1].filtered;
    let Reference { place, time, period } = model.reference;
    let straight = time + period * (blocks[blocks.len() - 1].place - place);
    Ending { time: straight + late, period: period + faster, covariance: p, misfit: run.misfit }
}

/// The wander that makes blocks most likely.
pub fn likely_wander(blocks: &[Observed], period: f64) -> f64 {
    let (model, mut variances) = Model::new(blocks, period);
    model.best_wander(&mut variances)
}

/// Smooths block means in order of their places; the period stands in where there is one block.
pub fn smooth(blocks: &[Observed], period: f64) -> Vec<Smoothed> {
    if blocks.len() < 2 {
        let single = |block: &Observed| Smoothed { time: block.time, period, sigma: block.variance.sqrt() };
        return blocks.iter().map(single).collect();
    }
    let (model, mut variances) = Model::new(blocks, period);
    let reference = model.reference;
    let wander = model.best_wander(&mut variances);
    let run = model.run(wander, true, &mut variances, false);
    let widened = run.misfit.max(1.0).sqrt();
    let mut result = vec![Smoothed::default(); blocks.len()];
    let mut state = run.steps[blocks.len() - 1].filtered;
    for index in (0..blocks.len()).rev() {
        if index + 1 < blocks.len() {
            state = back(state, &run.steps[index + 1], run.steps[index].filtered);
        }
        result[index] = Smoothed {
            time: reference.time + reference.period * (blocks[index].place - reference.place) + state.x[0],
            period: reference.period + state.x[1],
            sigma: state.p[0].sqrt() * widened,
        };
    }
    result
}
