//! Places the samples of a regular stream on the lattice of its sampling clock, without the jitter of its stamps.
//!
//! [`Survey`] passes over the stamps once and keeps block means and the places where the lattice jumps;
//! [`Solution`] smooths the blocks, tells gaps from steps of the clock and counts what is missing;
//! [`Placer`] passes over the rows again and writes their times. Memory grows with blocks and jumps only.

mod again;
mod apply;
mod blocks;
mod chunk;
mod doubt;
mod found;
mod jumps;
mod line;
mod open;
mod order;
mod packets;
mod paths;
mod phase;
mod plain;
mod slips;
mod smooth;
mod solve;
mod split;
mod state;
mod survey;
mod tracker;
mod warm_up;
#[cfg(test)]
mod blurred_tests;
#[cfg(test)]
mod phase_tests;
#[cfg(test)]
mod restart_tests;
#[cfg(test)]
mod slip_tests;
#[cfg(test)]
mod tests;

pub use apply::{Into, Placer};
pub use solve::{Gap, Solution, SolveOptions};
pub use survey::{Skipped, Survey};
pub use found::Found;
