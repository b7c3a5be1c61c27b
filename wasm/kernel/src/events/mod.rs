//! Matching of two trains of events that two clocks stamped.
//!
//! Nothing is known of the clocks but how far they may drift; each train misses events of the other and has some of
//! its own. The way: differences of a window of one train to all of the other show a peak where they agree
//! (`seed`), a filter follows the events from there (`follow`), a smoother and an order-preserving assignment settle
//! who belongs to whom (`smooth`, `assign`), and what chance and the second best offset would give decides whether
//! it is believed (`judge`). `compare` does so for two pieces, `search` for each stretch between steps of the clocks.

mod assign;
mod chance;
mod compare;
mod follow;
mod judge;
mod search;
mod seed;
mod smooth;
mod train;

#[cfg(test)]
mod tests;

pub use search::{match_trains, Found, Options, Stretch, Verdict};
pub use train::Train;
