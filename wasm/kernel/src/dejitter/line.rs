//! Follows phase and period of the lattice (Kalman filter of a line whose slope wanders).

/// Wander of the rate: standard deviation after one second, relative.
const WANDER: f64 = 1e-7;
/// Wander of the phase in periods after one second.
const PHASE_WANDER: f64 = 1e-5;

/// A period never strays farther from the first one, relative.
const FARTHEST: f64 = 0.2;

/// When each place of the lattice is due.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    origin: i64,
    place: i64,
    phase: f64,
    pub period: f64,
    first_period: f64,
    phase_variance: f64,
    covariance: f64,
    period_variance: f64,
}

impl Line {
    /// Starts at a stamp with the standard deviations of phase and period.
    pub fn new(origin: i64, place: i64, period: f64, phase_sigma: f64, period_sigma: f64) -> Line {
        Line {
            origin,
            place,
            phase: 0.0,
            period,
            first_period: period,
            phase_variance: phase_sigma * phase_sigma,
            covariance: 0.0,
            period_variance: period_sigma * period_sigma,
        }
    }

    /// Stamp minus due time of a place, in ns.
    #[inline(always)]
    pub fn lateness(&self, stamp: i64, place: i64) -> f64 {
        let passed = stamp.saturating_sub(self.origin) as f64;
        passed - self.phase - self.period * place.saturating_sub(self.place) as f64
    }

    /// Moves on to a place, and its origin along.
    fn predict(&mut self, place: i64) {
        let steps = place.saturating_sub(self.place) as f64;
        let seconds = steps.abs() * self.period / 1e9;
        let wander = WANDER * self.period;
        let drift = PHASE_WANDER * self.period;
        let q = wander * wander * seconds;
        self.phase += self.period * steps;
        self.phase_variance += 2.0 * steps * self.covariance
            + steps * steps * (self.period_variance + q / 3.0)
            + drift * drift * seconds;
        self.covariance += steps * (self.period_variance + q / 2.0);
        self.period_variance += q;
        self.place = place;
        let whole = self.phase.floor();
        self.origin = self.origin.saturating_add(whole as i64);
        self.phase -= whole;
    }

    /// Variance of the mean lateness of samples about a place, without their own noise.
    pub fn variance_at(&self, place: i64) -> f64 {
        let mut ahead = *self;
        ahead.predict(place);
        ahead.phase_variance
    }

    /// Takes in the mean lateness about a place, with its variance.
    pub fn update(&mut self, place: i64, late: f64, variance: f64) {
        self.predict(place);
        let total = self.phase_variance + variance;
        if total <= 0.0 || !late.is_finite() {
            return;
        }
        let (gain, period_gain) = (self.phase_variance / total, self.covariance / total);
        if !(((self.period + period_gain * late) / self.first_period - 1.0).abs() < FARTHEST) {
            return;
        }
        self.phase += gain * late;
        self.period += period_gain * late;
        self.period_variance -= period_gain * self.covariance;
        self.covariance *= 1.0 - gain;
        self.phase_variance *= 1.0 - gain;
    }

    /// Moves the phase, which is known no better than `sigma` from then on.
    pub fn shift(&mut self, change: f64, sigma: f64) {
        self.phase += change;
        self.phase_variance = self.phase_variance.max(sigma * sigma);
        self.covariance = 0.0;
    }

    /// Starts at another stamp and place, with the period that is known.
    pub fn anchor(&mut self, origin: i64, place: i64, sigma: f64) {
        self.origin = origin;
        self.place = place;
        self.phase = 0.0;
        self.phase_variance = sigma * sigma;
        self.covariance = 0.0;
    }

    /// Standard deviation of the period.
    pub fn period_sigma(&self) -> f64 {
        self.period_variance.max(0.0).sqrt()
    }
}
