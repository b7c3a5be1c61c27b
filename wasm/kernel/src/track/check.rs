//! Whether readings that a fit did not see lie within what it states.

/// Share of standardised residuals that should lie within 1.96.
const STATED: f64 = 0.95;
const LIMIT: f64 = 1.96;
/// Readings below which nothing is concluded.
const FEWEST: usize = 20;
/// Standard scores beyond which a check has failed.
const FAILED: f64 = 3.0;

/// What the check found.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    pub count: usize,
    pub coverage: f64,
    pub runs_score: f64,
    pub widened: f64,
}

/// Judges standardised residuals of held-out readings and, in order of time, residuals of all that were used.
pub fn judge(held_out: &[f64], residuals: &[f64]) -> Check {
    let count = held_out.len();
    let inside = held_out.iter().filter(|off| off.abs() <= LIMIT).count();
    let coverage = if count == 0 { f64::NAN } else { inside as f64 / count as f64 };
    let runs_score = runs(residuals);
    let widened = spread_factor(held_out, coverage).max(correlation_factor(residuals, runs_score));
    Check { count, coverage, runs_score, widened }
}

/// Standard score of the number of runs of equal sign (Wald and Wolfowitz 1940).
fn runs(residuals: &[f64]) -> f64 {
    let above = residuals.iter().filter(|off| **off > 0.0).count() as f64;
    let below = residuals.len() as f64 - above;
    if residuals.len() < FEWEST || above == 0.0 || below == 0.0 {
        return 0.0;
    }
    let changes = residuals.windows(2).filter(|pair| (pair[0] > 0.0) != (pair[1] > 0.0)).count();
    let total = above + below;
    let mean = 2.0 * above * below / total + 1.0;
    let variance = (mean - 1.0) * (mean - 2.0) / (total - 1.0);
    (changes as f64 + 1.0 - mean) / variance.sqrt()
}

/// How much wider the interval must be to hold what was held out.
fn spread_factor(held_out: &[f64], coverage: f64) -> f64 {
    let count = held_out.len();
    let chance = (STATED * (1.0 - STATED) / count.max(1) as f64).sqrt();
    if count < FEWEST || coverage >= STATED - FAILED * chance {
        return 1.0;
    }
    let mut sizes: Vec<f64> = held_out.iter().map(|off| off.abs()).collect();
    let place = ((count - 1) as f64 * STATED) as usize;
    (*sizes.select_nth_unstable_by(place, f64::total_cmp).1 / LIMIT).max(1.0)
}

/// How much less readings say together when neighbours err alike (a process of first order).
fn correlation_factor(residuals: &[f64], runs_score: f64) -> f64 {
    if runs_score > -FAILED {
        return 1.0;
    }
    let squares: f64 = residuals.iter().map(|off| off * off).sum();
    let products: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let correlation = (products / squares.max(f64::MIN_POSITIVE)).clamp(0.0, 0.98);
    ((1.0 + correlation) / (1.0 - correlation)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn honest_residuals_pass() {
        let mut random = Random::new(4);
        let residuals: Vec<f64> = (0..2000).map(|_| random.normal()).collect();
        let check = judge(&residuals, &residuals);
        assert!((check.coverage - 0.95).abs() < 0.02, "{}", check.coverage);
        assert!(check.runs_score.abs() < 3.0 && check.widened == 1.0);
    }

    #[test]
    fn too_small_an_uncertainty_is_widened_to_what_is_needed() {
        let mut random = Random::new(5);
        let residuals: Vec<f64> = (0..2000).map(|_| 2.0 * random.normal()).collect();
        let widened = judge(&residuals, &residuals).widened;
        assert!((widened - 2.0).abs() < 0.15, "{widened}");
    }

    #[test]
    fn a_curve_that_is_too_stiff_shows_in_the_runs() {
        let residuals: Vec<f64> = (0..400).map(|i| (f64::from(i) / 30.0).sin()).collect();
        let check = judge(&[], &residuals);
        assert!(check.runs_score < -10.0 && check.widened > 3.0);
    }

    #[test]
    fn nothing_is_concluded_from_little() {
        let check = judge(&[9.0], &[1.0, -1.0]);
        assert_eq!((check.widened, check.runs_score), (1.0, 0.0));
        assert!(judge(&[], &[]).coverage.is_nan());
    }
}
