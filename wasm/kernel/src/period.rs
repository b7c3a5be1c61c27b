//! The sample period of a stretch of time stamps, whatever their jitter and packets.

/// Distances in samples over which intervals are compared.
const LAGS: [usize; 7] = [1, 4, 16, 64, 256, 1024, 4096];
/// Relative spread below which intervals count as regular.
const TIGHT: f64 = 0.1;
/// From this lag on, independent arrivals look regular as well, so that growth of the spread decides.
const UNSURE_LAG: usize = 64;

/// A sample period and how far apart samples must be for it to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub ns: f64,
    /// Lag at which intervals become regular: 1 for stamps with little jitter, more for packets.
    pub lag: usize,
}

struct Spread {
    lag: usize,
    median: f64,
    deviation: f64,
}

fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

fn spread(times: &[i64], lag: usize) -> Spread {
    let difference = |i: usize| times[i + lag].saturating_sub(times[i]) as f64;
    let mut intervals: Vec<f64> = (0..times.len() - lag).map(difference).collect();
    let median_interval = median(&mut intervals);
    for interval in &mut intervals {
        *interval = (*interval - median_interval).abs();
    }
    Spread {
        lag,
        median: median_interval,
        deviation: median(&mut intervals),
    }
}

/// Independent arrivals spread with the root of the lag, a clock does not.
fn grows(spreads: &[Spread], index: usize) -> bool {
    let Spread { lag, deviation, median } = spreads[index];
    let far = index + 2;
    if lag < UNSURE_LAG {
        return false;
    }
    far >= spreads.len() || spreads[far].deviation > 2.0 * deviation + 0.5 * median / lag as f64
}

/// Standard error of the period that a median shows, taking intervals that overlap for one.
fn uncertainty(spread: &Spread, count: usize) -> f64 {
    let independent = (count as f64 / spread.lag as f64).max(1.0);
    1.86 * spread.deviation / independent.sqrt() / spread.lag as f64
}

/// Finds the period of stamps, or none when they are not regular.
///
/// Intervals are compared over growing distances: the first at which they agree shows the period, and longer
/// ones sharpen it for as long as they span the same number of samples.
pub fn find_period(times: &[i64]) -> Option<Period> {
    let lags = LAGS.iter().filter(|&&lag| lag == 1 || lag * 4 <= times.len());
    if times.len() < 4 {
        return None;
    }
    let spreads: Vec<Spread> = lags.map(|&lag| spread(times, lag)).collect();
    let is_tight = |s: &Spread| s.median > 0.0 && s.deviation <= TIGHT * s.median;
    let first = spreads.iter().position(is_tight)?;
    if grows(&spreads, first) {
        return None;
    }
    let mut ns = spreads[first].median / spreads[first].lag as f64;
    for pair in spreads[first..].windows(2) {
        let Spread { lag, median, .. } = pair[1];
        let allowed = 0.5 * ns + 2.0 * uncertainty(&pair[0], times.len()) * lag as f64;
        if (median - ns * lag as f64).abs() >= allowed {
            break;
        }
        ns = median / lag as f64;
    }
    let lag = spreads[first].lag;
    let ns = if lag > 1 { sharpened(times, ns) } else { ns };
    Some(Period { ns, lag })
}

/// Stretches whose quickest arrivals sharpen the period of packets.
const STRETCHES: usize = 16;
/// Samples of a stretch, at least.
const STRETCH: usize = 256;
/// Largest correction.
const CORRECTION: f64 = 5e-3;

/// Corrects the period of packets by the quickest arrivals, whose delays differ least.
fn sharpened(times: &[i64], ns: f64) -> f64 {
    let length = times.len() / STRETCHES;
    if length < STRETCH {
        return ns;
    }
    let late = |row: usize| times[row].saturating_sub(times[0]) as f64 - row as f64 * ns;
    let floor = |start: usize| (start..start + length).map(late).fold(f64::INFINITY, f64::min);
    let floors: Vec<f64> = (0..STRETCHES).map(|index| floor(index * length)).collect();
    let mut rises: Vec<f64> = floors.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let correction = median(&mut rises) / length as f64;
    if correction.abs() < CORRECTION * ns {
        ns + correction
    } else {
        ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn coarse_stamps_show_the_true_period() {
        let times: Vec<i64> = (0..8192).map(|i| i * 7_812_500 / 1_000_000 * 1_000_000).collect();
        let period = find_period(&times).unwrap();
        assert!((period.ns - 7_812_500.0).abs() < 300.0, "{period:?}");
    }

    #[test]
    fn packets_show_the_true_period() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let times: Vec<i64> = (0..1024)
                .flat_map(|packet| {
                    let sent = (packet * 8 + 7) as f64 * 7_812_500.0;
                    [(sent + random.exponential() * 20e6) as i64; 8]
                })
                .collect();
            let period = find_period(&times).unwrap();
            assert!(period.lag > 1 && (period.ns / 7_812_500.0 - 1.0).abs() < 5e-4, "{period:?}");
        }
    }

    #[test]
    fn independent_arrivals_have_no_period() {
        let mut random = Random::new(2);
        let mut now = 0.0;
        let times: Vec<i64> = (0..8192)
            .map(|_| {
                now += random.exponential() * 1e7;
                now as i64
            })
            .collect();
        assert_eq!(find_period(&times), None);
    }

    #[test]
    fn single_drops_do_not_bias_it() {
        let mut random = Random::new(3);
        let times: Vec<i64> =
            (0..8192).filter(|_| random.uniform() > 0.02).map(|i| i * 33_333_333).collect();
        assert_eq!(find_period(&times).unwrap().ns, 33_333_333.0);
    }
}
