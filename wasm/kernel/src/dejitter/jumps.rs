//! Which jumps of the lattice last.

use super::tracker::Jump;

/// A stall is caught up within this time.
const STALL_NS: i64 = 10_000_000_000;

/// What happened to the samples of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    pub dropped: i64,
    pub duplicates: i64,
    pub reordered: i64,
}

/// A jump that another one may undo.
struct Open {
    index: usize,
    size: i64,
    left: i64,
}

/// A row with the stamp of the row before it, where nothing is being caught up.
fn is_repeat(jump: &Jump) -> bool {
    jump.change < 0 && jump.from == jump.to
}

/// Whether a later jump undoes an earlier one of which so much is undone: a stall that was caught up.
fn undoes(earlier: &Jump, undone: i64, later: &Jump) -> bool {
    let rows = later.row - earlier.row;
    if is_repeat(later) {
        // What a stall held up follows it closely; rows that are there twice now and then belong to no stall.
        let caught_up = undone.saturating_sub(later.change).saturating_add(1);
        return rows <= caught_up.saturating_mul(4);
    }
    later.to.saturating_sub(earlier.to).saturating_abs() <= STALL_NS
}

/// Removes jumps that are undone soon after, and counts the rows that are there twice.
pub fn without_excursions(jumps: &[Jump]) -> (Vec<Jump>, Counts) {
    let mut kept = jumps.to_vec();
    let mut open: Vec<Open> = Vec::new();
    for index in 0..kept.len() {
        if kept[index].open {
            open.clear();
            continue;
        }
        while let Some(last) = open.last_mut() {
            let (earlier, later) = (kept[last.index], kept[index]);
            let opposite = (last.left > 0) != (later.change > 0) && later.change != 0;
            if !opposite || is_repeat(&earlier) || !undoes(&earlier, (last.size - last.left).abs(), &later) {
                break;
            }
            let undone = last.left.abs().min(later.change.abs()) * later.change.signum();
            kept[index].change -= undone;
            kept[last.index].change += undone;
            last.left += undone;
            if last.left == 0 {
                open.pop();
            }
        }
        if kept[index].change != 0 {
            open.push(Open { index, size: kept[index].change, left: kept[index].change });
        }
    }
    let duplicates = kept.iter().map(|jump| (-jump.change).max(0)).sum();
    kept.retain(|jump| jump.open || jump.change != 0);
    (kept, Counts { duplicates, ..Counts::default() })
}
