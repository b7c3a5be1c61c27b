//! How one clock runs against another, from readings of both.
//!
//! Readings are taken in file order: device times may jump, run backwards or begin again. Implausible ones are
//! left out, the scatter of the rest is learnt, steps are told from wrong readings, and between steps offset and
//! skew are smoothed with as much wander as the readings show. Everything is one pass or a few over the readings,
//! without threads or randomness.

mod arrivals;
mod assemble;
mod blocks;
mod borders;
mod check;
mod confirm;
mod curve;
mod delay;
mod filter;
mod fit;
mod gate;
mod knots;
mod model;
mod noise;
mod round_trip;
mod steps;
mod stiffness;
mod stretch;
mod survey;
mod weights;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod step_tests;
#[cfg(test)]
mod tests;

pub use fit::fit;
pub use model::{Arrivals, Check, Fit, Jumps, Knot, Options, Readings, Segment, Step, Verdict};
pub use survey::{JumpSurvey, StampJump};
