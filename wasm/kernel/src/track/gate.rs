//! Leaves out readings that are no plausible numbers, before anything is learnt from the rest.

/// Times beyond this have no plausible meaning, and their differences might not fit: 146 years in ns.
const FARTHEST: u64 = 1 << 62;
/// Clocks that typically differ by more than this do not show the same time now and then, ns.
const APART: u64 = 10_000_000;
/// Times this near count as the same, ns.
const SAME: u64 = 1;

/// Indexes of readings that may be true, in file order.
pub fn plausible(device: &[i64], reference: &[i64]) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..device.len().min(reference.len()))
        .filter(|&i| device[i].unsigned_abs() < FARTHEST && reference[i].unsigned_abs() < FARTHEST)
        .collect();
    let apart = |i: usize| reference[i].abs_diff(device[i]);
    // A recorder that gave up waiting for an answer writes an offset of zero.
    let same = kept.iter().filter(|&&i| apart(i) <= SAME).count();
    if same == 0 || 2 * same >= kept.len() {
        return kept;
    }
    let mut sizes: Vec<u64> = kept.iter().map(|&i| apart(i)).collect();
    let middle = sizes.len() / 2;
    if *sizes.select_nth_unstable(middle).1 > APART {
        kept.retain(|&i| apart(i) > SAME);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentinels_and_zero_offsets_are_left_out() {
        let device = [1_000, i64::MIN, 3_000, 4_000, i64::MAX, 6_000];
        let reference = [50_000_001_000, 5, 50_000_003_000, 4_000, 7, 50_000_006_000];
        assert_eq!(plausible(&device, &reference), [0, 2, 5]);
    }

    #[test]
    fn clocks_that_agree_are_kept() {
        let times: Vec<i64> = (0..100).collect();
        assert_eq!(plausible(&times, &times).len(), 100);
        let near: Vec<i64> = times.iter().map(|t| t + (t % 3) * 1_000).collect();
        assert_eq!(plausible(&times, &near).len(), 100);
        assert!(plausible(&[], &[]).is_empty());
    }
}
