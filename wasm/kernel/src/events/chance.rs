//! What chance would give.

/// Natural logarithm of the factorial, by Stirling's series from 20 on.
fn log_factorial(k: f64) -> f64 {
    if k < 20.0 {
        return (2..=k as u32).map(|factor| f64::from(factor).ln()).sum();
    }
    k * k.ln() - k + 0.5 * (core::f64::consts::TAU * k).ln() + 1.0 / (12.0 * k)
}

/// Logarithm of a bound of the probability that a Poisson variable of this mean is `k` or more.
pub fn log_tail(k: f64, mean: f64) -> f64 {
    if k <= mean || k <= 0.0 {
        return 0.0;
    }
    if mean <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let term = k * mean.ln() - mean - log_factorial(k);
    // The terms fall at least as fast as a geometric series.
    (term - (1.0 - mean / (k + 1.0)).ln()).min(0.0)
}

/// Logarithm of a bound of the probability of `k` or more successes in `n` trials (Chernoff 1952).
pub fn log_binomial_tail(k: f64, n: f64, probability: f64) -> f64 {
    let share = k / n;
    if !(share > probability) {
        return 0.0;
    }
    if probability <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let misses = if share < 1.0 { (1.0 - share) * ((1.0 - share) / (1.0 - probability)).ln() } else { 0.0 };
    -n * (share * (share / probability).ln() + misses)
}

#[cfg(test)]
mod tests {
    use super::{log_binomial_tail, log_tail};

    #[test]
    fn bounds_the_poisson_tail() {
        // scipy.stats.poisson.logsf(k - 1, mean)
        for (k, mean, expected) in [
            (5.0, 1.0, -5.610_3),
            (30.0, 10.0, -15.197_8),
            (100.0, 50.0, -21.862_7),
            (2.0, 0.001, -14.509_3),
        ] {
            let found = log_tail(k, mean);
            assert!(found >= expected - 0.002 && found < expected + 0.8, "{k} {mean}: {found}");
        }
        assert_eq!(log_tail(3.0, 4.0), 0.0);
    }

    #[test]
    fn bounds_the_binomial_tail() {
        // scipy.stats.binom.logsf(k - 1, n, p)
        for (k, n, p, expected) in [(6.0, 6.0, 0.5, -4.158_9), (86.0, 100.0, 0.7, -8.757_1), (30.0, 40.0, 0.3, -18.982_3)] {
            let found = log_binomial_tail(k, n, p);
            assert!(found >= expected - 0.01 && found < expected + 2.0, "{k} {n} {p}: {found}");
        }
        assert_eq!(log_binomial_tail(3.0, 10.0, 0.4), 0.0);
        assert_eq!(log_binomial_tail(3.0, 10.0, 0.0), f64::NEG_INFINITY);
    }
}
