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
mod memory;
mod motion;
mod sampling;
mod thermal;
mod timeline;
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
pub use memory::*;
pub use motion::*;
pub use sampling::*;
pub use thermal::*;
pub use timeline::*;
pub use track::*;
pub use xdf::*;
