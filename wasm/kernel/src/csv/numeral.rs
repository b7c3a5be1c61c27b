//! Splits the usual number, `[-]digits[point digits]` with up to 19 digits, with a few vector instructions.
//!
//! The bytes that end with the cell are loaded at once, so that the last digit is always in the last lane; the
//! point is squeezed out by moving what stands before it; the digits are summed in pairs, fours and eights.

#[cfg(not(target_arch = "wasm32"))]
use super::decimal::Decimal;

/// What `bytes[start..end]` spells, or `None` when it is written otherwise, or too near to the start of `bytes`.
#[cfg(not(target_arch = "wasm32"))]
#[inline]
pub fn split_at(_bytes: &[u8], _start: usize, _end: usize, _point: u8) -> Option<Decimal> {
    None
}

#[cfg(target_arch = "wasm32")]
pub use vectors::split_at;

#[cfg(target_arch = "wasm32")]
mod vectors {
    use crate::csv::decimal::{Decimal, Tail};
    use core::arch::wasm32::*;

    const LANES: usize = 16;
    /// Most characters without the sign.
    const LONGEST: usize = 24;
    const TEN_TO_16: u64 = 10_000_000_000_000_000;
    /// Digits in front of sixteen others may be three.
    const MOST_HIGH: u64 = 999;

    /// What `bytes[start..end]` spells, or `None` when it is written otherwise, or too near to the start of
    /// `bytes`.
    #[inline]
    pub fn split_at(bytes: &[u8], start: usize, end: usize, point: u8) -> Option<Decimal> {
        let negative = *bytes.get(start)? == b'-';
        let length = end.wrapping_sub(start + usize::from(negative));
        if length.wrapping_sub(1) >= LONGEST {
            return None;
        }
        let near: &[u8; 2 * LANES] = bytes
            .get(end.wrapping_sub(2 * LANES)..end)?
            .try_into()
            .ok()?;
        let (mantissa, places) = if length <= LANES {
            short(near, length, point)?
        } else {
            long(near, length - LANES, point)?
        };
        Some(Decimal {
            negative,
            mantissa,
            exponent: -(places as i32),
            tail: Tail::None,
        })
    }

    /// Up to 16 characters.
    #[inline]
    fn short(near: &[u8; 2 * LANES], length: usize, point: u8) -> Option<(u64, u32)> {
        let low = last_lanes(load(near, LANES), length);
        let Some(place) = find(low, point) else {
            return Some((sixteen_digits(low)?, 0));
        };
        if length == 1 {
            return None;
        }
        Some((sixteen_digits(squeeze(low, place))?, 15 - place))
    }

    /// More than 16 characters, of which `length` are in the first half.
    #[inline]
    fn long(near: &[u8; 2 * LANES], length: usize, point: u8) -> Option<(u64, u32)> {
        let mut high = last_lanes(load(near, 0), length);
        let mut low = last_lanes(load(near, LANES), LANES);
        let mut places = 0;
        if let Some(place) = find(high, point) {
            high = squeeze(high, place);
            places = 31 - place;
        } else if let Some(place) = find(low, point) {
            let between = u8x16_extract_lane::<15>(high);
            low = u8x16_replace_lane::<0>(squeeze(low, place), between);
            high = squeeze(high, 15);
            places = 15 - place;
        }
        let high = sixteen_digits(high)?;
        if high > MOST_HIGH {
            return None;
        }
        Some((high * TEN_TO_16 + sixteen_digits(low)?, places))
    }

    #[inline]
    fn load(near: &[u8; 2 * LANES], at: usize) -> v128 {
        let lanes: &[u8] = &near[at..at + LANES];
        // SAFETY: the slice is 16 readable bytes; the load needs no alignment.
        unsafe { v128_load(lanes.as_ptr().cast()) }
    }

    #[inline]
    fn lane_numbers() -> v128 {
        u8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    }

    /// Values of the digits in the last lanes, 0 in the others.
    #[inline]
    fn last_lanes(text: v128, count: usize) -> v128 {
        let kept = u8x16_ge(lane_numbers(), u8x16_splat((LANES - count) as u8));
        v128_and(u8x16_sub(text, u8x16_splat(b'0')), kept)
    }

    /// Lane of the first point.
    #[inline]
    fn find(digits: v128, point: u8) -> Option<u32> {
        let found = u8x16_bitmask(u8x16_eq(digits, u8x16_splat(point.wrapping_sub(b'0'))));
        (found != 0).then(|| found.trailing_zeros())
    }

    /// Moves the lanes before `place` up by one, over that lane.
    #[inline]
    fn squeeze(digits: v128, place: u32) -> v128 {
        let numbers = lane_numbers();
        let moved = u8x16_le(numbers, u8x16_splat(place as u8));
        u8x16_swizzle(digits, u8x16_add(numbers, moved))
    }

    /// The number of sixteen digits, if they are digits.
    #[inline]
    fn sixteen_digits(digits: v128) -> Option<u64> {
        if v128_any_true(u8x16_gt(digits, u8x16_splat(9))) {
            return None;
        }
        let tens = i16x8_mul(v128_and(digits, u16x8_splat(0x00ff)), i16x8_splat(10));
        let pairs = i16x8_add(tens, u16x8_shr(digits, 8));
        let fours = i32x4_dot_i16x8(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
        let packed = i16x8_narrow_i32x4(fours, fours);
        let eights = i32x4_dot_i16x8(packed, i16x8(10_000, 1, 10_000, 1, 0, 0, 0, 0));
        let (high, low) = (
            u32x4_extract_lane::<0>(eights),
            u32x4_extract_lane::<1>(eights),
        );
        Some(u64::from(high) * 100_000_000 + u64::from(low))
    }
}
