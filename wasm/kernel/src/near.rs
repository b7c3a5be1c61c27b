//! Conversions between integers and floats in operations that exist for vectors.
//!
//! Adding a large float to a small one leaves the small one in its last bits, where it reads as an integer.

/// Whole numbers up to a quarter of this are exact in the last bits of a float that it was added to.
const SHIFT: f64 = 6_755_399_441_055_744.0;
const SHIFT_BITS: i64 = SHIFT.to_bits() as i64;
/// What can be converted lies below this, on both sides of zero.
pub const NEAR: i64 = 1 << 50;

/// The float of an integer below [`NEAR`]; rubbish for others.
pub fn near_float(value: i64) -> f64 {
    f64::from_bits(value.wrapping_add(SHIFT_BITS) as u64) - SHIFT
}

/// The integer of a whole float below [`NEAR`]; rubbish for others.
pub fn near_integer(value: f64) -> i64 {
    ((value + SHIFT).to_bits() as i64).wrapping_sub(SHIFT_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_are_exact() {
        for value in [0, 1, -1, 12_345_678_901, NEAR, -NEAR, NEAR - 1] {
            assert_eq!(near_float(value), value as f64);
            assert_eq!(near_integer(value as f64), value);
        }
    }
}
