//! Seconds as floats to integer nanoseconds.

/// Seconds from here on do not fit 64 bits of nanoseconds.
const LIMIT: f64 = 9.223_372_036e9;

/// So near to half a nanosecond, rounding in floats could go the wrong way.
const DOUBTFUL: f64 = 1e-6;

/// The nearest number of nanoseconds, of two equally near ones the even one; none for what is no time.
#[inline]
pub fn nanoseconds(seconds: f64) -> Option<i64> {
    if !(seconds.abs() < LIMIT) {
        return None;
    }
    let whole = seconds.trunc();
    // The difference is exact, the product is off by 1.2e-7 at most.
    let rest = (seconds - whole) * 1e9;
    if ((rest - rest.trunc()).abs() - 0.5).abs() < DOUBTFUL {
        return Some(exact(seconds));
    }
    Some(whole as i64 * 1_000_000_000 + rest.round_ties_even() as i64)
}

/// The same in integers alone.
fn exact(seconds: f64) -> i64 {
    let bits = seconds.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let mantissa = if exponent == 0 { fraction } else { fraction | (1 << 52) };
    let shift = 1075 - exponent.max(1);
    // Below the limit the shift is positive; by more than 100 bits nothing is left.
    if shift > 100 {
        return 0;
    }
    let scaled = u128::from(mantissa) * 1_000_000_000;
    let floor = scaled >> shift;
    let (rest, half) = (scaled & ((1 << shift) - 1), 1u128 << (shift - 1));
    let up = rest > half || (rest == half && floor & 1 == 1);
    let size = (floor + u128::from(up)) as i64;
    if seconds < 0.0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::{exact, nanoseconds};

    #[test]
    fn rounds_to_the_nearest() {
        assert_eq!(nanoseconds(5.1), Some(5_100_000_000));
        assert_eq!(nanoseconds(-0.1), Some(-100_000_000));
        assert_eq!(nanoseconds(653_153.212_188_5), Some(653_153_212_188_500));
        assert_eq!(nanoseconds(0.0), Some(0));
        assert_eq!(nanoseconds(5e-324), Some(0));
    }

    #[test]
    fn takes_the_even_one_of_two_equally_near() {
        // Multiples of 2^-10 s are half-integers of ns: 2^-10 * 1e9 = 976562.5.
        assert_eq!(nanoseconds(1.0 / 1024.0), Some(976_562));
        assert_eq!(nanoseconds(3.0 / 1024.0), Some(2_929_688));
        assert_eq!(nanoseconds(-1.0 / 1024.0), Some(-976_562));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for seconds in [f64::NAN, f64::INFINITY, -f64::INFINITY, 9.3e9, -1e300] {
            assert_eq!(nanoseconds(seconds), None);
        }
        assert_eq!(nanoseconds(9.2e9), Some(9_200_000_000_000_000_000));
    }

    #[test]
    fn agrees_with_integers() {
        let mut state = 1u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let scale = [1e-9, 1e-3, 1.0, 1e3, 1e6, 9e9][(state % 6) as usize];
            let seconds = ((state >> 11) as f64 / (1u64 << 53) as f64 - 0.5) * 2.0 * scale;
            assert_eq!(nanoseconds(seconds), Some(exact(seconds)), "{seconds:e}");
        }
    }
}
