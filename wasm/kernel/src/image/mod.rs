//! Pictures: colours, crops, masks, and what is drawn on them.

pub mod bit_rows;
pub mod coco;
pub mod color;
pub mod components;
pub mod crop;
pub mod cut;
pub mod depth;
pub mod draw;
pub mod encode;
pub mod enlarge;
pub mod frame;
pub mod geometry;
pub mod hand_finder;
pub mod hand_likeness;
pub mod hand_mask;
pub mod hand_shape;
pub mod lanes;
pub mod morphology;
pub mod otsu;
pub mod paste;
pub mod runs;
pub mod skin_map;
pub mod skin_model;
pub mod smooth;
pub mod source;
pub mod turn;
#[cfg(test)]
mod fuzz;
