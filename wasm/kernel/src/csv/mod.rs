//! Delimiter-separated text: bytes in, typed columns out.
//!
//! [`scanner`] drives; [`window`] holds the bytes that are being read; [`marks`] finds separators, quotes and
//! line ends with SIMD; [`column`] converts cells with [`number`], [`integer`] and [`time`], or interns them in
//! [`words`]; [`defect`] lists what was wrong.

pub mod block;
pub mod column;
pub mod decimal;
pub mod defect;
pub mod integer;
pub mod marks;
pub mod number;
pub mod numeral;
pub mod powers;
pub mod record;
pub mod scanner;
#[cfg(test)]
mod scanner_tests;
pub mod time;
pub mod window;
pub mod words;

/// Stands for an integer or a time that was not recorded.
pub const MISSING: i64 = i64::MIN;
