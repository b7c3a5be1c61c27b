use super::*;
use crate::sampling::MISSING;
use crate::testing::{side_by_side, Random};

const PLAIN: ResampleOptions = ResampleOptions {
    method: Method::Linear,
    max_gap: u64::MAX,
    bin: 10,
    outside: Outside::Null,
    repeats: Repeats::Last,
};

fn at(method: Method, max_gap: u64, at: &[i64]) -> Vec<f64> {
    let times = [0, 10, 20, 20, MISSING, 100];
    let values = [0.0, f64::NAN, 4.0, 6.0, 7.0, 8.0];
    let mut out = vec![0.0; at.len()];
    interpolate(method, &times, &values, max_gap, at, &mut out);
    out
}

fn streamed(options: ResampleOptions, breaks: &[i64], samples: (&[i64], &[f64]), at: &[i64], chunks: (usize, usize)) -> Vec<u64> {
    let mut resampler = Resampler::new(options, breaks.to_vec());
    let mut out = Vec::new();
    side_by_side((at.len(), samples.0.len()), chunks, |one, other, ended| {
        resampler.sides.add_wanted(&at[one]).unwrap();
        resampler.sides.add_keys(&samples.0[other.clone()], &samples.1[other]).unwrap();
        if ended {
            resampler.sides.end_keys();
        }
        let settled = resampler.advance().unwrap();
        out.extend(resampler.values[..settled].iter().map(|value| value.to_bits()));
    });
    out
}

#[test]
fn linear_passes_over_nan_and_stops_at_gaps() {
    let out = at(Method::Linear, 50, &[-1, 0, 5, 20, 21, 100, 101]);
    assert!(out[0].is_nan() && out[4].is_nan() && out[6].is_nan());
    assert_eq!((out[1], out[2], out[3], out[5]), (0.0, 1.0 * 6.0 / 4.0, 6.0, 8.0));
}

#[test]
fn previous_holds_no_longer_than_the_gap() {
    let out = at(Method::Previous, 50, &[-1, 0, 19, 70, 71, 150, 151]);
    assert!(out[0].is_nan() && out[4].is_nan() && out[6].is_nan());
    assert_eq!((out[1], out[2], out[3], out[5]), (0.0, 0.0, 6.0, 8.0));
}

#[test]
fn bins_are_half_open() {
    let options = ResampleOptions { method: Method::Mean, ..PLAIN };
    let samples = ([0, 4, 5, 10, 14], [1.0, 2.0, 4.0, f64::NAN, 8.0]);
    let out = streamed(options, &[], (&samples.0, &samples.1), &[0, 10, 30], (9, 9));
    assert_eq!(out[..2], [1.5f64.to_bits(), 6.0f64.to_bits()]);
    assert!(f64::from_bits(out[2]).is_nan());
}

#[test]
fn ends_are_held_or_refused_and_breaks_are_not_bridged() {
    let hold = ResampleOptions { outside: Outside::Hold, max_gap: 20, ..PLAIN };
    let out = streamed(hold, &[15], (&[0, 10, 20, 30], &[0.0, 1.0, 2.0, 3.0]), &[-20, 5, 12, 15, 25, 50, 51], (9, 9));
    let out: Vec<f64> = out.into_iter().map(f64::from_bits).collect();
    assert_eq!([out[0], out[1], out[4], out[5]], [0.0, 0.5, 2.5, 3.0]);
    assert!(out[2].is_nan() && out[3].is_nan() && out[6].is_nan());
    let mut refusing = Resampler::new(ResampleOptions { outside: Outside::Refuse, ..PLAIN }, Vec::new());
    refusing.sides.add_keys(&[0, 1], &[0.0, 0.0]).unwrap();
    refusing.sides.add_wanted(&[1, 2]).unwrap();
    refusing.sides.end_keys();
    assert_eq!(refusing.advance(), Err(IsOutside(2)));
}

#[test]
fn chunks_change_no_bit() {
    let mut random = Random::new(17);
    for round in 0..200 {
        let span = if round % 4 == 0 { 500.0 } else { 1e7 };
        let count = if round % 5 == 0 { 50 } else { 400 };
        let (times, at) = (random.sorted(count, span as usize), random.sorted(700, span as usize));
        let values: Vec<f64> = times.iter().map(|_| if random.uniform() < 0.1 { f64::NAN } else { random.uniform() }).collect();
        let breaks = if round % 3 == 0 { vec![(span / 3.0) as i64, (span / 2.0) as i64] } else { Vec::new() };
        for method in [Method::Linear, Method::Previous, Method::Mean, Method::Pchip] {
            let max_gap = if round % 2 == 0 { u64::MAX } else { (span / 150.0) as u64 };
            let options = ResampleOptions { method, max_gap, bin: (span / 90.0) as i64, ..PLAIN };
            let whole = streamed(options, &breaks, (&times, &values), &at, (700, 400));
            for chunks in [(1, 1), (7, 100), (100, 3)] {
                assert_eq!(streamed(options, &breaks, (&times, &values), &at, chunks), whole, "{method:?} {chunks:?}");
            }
        }
    }
}
