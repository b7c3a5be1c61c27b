//! Pictures: colours, crops, masks, and what is drawn on them.

pub mod coco;
pub mod color;
pub mod crop;
pub mod frame;
pub mod geometry;
pub mod hand_mask;
pub mod hand_shape;
pub mod lanes;
pub mod runs;
pub mod skin_model;
pub mod smooth;
pub mod source;
pub mod turn;
