use super::random_options::{random_options, PLAIN};
use super::*;
use crate::testing::{side_by_side, Random};

fn joined(left: &[i64], right: &[i64], options: AsofOptions, breaks: &[i64], chunks: (usize, usize)) -> Vec<i32> {
    let mut joiner = AsofJoiner::new(options, breaks.to_vec(), true);
    let mut bare = AsofJoiner::new(options, breaks.to_vec(), false);
    let mut rows = Vec::new();
    side_by_side((left.len(), right.len()), chunks, |one, other, ended| {
        for joiner in [&mut joiner, &mut bare] {
            joiner.sides.add_wanted(&left[one.clone()]).unwrap();
            joiner.sides.add_keys(&right[other.clone()], &[]).unwrap();
            if ended {
                joiner.sides.end_keys();
            }
        }
        let settled = joiner.advance().unwrap();
        assert_eq!((bare.advance(), &bare.found, bare.distances.len()), (Ok(settled), &joiner.found, 0));
        for row in 0..settled {
            let (index, time) = (joiner.found[row], left[rows.len()]);
            let expected = if index < 0 { MISSING } else { right[index as usize].saturating_sub(time) };
            assert_eq!(joiner.distances[row], expected);
            rows.push(index);
        }
    });
    rows
}

fn found(left: &[i64], right: &[i64], options: AsofOptions) -> Vec<i32> {
    joined(left, right, options, &[], (usize::MAX, usize::MAX))
}

#[test]
fn directions_and_ties() {
    let (left, right) = ([1, 3, 9], [2, 2, 4, 8]);
    assert_eq!(found(&left, &right, PLAIN), [-1, 1, 3]);
    let forward = AsofOptions { direction: Direction::Forward, ..PLAIN };
    assert_eq!(found(&left, &right, forward), [0, 2, -1]);
    let nearest = AsofOptions { direction: Direction::Nearest, ..PLAIN };
    assert_eq!(found(&left, &right, nearest), [0, 1, 3]);
    assert_eq!(found(&left, &right, AsofOptions { later: true, ..nearest }), [0, 2, 3]);
}

#[test]
fn tolerance_gap_exact_and_duplicates() {
    let right = [0, 5, 5, 100];
    assert_eq!(found(&[5], &right, AsofOptions { allow_exact: false, ..PLAIN }), [0]);
    assert_eq!(found(&[5, 6], &right, AsofOptions { first_backward: true, ..PLAIN }), [1, 1]);
    assert_eq!(found(&[6, 7], &right, AsofOptions { tolerance: 1, ..PLAIN }), [2, -1]);
    assert_eq!(found(&[3, 6, 100], &right, AsofOptions { max_gap: 50, ..PLAIN }), [0, -1, 3]);
}

#[test]
fn outside_is_held_or_refused() {
    let hold = AsofOptions { outside: Outside::Hold, tolerance: 10, ..PLAIN };
    assert_eq!(found(&[-11, -10, 5], &[0, 5], hold), [-1, 0, 1]);
    let forward = AsofOptions { direction: Direction::Forward, ..hold };
    assert_eq!(found(&[5, 15, 16], &[0, 5], forward), [1, 1, -1]);
    let mut joiner = AsofJoiner::new(AsofOptions { outside: Outside::Refuse, ..PLAIN }, Vec::new(), true);
    joiner.sides.add_keys(&[4], &[]).unwrap();
    joiner.sides.add_wanted(&[3]).unwrap();
    assert_eq!(joiner.advance(), Err(IsOutside(3)));
}

#[test]
fn no_match_lies_beyond_a_break() {
    let nearest = AsofOptions { direction: Direction::Nearest, ..PLAIN };
    let all = (usize::MAX, usize::MAX);
    assert_eq!(joined(&[9, 10, 11, 19], &[8, 12, 20], nearest, &[10, 19], all), [0, 1, 1, 2]);
    assert_eq!(joined(&[9, 10, 19], &[8, 12, 20], PLAIN, &[10, 11], all), [0, -1, 1]);
}

#[test]
fn missing_and_wild_times_match_nothing_wrong() {
    assert_eq!(found(&[MISSING, 4], &[1, MISSING, 3], PLAIN), [-1, 2]);
    let wild = [i64::MIN + 1, -5, 0, i64::MAX];
    let nearest = AsofOptions { direction: Direction::Nearest, ..PLAIN };
    assert_eq!(found(&wild, &wild, nearest), [0, 1, 2, 3]);
    assert_eq!(found(&[i64::MAX - 1], &[i64::MIN + 1, i64::MAX], nearest), [1]);
}

#[test]
fn chunks_change_nothing_and_pairs_tried_in_turn_agree() {
    let mut random = Random::new(5);
    for round in 0..600 {
        let span = if round % 3 == 0 { 60 } else { 3000 };
        let (left, right) = (random.sorted(300, span), random.sorted(200, span));
        let options = random_options(&mut random, [u64::MAX, 10, 40]);
        let mut times = right.clone();
        times.dedup();
        let expected: Vec<i32> = left.iter().map(|&time| {
            let count = times.partition_point(|&key| key <= time);
            options.choose(&times, count, time).map_or(-1, |index| {
                let rows = right.iter().enumerate().filter(|(_, &key)| key == times[index]);
                let row = if options.takes_first(times[index], time) { rows.min() } else { rows.max() };
                row.map_or(-1, |(row, _)| row as i32)
            })
        }).collect();
        for chunks in [(300, 200), (1, 7), (50, 1), (64, 64)] {
            assert_eq!(joined(&left, &right, options, &[], chunks), expected, "{options:?} {chunks:?}");
        }
    }
}
