//! Finds every stretch in which two trains agree.

use super::compare::{Comparison, Outcome};
use super::judge::Contest;
use super::train::{Pair, Train};
use core::ops::Range;

/// Stamps that go back by more have been set back; by less they are out of order.
const SET_BACK: f64 = 5e7;
/// Pieces that are compared at most.
const MOST_TRIES: usize = 64;
/// With fewer events nothing can be told from chance.
pub(super) const FEWEST: usize = 3;

/// What is known beforehand.
#[derive(Clone, Copy)]
pub struct Options {
    /// Standard deviation of the difference of the stamps of one event in ns; NaN when not known.
    pub jitter: f64,
    pub max_drift: f64,
    /// Bounds of `b - a`.
    pub low: f64,
    pub high: f64,
    pub width_tolerance: f64,
}

/// What the search came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    Matched,
    /// Several offsets explain the events about equally well.
    Ambiguous,
    /// No offset explains more than chance does.
    Unrelated,
    TooFew,
}

/// A stretch without a step of either clock.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Indexes into both trains in the order given, ascending.
    pub pairs: Vec<(u32, u32)>,
    /// Reading minus smooth curve, ns.
    pub residuals: Vec<f64>,
    /// Standard deviation of the readings about it.
    pub sigma: f64,
    pub log_chance: f64,
    pub contest: Contest,
    /// Spans of both trains that were compared, first and last index.
    pub covered: [u32; 4],
}

/// All that was found.
#[derive(Debug)]
pub struct Found {
    pub verdict: Verdict,
    /// In the order of the first train.
    pub stretches: Vec<Stretch>,
    /// The contest that was lost, where the verdict is ambiguous.
    pub lost: Option<Contest>,
}

/// Matches two trains in file order: times may go back where a clock was set.
pub fn match_trains(a: Train, b: Train, options: &Options) -> Found {
    if a.len() < FEWEST || b.len() < FEWEST {
        return Found { verdict: Verdict::TooFew, stretches: Vec::new(), lost: None };
    }
    let (orders, epochs) = (orders(&a, &b), (epochs(a.times), epochs(b.times)));
    let (sorted_a, sorted_b) = (Sorted::of(&a, &orders.0), Sorted::of(&b, &orders.1));
    let pair = Pair { a: sorted_a.train(), b: sorted_b.train(), width_tolerance: options.width_tolerance };
    let mut search = Search { pair, options, epochs, stretches: Vec::new(), lost: None, tries: 0 };
    search.run();
    let Search { mut stretches, lost, .. } = search;
    stretches.sort_by_key(|stretch| stretch.pairs.first().copied());
    for stretch in &mut stretches {
        for (i, j) in &mut stretch.pairs {
            *i = orders.0[*i as usize];
            *j = orders.1[*j as usize];
        }
    }
    let verdict = match (stretches.is_empty(), lost.is_some()) {
        (false, _) => Verdict::Matched,
        (true, true) => Verdict::Ambiguous,
        (true, false) => Verdict::Unrelated,
    };
    Found { verdict, stretches, lost }
}

/// First indexes of the parts in which times do not go back, and the end.
fn epochs(times: &[f64]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut latest = f64::NEG_INFINITY;
    for (index, &time) in times.iter().enumerate() {
        if time < latest - SET_BACK {
            starts.push(index);
            latest = time;
        }
        latest = latest.max(time);
    }
    // A list in no order at all is sorted as a whole.
    if starts.len() > 32 {
        starts.truncate(1);
    }
    starts.push(times.len());
    starts
}

fn orders(a: &Train, b: &Train) -> (Vec<u32>, Vec<u32>) {
    (order(a.times), order(b.times))
}

/// Indexes by time within each part.
fn order(times: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    for bounds in epochs(times).windows(2) {
        order[bounds[0]..bounds[1]]
            .sort_by(|&x, &y| times[x as usize].total_cmp(&times[y as usize]).then(x.cmp(&y)));
    }
    order
}

/// A train in another order.
struct Sorted {
    times: Vec<f64>,
    labels: Vec<u32>,
    widths: Vec<f64>,
}

impl Sorted {
    fn of(train: &Train, order: &[u32]) -> Sorted {
        let pick = |values: &[f64]| -> Vec<f64> {
            if values.is_empty() { Vec::new() } else { order.iter().map(|&index| values[index as usize]).collect() }
        };
        let labels = if train.labels.is_empty() {
            Vec::new()
        } else {
            order.iter().map(|&index| train.labels[index as usize]).collect()
        };
        Sorted { times: pick(train.times), labels, widths: pick(train.widths) }
    }

    fn train(&self) -> Train<'_> {
        Train { times: &self.times, labels: &self.labels, widths: &self.widths }
    }
}

struct Search<'a> {
    pair: Pair<'a>,
    options: &'a Options,
    epochs: (Vec<usize>, Vec<usize>),
    stretches: Vec<Stretch>,
    lost: Option<Contest>,
    tries: usize,
}

impl Search<'_> {
    /// Compares pieces; where two agree, what lies before and after is compared again.
    fn run(&mut self) {
        let mut open = vec![(0..self.pair.a.len(), 0..self.pair.b.len())];
        while let Some((of_a, of_b)) = open.pop() {
            let Some(stretch) = self.piece(&of_a, &of_b) else { continue };
            let [first_a, last_a, first_b, last_b] = stretch.covered.map(|index| index as usize);
            open.push((of_a.start..first_a, of_b.start..first_b));
            open.push((last_a + 1..of_a.end, last_b + 1..of_b.end));
            self.stretches.push(stretch);
        }
    }

    /// The first agreement of the parts of two pieces, the longest parts first.
    fn piece(&mut self, of_a: &Range<usize>, of_b: &Range<usize>) -> Option<Stretch> {
        for a in parts(&self.epochs.0, of_a) {
            for b in parts(&self.epochs.1, of_b) {
                if a.len() < FEWEST || b.len() < FEWEST || self.tries >= MOST_TRIES {
                    break;
                }
                self.tries += 1;
                match compare(&self.pair, &a, &b, self.options) {
                    Outcome::Agreed(stretch) => return Some(stretch),
                    Outcome::Lost(contest) => self.lost = self.lost.or(Some(contest)),
                    Outcome::Nothing => {}
                }
            }
        }
        None
    }
}

/// The parts of a range between the places where time goes back, the longest first.
fn parts(starts: &[usize], range: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = starts
        .windows(2)
        .map(|bounds| bounds[0].max(range.start)..bounds[1].min(range.end))
        .filter(|part| part.start < part.end)
        .collect();
    parts.sort_by_key(|part| (core::cmp::Reverse(part.len()), part.start));
    parts
}

fn compare(whole: &Pair, of_a: &Range<usize>, of_b: &Range<usize>, options: &Options) -> Outcome {
    let (a, b) = (whole.a.part(of_a.clone()), whole.b.part(of_b.clone()));
    let pair = Pair { a, b, ..*whole };
    match Comparison::of(pair, options).run() {
        Outcome::Agreed(mut stretch) => {
            let shift = [of_a.start as u32, of_a.start as u32, of_b.start as u32, of_b.start as u32];
            for (index, by) in stretch.covered.iter_mut().zip(shift) {
                *index += by;
            }
            for (i, j) in &mut stretch.pairs {
                *i += shift[0];
                *j += shift[2];
            }
            Outcome::Agreed(stretch)
        }
        other => other,
    }
}
