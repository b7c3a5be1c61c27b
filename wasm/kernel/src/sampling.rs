//! Statistics of the time stamps of one stream, in one pass and bounded memory.

use crate::histogram::Histogram;
use crate::lattice::{Gaps, Lattice};
use crate::period::{find_period, Period};

/// Stands for a time that was not recorded.
pub const MISSING: i64 = i64::MIN;
/// Samples from which the period is found before gaps are counted.
const WARM_UP: usize = 8192;
/// Decimal steps that are tried as the coarseness of stamps: 1 ns to 1 s.
const STEPS: usize = 10;
/// Share of stamps that may miss a decimal step.
const OFF_STEP: f64 = 1e-3;

/// Order of the figures that [`Sampling::figures`] writes.
pub const FIGURES: usize = 12;

/// Extremes of the stamps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub first: i64,
    pub last: i64,
    pub min: i64,
    pub max: i64,
}

/// Gathers statistics sample by sample.
#[derive(Clone, Default)]
pub struct Sampling {
    nominal_period: Option<f64>,
    rows: f64,
    count: f64,
    extent: Option<Extent>,
    duplicates: f64,
    backwards: f64,
    worst_backwards: f64,
    divisor: u64,
    on_step: [f64; STEPS],
    intervals: Histogram,
    deviations: Histogram,
    warm_up: Vec<(i64, f64)>,
    warm: bool,
    lattice: Option<Lattice>,
    period: Option<Period>,
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Number of decimal zeros at the end, at most nine.
fn decimal_zeros(mut value: u64) -> usize {
    if value == 0 {
        return STEPS - 1;
    }
    let mut zeros = 0;
    while zeros < STEPS - 1 && value % 10 == 0 {
        value /= 10;
        zeros += 1;
    }
    zeros
}

impl Sampling {
    /// Starts; a nominal period in ns stands in where the stamps show none.
    pub fn new(nominal_period: Option<f64>) -> Sampling {
        Sampling { nominal_period, ..Sampling::default() }
    }

    /// Adds the next samples in file order.
    pub fn add(&mut self, times: &[i64]) {
        for &time in times {
            if time != MISSING {
                self.add_one(time);
            }
            self.rows += 1.0;
        }
    }

    fn add_one(&mut self, time: i64) {
        self.count += 1.0;
        match self.extent {
            None => self.extent = Some(Extent { first: time, last: time, min: time, max: time }),
            Some(extent) => self.compare(time, extent),
        }
        if self.warm {
            if let Some(lattice) = &mut self.lattice {
                lattice.add(time, self.rows);
            }
        } else {
            self.warm_up.push((time, self.rows));
            if self.warm_up.len() == WARM_UP {
                self.find_period();
            }
        }
    }

    fn compare(&mut self, time: i64, extent: Extent) {
        let interval = time.saturating_sub(extent.last);
        if interval == 0 {
            self.duplicates += 1.0;
        } else if interval < 0 {
            self.backwards += 1.0;
            self.worst_backwards = self.worst_backwards.max(-(interval as f64));
        }
        self.intervals.add(interval.max(0) as u64);
        if let Some(period) = self.period {
            self.note_deviation(interval, period.ns);
        }
        self.note_step(time.abs_diff(extent.first));
        self.extent = Some(Extent {
            last: time,
            min: extent.min.min(time),
            max: extent.max.max(time),
            ..extent
        });
    }

    fn note_deviation(&mut self, interval: i64, period: f64) {
        self.deviations.add((interval as f64 - period).abs().round() as u64);
    }

    fn note_step(&mut self, distance: u64) {
        if self.divisor == 0 || distance % self.divisor != 0 {
            self.divisor = gcd(self.divisor, distance);
        }
        self.on_step[decimal_zeros(distance)] += 1.0;
    }

    /// Ends the warm-up: finds the period and passes on what was held back.
    fn find_period(&mut self) {
        self.warm = true;
        let times: Vec<i64> = self.warm_up.iter().map(|&(time, _)| time).collect();
        let nominal = || self.nominal_period.filter(|_| times.len() < 16).map(|ns| Period { ns, lag: 1 });
        self.period = find_period(&times).or_else(nominal);
        let held = std::mem::take(&mut self.warm_up);
        let Some(period) = self.period else {
            return;
        };
        for pair in held.windows(2) {
            self.note_deviation(pair[1].0.saturating_sub(pair[0].0), period.ns);
        }
        let mut lattice = Lattice::new(period);
        held.iter().for_each(|&(time, row)| lattice.add(time, row));
        self.lattice = Some(lattice);
    }

    /// Coarseness of the stamps in ns: a common divisor, or a decimal step that nearly all keep.
    fn quantum(&self) -> f64 {
        let compared: f64 = self.on_step.iter().sum();
        let mut kept = 0.0;
        for zeros in (0..STEPS).rev() {
            kept += self.on_step[zeros];
            if compared > 0.0 && kept >= compared * (1.0 - OFF_STEP) {
                return (self.divisor as f64).max(10f64.powi(zeros as i32));
            }
        }
        f64::NAN
    }

