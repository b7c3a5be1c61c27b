//! The shortest decimal that reads back as a given float.
//!
//! Schubfach: R. Giulietti, "The Schubfach way to render doubles", 2021. Among the shortest decimals it
//! gives the nearest, and of two equally near ones the even, as ECMAScript asks for.

/// Powers of ten that the algorithm needs: 10^-292 to 10^324.
const MIN_POWER: i32 = -292;
const MAX_POWER: i32 = 324;
const POWER_COUNT: usize = (MAX_POWER - MIN_POWER + 1) as usize;

/// The leading 128 bits of each power, rounded up where it has more, so that the first bit is set.
static POWERS: [(u64, u64); POWER_COUNT] = powers();

const LIMBS: usize = 40;

/// A large integer, least significant limb first.
type Limbs = [u32; LIMBS];

const fn powers() -> [(u64, u64); POWER_COUNT] {
    let mut table = [(0, 0); POWER_COUNT];
    let mut limbs: Limbs = [0; LIMBS];
    limbs[0] = 1;
    let mut power = 0;
    while power <= MAX_POWER {
        table[(power - MIN_POWER) as usize] = leading_bits(&limbs, false);
        limbs = times_ten(limbs);
        power += 1;
    }
    // 2^1279 / 10^n: dividing by ten again and again and rounding down gives the same as dividing once.
    limbs = [0; LIMBS];
    limbs[LIMBS - 1] = 1 << 31;
    power = -1;
    while power >= MIN_POWER {
        limbs = tenth(limbs);
        table[(power - MIN_POWER) as usize] = leading_bits(&limbs, true);
        power -= 1;
    }
    table
}

const fn times_ten(mut limbs: Limbs) -> Limbs {
    let mut carry = 0;
    let mut index = 0;
    while index < LIMBS {
        let product = limbs[index] as u64 * 10 + carry;
        limbs[index] = product as u32;
        carry = product >> 32;
        index += 1;
    }
    limbs
}

const fn tenth(mut limbs: Limbs) -> Limbs {
    let mut rest = 0;
    let mut index = LIMBS;
    while index > 0 {
        index -= 1;
        let value = rest << 32 | limbs[index] as u64;
        limbs[index] = (value / 10) as u32;
        rest = value % 10;
    }
    limbs
}

/// The first 128 bits, one more when bits were cut off or the number itself was rounded down.
const fn leading_bits(limbs: &Limbs, rounded_down: bool) -> (u64, u64) {
    let mut top = LIMBS - 1;
    while limbs[top] == 0 {
        top -= 1;
    }
    let shift = limbs[top].leading_zeros();
    let mut bits = 0u128;
    let mut taken = 0;
    while taken < 5 {
        let limb = if taken <= top { limbs[top - taken] as u128 } else { 0 };
        // The fifth limb only fills what the shift left empty.
        bits = if taken < 4 { bits << 32 | limb } else { bits << shift | limb >> (32 - shift) };
        taken += 1;
    }
    let bits = if rounded_down || has_more(limbs, top, shift) { bits + 1 } else { bits };
    ((bits >> 64) as u64, bits as u64)
}

/// Whether bits lie below the first 128.
const fn has_more(limbs: &Limbs, top: usize, shift: u32) -> bool {
    if top < 4 {
        return false;
    }
    let mut index = top - 4;
    if (limbs[index] as u64) << shift & 0xFFFF_FFFF != 0 {
        return true;
    }
    while index > 0 {
        index -= 1;
        if limbs[index] != 0 {
            return true;
        }
    }
    false
}

/// `digits * 10^exponent`; the digits may end in zeros.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decimal {
    pub digits: u64,
    pub exponent: i32,
}

/// The shortest decimal of a positive, finite float.
pub fn shortest(value: f64) -> Decimal {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let biased = (bits >> 52 & 0x7FF) as i32;
    let (significand, exponent) =
        if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    let is_integer = (-52..=0).contains(&exponent) && significand.trailing_zeros() as i32 >= -exponent;
    if is_integer {
        return Decimal { digits: significand >> -exponent, exponent: 0 };
    }
    // Just above a power of two the neighbour below is only half as far.
    let is_uneven = fraction == 0 && biased > 1;
    short_decimal(value, biased - 1023).unwrap_or_else(|| search(significand, exponent, is_uneven))
}

/// Largest power of ten that is a float without rounding.
const EXACT_POWERS: usize = 22;

