//! What goes into a fit and what comes out.

pub use crate::clock_apply::Knot;
pub use super::check::Check;

/// Readings of two clocks at the same instants, in the order in which they were recorded. Arrays other than the
/// first two may be empty, and NaN where a value is unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readings<'a> {
    /// ns
    pub device: &'a [i64],
    /// ns
    pub reference: &'a [i64],
    /// Round-trip times, ns.
    pub round_trips: &'a [f64],
    /// One sigma of each difference, ns.
    pub sigmas: &'a [f64],
    /// Samples recorded before each reading.
    pub rows: &'a [f64],
    /// How many arrivals each reading is the quickest of, when the readings are arrivals.
    pub counts: &'a [f64],
}

/// Places where the stamps of a stream on the device clock jump, in file order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jumps<'a> {
    /// Sample after each jump.
    pub rows: &'a [f64],
    /// Its stamp, ns.
    pub device: &'a [i64],
    /// How much more than usual the stamps advanced, ns.
    pub sizes: &'a [i64],
    /// Smallest jump that would have been seen, ns; infinite when not everything was looked at.
    pub smallest: f64,
    /// 1 where the reference jumped and the stamps ran on; may be empty.
    pub in_host: &'a [u8],
}

impl Jumps<'_> {
    pub fn is_in_host(&self, at: usize) -> bool {
        self.in_host.get(at) == Some(&1)
    }
}

/// What is known beforehand of arrivals.
#[derive(Clone, Copy, Debug)]
pub struct Arrivals {
    /// Coarseness of both stamps together, ns, beyond what they show.
    pub resolution: f64,
    /// Bounds of the smallest delay, ns.
    pub low: f64,
    pub high: f64,
}

/// What is known besides the readings.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Standard deviation of the skew, before any reading: 5e-5 for a crystal.
    pub skew_sigma: f64,
    /// Device times that the model should cover besides the readings, first and last.
    pub span: Option<(i64, i64)>,
    /// The readings are arrivals, not readings at the same instant.
    pub arrivals: Option<Arrivals>,
}

impl Default for Options {
    fn default() -> Options {
        Options { skew_sigma: 5e-5, span: None, arrivals: None }
    }
}

/// What became of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Used = 0,
    Garbage = 1,
    Late = 2,
    Outlier = 3,
}

/// A stretch without a step.
#[derive(Clone, Debug)]
pub struct Segment {
    pub from: i64,
    pub to: i64,
    /// First sample of the stretch, NaN where unknown.
    pub first_row: f64,
    pub knots: Vec<Knot>,
}

/// A sudden change of a clock.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// First device time after it.
    pub at: i64,
    /// Change of reference minus device, ns.
    pub change: f64,
    /// The reference was set: device stamps run on through it.
    pub in_host: bool,
}

/// A clock against another.
#[derive(Clone, Debug)]
pub struct Fit {
    pub segments: Vec<Segment>,
    pub steps: Vec<Step>,
    pub verdicts: Vec<Verdict>,
    /// Reading minus model, ns; NaN for garbage.
    pub residuals: Vec<f64>,
    /// One sigma with which each reading counts, ns; NaN for garbage.
    pub sigmas: Vec<f64>,
    pub check: Check,
    /// Mean change of the offset per device time, dimensionless.
    pub drift: f64,
    pub drift_sigma: f64,
    /// Root mean square of the residuals of used readings, ns.
    pub rms: f64,
}