    /// Ends a copy, so that more samples can still be added to this one.
    pub fn finished(&self) -> Sampling {
        let mut done = self.clone();
        if !done.warm {
            done.find_period();
        }
        if let Some(lattice) = &mut done.lattice {
            lattice.finish();
        }
        done
    }

    /// Where the stamps begin and end.
    pub fn extent(&self) -> Option<Extent> {
        self.extent
    }

    /// The gaps of a finished copy.
    pub fn gaps(&self) -> Gaps {
        self.lattice.as_ref().map(|lattice| lattice.gaps.clone()).unwrap_or_default()
    }

    /// Figures of a finished copy: rows, count, median interval, rate in Hz, jitter, duplicates, backwards,
    /// worst backwards, quantum, whether samples are regular, spread of regular stamps, and spread of stamps as
    /// their neighbours show it.
    pub fn figures(&self) -> [f64; FIGURES] {
        let median = self.lattice.as_ref().map_or(self.intervals.median(), Lattice::mean_period);
        let jitter = if self.period.is_some() { self.deviations.median() } else { f64::NAN };
        [
            self.rows,
            self.count,
            median,
            self.rate(),
            jitter,
            self.duplicates,
            self.backwards,
            self.worst_backwards,
            self.quantum(),
            f64::from(u8::from(self.lattice.is_some())),
            self.lattice.as_ref().map_or(f64::NAN, Lattice::stamp_sigma),
            self.neighbour_sigma(),
        ]
    }

    /// Spread of a stamp about a sampling time that its neighbours tell, for timers that wander as no lattice does:
    /// 95 % of the intervals lie within 1.96 times it, since an interval has the errors of two stamps.
    fn neighbour_sigma(&self) -> f64 {
        if self.period.is_none() {
            return f64::NAN;
        }
        self.deviations.quantile(0.95) / 1.96 / core::f64::consts::SQRT_2
    }

    fn rate(&self) -> f64 {
        if let Some(lattice) = &self.lattice {
            return 1e9 / lattice.mean_period();
        }
        let span = self.extent.map_or(0.0, |extent| extent.max.saturating_sub(extent.min) as f64);
        if span > 0.0 { (self.count - 1.0) * 1e9 / span } else { f64::NAN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(times: &[i64]) -> [f64; FIGURES] {
        let mut sampling = Sampling::new(None);
        times.chunks(1000).for_each(|chunk| sampling.add(chunk));
        sampling.finished().figures()
    }

    #[test]
    fn coarse_regular_stamps() {
        let times: Vec<i64> = (0..20_000).map(|i| 1_700_000_000_123_000_000 + i * 125 / 16 * 1_000_000).collect();
        let [rows, count, median, rate, _, duplicates, backwards, _, quantum, regular, ..] = figures(&times);
        assert_eq!((rows, count, duplicates, backwards, quantum, regular), (2e4, 2e4, 0.0, 0.0, 1e6, 1.0));
        assert!((median - 7_812_500.0).abs() < 100.0 && (rate - 128.0).abs() < 2e-3, "{median} {rate}");
    }

    #[test]
    fn disorder_missing_times_and_duplicates_are_counted() {
        let figures = figures(&[0, 10, 10, MISSING, 5, 30, 20, 40]);
        assert_eq!(figures[..2], [8.0, 7.0]);
        assert_eq!(figures[5..8], [1.0, 2.0, 10.0]);
        assert_eq!(figures[8], 5.0);
    }

    #[test]
    fn a_few_odd_stamps_do_not_hide_the_step() {
        let mut times: Vec<i64> = (0..10_000).map(|i| i * 33_000_000).collect();
        times[77] += 123;
        assert_eq!(figures(&times)[8], 1e6);
    }

    #[test]
    fn the_split_into_batches_does_not_matter() {
        let times: Vec<i64> = (0..30_000i64).filter(|i| i % 97 != 5).map(|i| i * 4_000_000 + i * i % 1000).collect();
        let mut whole = Sampling::new(None);
        whole.add(&times);
        let whole = whole.finished();
        assert_eq!(whole.figures(), figures(&times));
        assert_eq!(whole.gaps().missing, (0..29_998).filter(|i| i % 97 == 5).count() as f64);
    }

    #[test]
    fn the_spread_among_neighbours_is_that_of_stamps_though_the_timer_wanders() {
        let mut random = crate::testing::Random::new(3);
        let (mut time, mut times) = (0.0, Vec::new());
        for i in 0..30_000 {
            time += 10e6 * (1.0 + 0.01 * (f64::from(i) / 700.0).sin());
            times.push((time + 1e6 * random.normal()) as i64);
        }
        let sigma = figures(&times)[11];
        assert!((sigma / 1e6 - 1.0).abs() < 0.05, "{sigma}");
    }

    #[test]
    fn nothing_and_one_sample() {
        assert!(figures(&[])[2].is_nan() && figures(&[7])[3].is_nan());
    }
}
