//! Recordings of the lab streaming layer: XDF 1.0, a sequence of tagged chunks behind the word `XDF:`.
//!
//! A chunk is the number of bytes of its length (1, 4 or 8), its length, a tag of two bytes and its content. All
//! numbers are little-endian.

pub mod frame;
pub mod parser;
#[cfg(test)]
mod parser_tests;
mod samples;
mod search;
pub mod seconds;
pub mod stream;
