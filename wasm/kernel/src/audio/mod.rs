//! Sound recorded by two devices: where it agrees, roughly and to a part of a sample.

mod coarse;
mod loudness;
mod phat;
mod sinc;

#[cfg(test)]
mod tests;

pub use coarse::{lines, Line};
pub use loudness::Loudness;
pub use phat::{Delay, Phat, Piece};
