//! How far apart the clocks of two recordings of the same movement are.
//!
//! [`activity`] keeps how strongly a sensor moved, coarsely; [`coarse`] finds where a stretch of one recording
//! may lie in the other; [`measure`] compares the movements themselves there, whatever the mounting of the
//! sensors, and says how far off the clocks are and how surely.

pub mod activity;
pub mod coarse;
mod grid;
pub mod measure;
mod refine;
mod rotation;
#[cfg(test)]
mod simulation;
mod spikes;
pub mod unroll;