const POWERS_OF_TEN: [f64; EXACT_POWERS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A float that equals a decimal of at most 15 digits, as measured values mostly do: a shorter way.
///
/// The candidate is `m / 10^d` with `m < 10^15` and `d <= 22`. Both are exact floats, so one division tells
/// whether it reads back as `value`. No two decimals of 15 digits share a float (DBL_DIG), hence the
/// candidate without its trailing zeros is the shortest decimal there is.
fn short_decimal(value: f64, exponent: i32) -> Option<Decimal> {
    // floor(15 - (exponent + 1) * log10(2)), with log10(2) = 1233 / 4096 to the accuracy needed here.
    let scale = (15 * 4096 - (exponent + 1) * 1233) >> 12;
    let power = *POWERS_OF_TEN.get(usize::try_from(scale).ok()?)?;
    let candidate = (value * power + 0.5) as i64;
    let is_short = candidate < 1_000_000_000_000_000 && candidate as f64 / power == value;
    is_short.then_some(Decimal { digits: candidate as u64, exponent: -scale })
}

/// Finds the decimal within the interval of reals that round to `significand * 2^exponent`.
fn search(significand: u64, exponent: i32, lower_is_closer: bool) -> Decimal {
    // floor(log10(2^exponent)), of 3/4 of it where the interval is uneven.
    let k = (exponent * 1_262_611 - if lower_is_closer { 524_031 } else { 0 }) >> 22;
    let shift = exponent + floor_log2_of_power(-k) + 1;
    let power = POWERS[(-k - MIN_POWER) as usize];
    let scaled = |quarters: u64| round_to_odd(power, quarters << shift);
    // An even significand owns the ends of its interval.
    let inset = significand & 1;
    let lower = scaled(4 * significand - 2 + u64::from(lower_is_closer)) + inset;
    let middle = scaled(4 * significand);
    let upper = scaled(4 * significand + 2) - inset;
    let near = middle / 4;
    if near >= 10 {
        let tens = near / 10;
        let down = lower <= 40 * tens;
        let up = 40 * tens + 40 <= upper;
        if down != up {
            return Decimal { digits: tens + u64::from(up), exponent: k + 1 };
        }
    }
    let down = lower <= 4 * near;
    let up = 4 * near + 4 <= upper;
    let half = 4 * near + 2;
    let is_up = if down != up { up } else { middle > half || (middle == half && near & 1 == 1) };
    Decimal { digits: near + u64::from(is_up), exponent: k }
}

/// floor(log2(10^power)).
fn floor_log2_of_power(power: i32) -> i32 {
    (power * 1_741_647) >> 19
}

/// The upper 64 bits of the 192-bit product, the last one set when anything lies below.
fn round_to_odd((high, low): (u64, u64), factor: u64) -> u64 {
    let (below, _) = wide_product(low, factor);
    let (upper, middle) = wide_product(high, factor);
    let (middle, carry) = middle.overflowing_add(below);
    upper + u64::from(carry) | u64::from(middle > 1)
}

/// High and low half of a 128-bit product. WebAssembly has no instruction for it, and the compiler's own
/// way out is a call that multiplies 128 by 128 bits.
fn wide_product(a: u64, b: u64) -> (u64, u64) {
    const LOW: u64 = 0xFFFF_FFFF;
    let (a1, a0, b1, b0) = (a >> 32, a & LOW, b >> 32, b & LOW);
    let low = a0 * b0;
    let (cross, other) = (a0 * b1, a1 * b0);
    let middle = (low >> 32) + (cross & LOW) + (other & LOW);
    (a1 * b1 + (cross >> 32) + (other >> 32) + (middle >> 32), middle << 32 | low & LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_the_known_ones() {
        let power = |exponent: i32| POWERS[(exponent - MIN_POWER) as usize];
        assert_eq!(power(0), (1 << 63, 0));
        assert_eq!(power(1), (0xA000_0000_0000_0000, 0));
        // 0.1 is 0.8 * 2^-3, and 0.8 is 0xCCC... / 2^128, rounded up.
        assert_eq!(power(-1), (0xCCCC_CCCC_CCCC_CCCC, 0xCCCC_CCCC_CCCC_CCCD));
        // 10^27 is the largest power whose odd part, 5^27, fits into 64 bits.
        assert_eq!(power(27), (5u64.pow(27) << 1, 0));
        for (index, &(high, _)) in POWERS.iter().enumerate() {
            assert!(high >> 63 == 1, "power {}", index as i32 + MIN_POWER);
        }
    }

    #[test]
    fn agrees_with_the_standard_library() {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        for round in 0..300_000_u64 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let edge = (round % 2047) << 52 | (round & 1);
            for bits in [state & !(1 << 63), edge.max(1), state >> (12 + round % 52)] {
                let value = f64::from_bits(bits.max(1));
                if !value.is_finite() {
                    continue;
                }
                let Decimal { digits, exponent } = shortest(value);
                let text = format!("{digits}e{exponent}");
                assert_eq!(text.parse::<f64>().unwrap(), value, "{text}");
                let expected = format!("{value:e}");
                let expected = expected.split('e').next().unwrap().replace('.', "");
                let digits = digits.to_string();
                assert_eq!(digits.trim_end_matches('0').len(), expected.len(), "{value:e}");
            }
        }
    }

    #[test]
    fn takes_the_even_one_of_two_that_are_equally_near() {
        let two_to_minus_25 = Decimal { digits: 29802322387695312, exponent: -24 };
        assert_eq!(shortest(2f64.powi(-25)), two_to_minus_25);
        assert_eq!(shortest(5e-324), Decimal { digits: 5, exponent: -324 });
        assert_eq!(shortest(9007199254740993.0).digits, 9007199254740992);
    }
}
