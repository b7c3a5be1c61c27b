//! Leaves out readings that are no plausible numbers, before anything is learnt from the rest.

/// Times beyond this have no plausible meaning, and their differences might not fit: 146 years in ns.
const FARTHEST: u64 = 1 << 62;
/// Clocks that typically differ by more than this do not show the same time now and then, ns.
const APART: u64 = 10_000_000;
/// Changes that tell how readings usually change.
const MOVING: usize = 8;
/// Times this near count as the same, ns.
const SAME: u64 = 1;

/// Indexes of readings that may be true, in file order.
pub fn plausible(device: &[i64], reference: &[i64]) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..device.len().min(reference.len()))
        .filter(|&i| device[i].unsigned_abs() < FARTHEST && reference[i].unsigned_abs() < FARTHEST)
        .collect();
    thaw(&mut kept, |i| reference[i] - device[i]);
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

/// Leaves out copies of a reading: a recorder that lost the other side may write its last value on and on. Coarse
/// clocks repeat values as well, but the changes between their other values are few.
fn thaw(kept: &mut Vec<usize>, difference: impl Fn(usize) -> i64) {
    // Most recordings have no such run, which one look tells.
    let repeats = |at: usize| difference(kept[at]) == difference(kept[at - 1]);
    if !(2..kept.len()).any(|at| repeats(at) && repeats(at - 1)) {
        return;
    }
    let values: Vec<i64> = kept.iter().map(|&i| difference(i)).collect();
    if !is_fine(&values) {
        return;
    }
    let same = |i: usize, j: usize| values.get(i).is_some() && values.get(i) == values.get(j);
    let frozen = |i: usize| i > 0 && same(i, i - 1) && (same(i, i + 1) || (i > 1 && same(i, i - 2)));
    let mut place = 0;
    kept.retain(|_| {
        place += 1;
        !frozen(place - 1)
    });
}

/// Whether values that change do so by many different amounts.
fn is_fine(values: &[i64]) -> bool {
    let mut changes: Vec<i64> = values.windows(2).map(|pair| pair[1] - pair[0]).filter(|change| *change != 0).collect();
    let moving = changes.len();
    changes.sort_unstable();
    changes.dedup();
    moving >= MOVING && 2 * changes.len() >= moving
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
    fn copies_of_a_reading_are_left_out_and_coarse_readings_are_not() {
        let offset = |i: i64| if (30..80).contains(&i) { 5_000_000_030 } else { 5_000_000_000 + i * i * 7 % 1009 };
        let device: Vec<i64> = (0..120).map(|i| i * 1_000_000_000).collect();
        let reference: Vec<i64> = device.iter().zip(0..).map(|(t, i)| t + offset(i)).collect();
        let kept = plausible(&device, &reference);
        assert_eq!(kept.len(), 71);
        assert!(kept.contains(&30) && !kept.contains(&31) && kept.contains(&80));
        let coarse: Vec<i64> = device.iter().zip(0..).map(|(t, i)| t + (i / 9) % 4 * 1_000_000 + 7_000_000_000).collect();
        assert_eq!(plausible(&device, &coarse).len(), 120);
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
