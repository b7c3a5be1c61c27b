//! Powers of five with 128 significant bits, for the conversion of decimal numbers.
//!
//! Positive powers are truncated, negative ones (reciprocals) are the next above, as in D. Lemire, "Number
//! parsing at a gigabyte per second", Software: Practice and Experience 51 (2021), section 5.

/// Smallest exponent in the table.
pub const MIN_EXPONENT: i32 = -64;
/// Largest exponent in the table.
pub const MAX_EXPONENT: i32 = 64;

const ENTRIES: usize = (MAX_EXPONENT - MIN_EXPONENT + 1) as usize;
const LIMBS: usize = 16;
/// A natural number below 2^512, least significant part first.
type Natural = [u32; LIMBS];

static POWERS: [u128; ENTRIES] = powers();

/// The significant bits of `5^exponent`, highest bit set, as (high, low) halves.
#[inline]
pub fn power_of_five(exponent: i32) -> Option<(u64, u64)> {
    let index = exponent.wrapping_sub(MIN_EXPONENT) as usize;
    let bits = *POWERS.get(index)?;
    Some(((bits >> 64) as u64, bits as u64))
}

const fn powers() -> [u128; ENTRIES] {
    let mut table = [0; ENTRIES];
    let mut index = 0;
    while index < ENTRIES {
        let exponent = MIN_EXPONENT + index as i32;
        table[index] = if exponent < 0 {
            reciprocal(-exponent as u32)
        } else {
            leading_bits(&times_five([0; LIMBS], exponent as u32))
        };
        index += 1;
    }
    table
}

/// `5^exponent` as a natural number, in the given storage.
const fn times_five(mut number: Natural, exponent: u32) -> Natural {
    number[0] = 1;
    let mut done = 0;
    while done < exponent {
        let mut carry = 0;
        let mut limb = 0;
        while limb < LIMBS {
            let product = number[limb] as u64 * 5 + carry;
            number[limb] = product as u32;
            carry = product >> 32;
            limb += 1;
        }
        done += 1;
    }
    number
}

/// Leading bits of `floor(2^b / 5^exponent) + 1` with enough binary places `b`.
const fn reciprocal(exponent: u32) -> u128 {
    let width = bit_length(&times_five([0; LIMBS], exponent));
    let places = if exponent <= 27 {
        width + 127
    } else {
        2 * width + 128
    };
    let mut number: Natural = [0; LIMBS];
    number[places / 32] = 1 << (places % 32);
    let mut done = 0;
    while done < exponent {
        number = divide_by_five(number);
        done += 1;
    }
    leading_bits(&increment(number))
}

const fn divide_by_five(mut number: Natural) -> Natural {
    let mut remainder = 0;
    let mut limb = LIMBS;
    while limb > 0 {
        limb -= 1;
        let value = (remainder << 32) | number[limb] as u64;
        number[limb] = (value / 5) as u32;
        remainder = value % 5;
    }
    number
}

const fn increment(mut number: Natural) -> Natural {
    let mut limb = 0;
    while limb < LIMBS {
        number[limb] = number[limb].wrapping_add(1);
        if number[limb] != 0 {
            break;
        }
        limb += 1;
    }
    number
}

const fn bit_length(number: &Natural) -> usize {
    let mut limb = LIMBS;
    while limb > 0 {
        limb -= 1;
        if number[limb] != 0 {
            return limb * 32 + 32 - number[limb].leading_zeros() as usize;
        }
    }
    0
}

/// The 128 highest bits, the first of them set.
const fn leading_bits(number: &Natural) -> u128 {
    let shift = bit_length(number) as i32 - 128;
    let mut bits = 0;
    let mut limb = 0;
    while limb < LIMBS {
        let place = limb as i32 * 32 - shift;
        if place >= 0 && place < 128 {
            bits |= (number[limb] as u128) << place;
        } else if place < 0 && place > -32 {
            bits |= (number[limb] as u128) >> -place;
        }
        limb += 1;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{power_of_five, MAX_EXPONENT, MIN_EXPONENT};

    #[test]
    fn known_powers() {
        assert_eq!(power_of_five(0), Some((1 << 63, 0)));
        assert_eq!(power_of_five(1), Some((5 << 61, 0)));
        assert_eq!(
            power_of_five(-1),
            Some((0xcccc_cccc_cccc_cccc, 0xcccc_cccc_cccc_cccd))
        );
        assert_eq!(power_of_five(27), Some((5u64.pow(27) << 1, 0)));
    }

    #[test]
    fn outside_the_table_is_none() {
        assert!(power_of_five(MIN_EXPONENT).is_some() && power_of_five(MAX_EXPONENT).is_some());
        assert_eq!(power_of_five(MIN_EXPONENT - 1), None);
        assert_eq!(power_of_five(MAX_EXPONENT + 1), None);
    }
}
