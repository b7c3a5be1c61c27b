//! Tells sudden changes of a clock from readings that are wrong.
//!
//! Several courses of the clock are followed at once, each a filter of its own. A reading that a course does not
//! explain costs it a bounded amount, however far off it is. A reading that no course explains may be where the
//! clock stepped, so that a new course begins there, at a price. After a step the old course pays for every
//! reading until it has cost more than the new one; a wrong reading begins a course that nothing follows. In the
//! end the cheapest course tells where the clock stepped (optimal partitioning with a bounded loss, pruned to the
//! few courses that may still win).

use super::confirm::{matches, Hint};
use super::filter::State;

/// Readings further off than this many deviations cost the same.
const FAR: f64 = 5.0;
/// What a reading that is not explained costs.
const UNEXPLAINED: f64 = FAR * FAR;
/// What a step costs: readings that it explains must outnumber this.
const STEP: f64 = 3.5 * UNEXPLAINED;
/// What it costs where the stamps of samples jump by the same amount.
const EXPECTED_STEP: f64 = 0.5 * UNEXPLAINED;
/// Courses that are followed at once.
const COURSES: usize = 12;
/// Readings by which a jump of the stamps may be recorded early or late.
const REACH: usize = 1;
/// Fewest readings between two steps that the stamps do not show.
const FEWEST: usize = 3;
/// Readings with which a course may begin, and how many next ones judge it.
const TRIED: usize = 5;
const JUDGED: usize = 16;
/// Wander of the skew, (ns/s)^2 per s: 1 ppm within 20 min and more.
const WANDER: f64 = 1e3;
/// What the skew is known to before a course shows it, ns/s.
const FIRST_SKEW: f64 = 5e4;
/// What is known of the skew when a course begins at a step.
const LATER_SKEW: f64 = 3e3;
/// Changes smaller than this are taken for noise of the link, ns.
const SMALLEST: f64 = 1e6;
/// Readings that change less than this from one to the next show no step and are not wrong, ns.
const CALM: f64 = 0.7 * SMALLEST;

/// What the detector sees: seconds, ns and the variance of each reading, in file order.
pub struct Course<'a> {
    pub x: &'a [f64],
    pub y: &'a [f64],
    pub variance: &'a [f64],
    /// Typical skew, ns/s.
    pub slope: f64,
    /// Factor on the price of steps, for readings that err together.
    pub caution: f64,
    /// Jumps of the stamps of samples, in file order.
    pub hints: &'a [Hint],
}

#[derive(Clone, Copy)]
struct Track {
    state: State,
    x: f64,
    cost: f64,
    taken: usize,
    /// Place in the list of beginnings.
    begun: usize,
}

/// Where a course began, and which it left.
#[derive(Clone, Copy)]
struct Beginning {
    index: usize,
    from: usize,
    /// The stamps of samples jump as well.
    expected: bool,
}

/// How a course begins.
struct Start {
    cost: f64,
    parent: Option<Track>,
    expected: bool,
}

const NONE: usize = usize::MAX;

/// Where the stretches between steps begin.
pub struct Found {
    /// First readings in file order. Readings before the first are wrong.
    pub starts: Vec<usize>,
    /// One course explains every reading.
    pub plain: bool,
}

/// Finds steps.
pub fn find(course: &Course) -> Found {
    if is_calm(course) {
        return Found { starts: vec![0], plain: true };
    }
    let mut beginnings: Vec<Beginning> = Vec::new();
    let mut tracks: Vec<Track> = Vec::with_capacity(COURSES + 1);
    for index in 0..course.x.len() {
        let best = cheapest(&tracks).map(|at| tracks[at]);
        let explained = tracks.iter_mut().fold(false, |any, track| follow(track, course, index) || any);
        if !explained {
            let missed = index as f64 * UNEXPLAINED;
            let price = best.map_or(f64::INFINITY, |track| price(course, &track, index));
            let cost = best.map_or(missed, |track| track.cost + price).min(missed);
            let parent = best.filter(|_| cost < missed);
            let expected = price == EXPECTED_STEP;
            begin(course, index, Start { cost, parent, expected }, &mut beginnings, &mut tracks);
        }
        if tracks.len() > 1 {
            prune(&mut tracks, course.caution * STEP);
        }
    }
    Found { starts: starts(&tracks, &beginnings, course.x.len()), plain: beginnings.len() == 1 }
}

/// Whether no reading lies far enough from the one before to be wrong or to follow a step.
fn is_calm(course: &Course) -> bool {
    let Course { x, y, slope, .. } = *course;
    let change = |i: usize| y[i] - y[i - 1] - slope * (x[i] - x[i - 1]);
    x.len() > 1 && (1..x.len()).all(|i| change(i).abs() < CALM)
}

