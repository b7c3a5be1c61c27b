//! Numeric kernels of session-process: pure Rust, no crates, no knowledge of JavaScript.
//!
//! Every function takes slices and returns values, so that `cargo test` checks it natively. The crate
//! beside this one, `seam`, is the only code that turns pointers into slices.

pub mod asof;
pub mod audio;
pub mod clock_apply;
pub mod digits;
pub mod column_stats;
pub mod csv;
pub mod dejitter;
pub mod envelope;
pub mod fft;
pub mod events;
pub mod format;
pub mod grid;
pub mod grid_join;
pub mod grid_sampler;
pub mod histogram;
pub mod image;
pub mod keys;
pub mod lattice;
pub mod merge;
pub mod moments;
pub mod motion;
pub mod near;
pub mod one_to_one;
pub mod pchip;
pub mod period;
pub mod quick;
pub mod resample;
pub mod sampling;
pub mod shortest;
pub mod sides;
pub mod thermal;
pub mod thermal_view;
pub mod track;
pub mod xdf;
#[cfg(test)]
mod testing;
