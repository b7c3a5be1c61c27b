//! Options of joins for tests.

use super::{AsofOptions, Direction, Outside};
use crate::testing::Random;

/// Backward, without limits.
pub const PLAIN: AsofOptions = AsofOptions {
    direction: Direction::Backward,
    tolerance: u64::MAX,
    max_gap: u64::MAX,
    later: false,
    first_backward: false,
    first_forward: true,
    refuse_repeats: false,
    allow_exact: true,
    outside: Outside::Null,
};

/// Options drawn from all that differ, with one of some limits.
pub fn random_options(random: &mut Random, max_gaps: [u64; 3]) -> AsofOptions {
    AsofOptions {
        direction: [Direction::Backward, Direction::Forward, Direction::Nearest][random.below(3)],
        tolerance: [u64::MAX, 0, 3, 20][random.below(4)],
        max_gap: max_gaps[random.below(3)],
        later: random.below(2) == 0,
        first_backward: random.below(2) == 0,
        first_forward: random.below(2) == 0,
        allow_exact: random.below(2) == 0,
        ..PLAIN
    }
}