fn cheapest(tracks: &[Track]) -> Option<usize> {
    (0..tracks.len()).min_by(|&a, &b| tracks[a].cost.total_cmp(&tracks[b].cost))
}

/// Runs a course on to a reading. Whether it explains the reading.
fn follow(track: &mut Track, course: &Course, index: usize) -> bool {
    let (x, y, variance) = (course.x[index], course.y[index], course.variance[index]);
    let dt = (x - track.x).max(0.0);
    let mut ahead = track.state;
    ahead.advance(dt, WANDER);
    let off = y - ahead.offset;
    let expected = ahead.offset_variance() + variance;
    let far = off * off > UNEXPLAINED * expected;
    if far && off.abs() > SMALLEST {
        track.cost += UNEXPLAINED;
        return false;
    }
    let pull = if far { FAR * expected.sqrt() * off.signum() } else { off };
    track.cost += pull * pull / expected;
    ahead.observe(ahead.offset + pull, variance);
    (track.state, track.x) = (ahead, x);
    track.taken += 1;
    true
}

/// What a step of a course at a reading costs.
fn price(course: &Course, track: &Track, index: usize) -> f64 {
    let dt = (course.x[index] - track.x).max(0.0);
    let change = course.y[index] - track.state.offset - dt * track.state.skew;
    let first = course.hints.partition_point(|hint| hint.index + REACH < index);
    let expected = course.hints[first..]
        .iter()
        .take_while(|hint| hint.index <= index + REACH)
        .any(|hint| matches(-hint.change, change));
    if expected { EXPECTED_STEP } else { course.caution * STEP }
}

fn begin(
    course: &Course,
    index: usize,
    Start { cost, parent, expected }: Start,
    beginnings: &mut Vec<Beginning>,
    tracks: &mut Vec<Track>,
) {
    let (x, y, variance) = (course.x[index], course.y[index], course.variance[index]);
    let (skew, sigma, from) = match parent {
        Some(track) if track.taken >= FEWEST => (track.state.skew, LATER_SKEW, track.begun),
        Some(track) => (course.slope, FIRST_SKEW, track.begun),
        None => (course.slope, FIRST_SKEW, NONE),
    };
    beginnings.push(Beginning { index, from, expected });
    let state = State::new(y, skew, variance, sigma * sigma);
    tracks.push(Track { state, x, cost, taken: 1, begun: beginnings.len() - 1 });
}

/// Leaves out courses that cannot become the cheapest any more.
fn prune(tracks: &mut Vec<Track>, step: f64) {
    let Some(best) = cheapest(tracks) else { return };
    let limit = tracks[best].cost + step;
    tracks.retain(|track| track.cost <= limit);
    if tracks.len() > COURSES {
        tracks.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(b.begun.cmp(&a.begun)));
        tracks.truncate(COURSES);
    }
}

/// Reads the cheapest course backwards.
fn starts(tracks: &[Track], beginnings: &[Beginning], count: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = cheapest(tracks).map_or(NONE, |best| tracks[best].begun);
    let mut end = count;
    while at != NONE {
        let Beginning { index, from, expected } = beginnings[at];
        if from == NONE || expected || index + FEWEST <= end {
            found.push(index);
            end = index;
        }
        at = from;
    }
    found.reverse();
    found
}

/// Which readings one course explains that does not step. Of the first readings that are not left out it begins with
/// the one from which most of the next are explained.
pub fn explained(course: &Course, left_out: &[bool]) -> Vec<bool> {
    let mut kept = vec![false; course.x.len()];
    let first: Vec<usize> = (0..kept.len()).filter(|&index| !left_out[index]).take(TRIED).collect();
    let reach = |start: usize| {
        let near = (start + 1..kept.len()).filter(|&index| !left_out[index]).take(JUDGED);
        let mut track = course_from(course, start);
        near.filter(|&index| follow(&mut track, course, index)).count()
    };
    let best = first.iter().copied().max_by_key(|&start| (reach(start), core::cmp::Reverse(start)));
    let Some(start) = best else { return kept };
    let mut track = course_from(course, start);
    kept[start] = true;
    for index in (start + 1..kept.len()).filter(|&index| !left_out[index]) {
        kept[index] = follow(&mut track, course, index);
    }
    kept
}

fn course_from(course: &Course, start: usize) -> Track {
    let (x, y, variance) = (course.x[start], course.y[start], course.variance[start]);
    let state = State::new(y, course.slope, variance, FIRST_SKEW * FIRST_SKEW);
    Track { state, x, cost: 0.0, taken: 1, begun: NONE }
}
