//! The only exports of the WebAssembly module: pointers and lengths in, numbers out.
//!
//! The caller owns every buffer: it asks [`sp_alloc`] for it and gives it back to [`sp_free`]. Lengths count
//! elements, not bytes, unless a name ends in `_bytes`. Nothing here holds logic; that is the kernel's.

mod audio;
mod column_stats;
mod csv;
mod fft;
mod events;
mod format;
mod clock;
mod dejitter;
mod joiner;
mod image;
mod image_draw;
mod image_finder;
mod image_mask;
mod memory;
mod motion;
mod resampler;
mod sampler;
mod sampling;
mod sides;
mod thermal;
mod track;
mod xdf;

pub use audio::*;
pub use column_stats::*;
pub use csv::*;
pub use fft::*;
pub use events::*;
pub use format::*;
pub use clock::*;
pub use dejitter::*;
pub use joiner::*;
pub use image::*;
pub use image_draw::*;
pub use image_finder::*;
pub use image_mask::*;
pub use memory::*;
pub use motion::*;
pub use resampler::*;
pub use sampler::*;
pub use sampling::*;
pub use sides::*;
pub use thermal::*;
pub use track::*;
pub use xdf::*;
