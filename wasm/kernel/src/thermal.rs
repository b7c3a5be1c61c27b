//! Statistics of the pixels of one thermal frame, exact in integers until the last step.

/// Summary of raw pixel values.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct FrameStatistics {
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// Population standard deviation.
    pub std: f64,
    /// Mean of the two middle values when their number is even.
    pub median: f64,
}

/// Summarises the pixels of a frame; all NaN when there is none.
pub fn frame_statistics(pixels: &[u16]) -> FrameStatistics {
    if pixels.is_empty() {
        let none = f64::NAN;
        return FrameStatistics { min: none, max: none, mean: none, std: none, median: none };
    }
    let (mut min, mut max, mut sum, mut squares) = (u16::MAX, 0u16, 0u64, 0u64);
    for &pixel in pixels {
        min = min.min(pixel);
        max = max.max(pixel);
        sum += u64::from(pixel);
        squares += u64::from(pixel) * u64::from(pixel);
    }
    let count = pixels.len() as u64;
    // count^2 times the variance, without rounding.
    let scaled = u128::from(count) * u128::from(squares) - u128::from(sum) * u128::from(sum);
    FrameStatistics {
        min: f64::from(min),
        max: f64::from(max),
        mean: sum as f64 / count as f64,
        std: (scaled as f64).sqrt() / count as f64,
        median: median(pixels),
    }
}

fn median(pixels: &[u16]) -> f64 {
    let mut high = [0u32; 256];
    for &pixel in pixels {
        high[usize::from(pixel >> 8)] += 1;
    }
    let upper = pixels.len() / 2;
    let lower = (pixels.len() - 1) / 2;
    let second = select(pixels, &high, upper as u32);
    if lower == upper {
        return f64::from(second);
    }
    (f64::from(select(pixels, &high, lower as u32)) + f64::from(second)) / 2.0
}

/// The value at a rank, from 0, given how many values share each high byte.
fn select(pixels: &[u16], high: &[u32; 256], rank: u32) -> u16 {
    let (byte, rest) = locate(high, rank);
    let mut low = [0u32; 256];
    for &pixel in pixels {
        if pixel >> 8 == byte {
            low[usize::from(pixel & 0xff)] += 1;
        }
    }
    (byte << 8) | locate(&low, rest).0
}

/// The bin that holds a rank and the rank within it.
fn locate(counts: &[u32; 256], rank: u32) -> (u16, u32) {
    let mut left = rank;
    for (bin, &count) in counts.iter().enumerate() {
        if left < count {
            return (bin as u16, left);
        }
        left -= count;
    }
    (255, 0)
}

#[cfg(test)]
mod tests {
    use super::frame_statistics;

    #[test]
    fn matches_closed_forms() {
        // 0 to 9999: mean (n - 1) / 2, variance (n^2 - 1) / 12.
        let pixels: Vec<u16> = (0..10_000).rev().collect();
        let found = frame_statistics(&pixels);
        assert_eq!((found.min, found.max), (0.0, 9999.0));
        assert_eq!((found.mean, found.median), (4999.5, 4999.5));
        assert!((found.std - (99_999_999f64 / 12.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn takes_the_middle_of_odd_and_even_counts() {
        assert_eq!(frame_statistics(&[7]).median, 7.0);
        assert_eq!(frame_statistics(&[300, 1, 65535]).median, 300.0);
        assert_eq!(frame_statistics(&[300, 1, 65535, 400]).median, 350.0);
        assert_eq!(frame_statistics(&[5, 5, 5, 900]).median, 5.0);
    }

    #[test]
    fn does_not_overflow() {
        let found = frame_statistics(&vec![u16::MAX; 1 << 20]);
        assert_eq!((found.mean, found.std), (65535.0, 0.0));
    }

    #[test]
    fn no_pixel_no_value() {
        assert!(frame_statistics(&[]).median.is_nan());
    }
}
