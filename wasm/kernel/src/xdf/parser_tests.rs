use super::frame::BOUNDARY_UUID;
use super::parser::{Event, Parser, Problem};
use super::stream::{Format, Mode, Stream, MISSING};

/// A number of 1, 4 or 8 bytes behind a byte that says how many.
fn variable(number: u64, bytes: u8) -> Vec<u8> {
    let mut found = vec![bytes];
    found.extend(&number.to_le_bytes()[..usize::from(bytes)]);
    found
}

fn chunk(tag: u16, content: &[u8], length_bytes: u8) -> Vec<u8> {
    let mut found = variable(content.len() as u64 + 2, length_bytes);
    found.extend(tag.to_le_bytes());
    found.extend(content);
    found
}

fn of_stream(tag: u16, id: u32, content: &[u8]) -> Vec<u8> {
    chunk(tag, &[&id.to_le_bytes()[..], content].concat(), 4)
}

fn header(id: u32) -> Vec<u8> {
    of_stream(2, id, b"<info/>")
}

/// A chunk of samples of 16-bit integers.
fn shorts(id: u32, samples: &[(Option<f64>, &[i16])]) -> Vec<u8> {
    let mut content = variable(samples.len() as u64, 1);
    for (stamp, values) in samples {
        match stamp {
            Some(seconds) => content.extend([&[8][..], &seconds.to_le_bytes()].concat()),
            None => content.push(0),
        }
        values.iter().for_each(|value| content.extend(value.to_le_bytes()));
    }
    of_stream(3, id, &content)
}

fn boundary() -> Vec<u8> {
    chunk(5, &BOUNDARY_UUID, 1)
}

fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"XDF:".to_vec(), chunks.concat()].concat()
}

/// What was read of one stream of two 16-bit channels at 10 Hz.
#[derive(Default, Debug, PartialEq)]
struct Found {
    times: Vec<i64>,
    first: Vec<f64>,
    problems: Vec<(Problem, u64, u64)>,
    offsets: Vec<(f64, f64, u64)>,
}

fn take(found: &mut Found, stream: &mut Stream) {
    found.times.extend(&stream.times[..stream.rows]);
    for value in stream.column(0).chunks_exact(8) {
        found.first.push(f64::from_le_bytes(value.try_into().unwrap()));
    }
    stream.clear();
}

/// Reads a file of streams of two 16-bit channels, in pieces of `most` bytes where the parser allows it.
fn read(bytes: &[u8], mode: Mode, most: u64) -> (Found, u64) {
    let mut parser = Parser::new(bytes.len() as u64);
    let mut found = Found::default();
    let mut asked = (0, 0);
    for _ in 0..100 * bytes.len() + 1000 {
        match parser.next() {
            Event::End => {
                for stream in &mut parser.streams {
                    if mode != Mode::Count {
                        take(&mut found, stream);
                    }
                }
                return (found, parser.streams.iter().map(|stream| stream.total).sum());
            }
            Event::Bytes { at, length } => {
                // Of a window, no more is given than was asked for twice.
                let less = if asked == (at, most) { length } else { length.min(most) };
                asked = (at, less);
                let part = &bytes[at as usize..(at + less) as usize];
                let _ = parser.room(at, part.len()).copy_from_slice(part);
            }
            Event::Xml { tag, id, .. } if tag == 2 => {
                parser.add_stream(id, Stream::new(Format::Int16, 2, 10.0, 3, mode));
            }
            Event::Xml { .. } => {}
            Event::Batch { stream } => take(&mut found, &mut parser.streams[stream]),
            Event::Offset { stream, time, value, .. } => {
                found.offsets.push((time, value, parser.streams[stream].total));
            }
            Event::Problem { kind, from, to, .. } => found.problems.push((kind, from, to)),
        }
    }
    panic!("does not end");
}

fn read_all(bytes: &[u8]) -> Found {
    read(bytes, Mode::Doubles, u64::MAX).0
}

fn example() -> Vec<u8> {
    file(&[
        chunk(1, b"<info/>", 1),
        header(7),
        shorts(7, &[(Some(5.1), &[1, -1]), (None, &[2, -2])]),
        of_stream(4, 7, &[6.1f64.to_le_bytes(), (-0.1f64).to_le_bytes()].concat()),
        chunk(999, b"of a later version", 8),
        boundary(),
        shorts(7, &[(None, &[3, -3]), (Some(5.5), &[4, -4]), (None, &[5, -5])]),
        of_stream(6, 7, b"<info/>"),
    ])
}

#[test]
fn reads_and_deduces() {
    let found = read_all(&example());
    assert_eq!(found.first, [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(found.times, [5_100_000_000, 5_200_000_000, 5_300_000_000, 5_500_000_000, 5_600_000_000]);
    assert_eq!(found.offsets, [(6.1, -0.1, 2)]);
    assert_eq!(found.problems, []);
}

#[test]
fn counts_what_it_skips() {
    let (found, total) = read(&example(), Mode::Count, u64::MAX);
    assert_eq!((total, found.offsets), (5, vec![(6.1, -0.1, 2)]));
}

#[test]
fn salvages_a_file_cut_anywhere() {
    let whole = example();
    for length in 0..whole.len() {
        let (found, total) = read(&whole[..length], Mode::Doubles, u64::MAX);
        let count = found.first.len();
        assert_eq!(found.first, [1.0, 2.0, 3.0, 4.0, 5.0][..count]);
        assert_eq!(total, count as u64);
        let (_, counted) = read(&whole[..length], Mode::Count, u64::MAX);
        assert_eq!(counted, total, "cut at {length}");
    }
    // Six bytes short of the end of the second chunk of samples: one of three is lost.
    let end = whole.len() - of_stream(6, 7, b"<info/>").len();
    let found = read_all(&whole[..end - 3]);
    assert_eq!(found.first, [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(found.problems[0].0, Problem::Cut);
}

#[test]
fn finds_the_next_chunk_after_damage() {
    let parts = [
        header(7),
        shorts(7, &[(Some(1.0), &[1, 0])]),
        shorts(7, &[(Some(2.0), &[2, 0])]),
        shorts(7, &[(None, &[3, 0])]),
    ];
    let second = 4 + parts[0].len() + parts[1].len();
    for (byte, value) in [(0, 3), (1, 90), (1, 0), (2, 1), (5, 2), (5, 77), (7, 1), (11, 2), (12, 9)] {
        let mut bytes = file(&parts);
        bytes[second + byte] = value;
        let found = read_all(&bytes);
        assert_eq!(found.first.first(), Some(&1.0), "byte {byte} is {value}");
        assert_eq!(found.first.last(), Some(&3.0), "byte {byte} is {value}");
        assert!(!found.problems.is_empty(), "byte {byte} is {value}");
        // What was lost in between had a stamp from which the next would follow.
        assert_eq!(found.times.last(), Some(&MISSING), "byte {byte} is {value}");
    }
}

#[test]
fn pads_a_chunk_with_a_damaged_sample() {
    let mut bytes = file(&[
        header(7),
        shorts(7, &[(Some(1.0), &[1, 0]), (Some(1.1), &[2, 0]), (Some(1.2), &[3, 0])]),
        shorts(7, &[(Some(2.0), &[4, 0])]),
    ]);
    let second_sample = 4 + header(7).len() + 7 + 4 + 2 + 13;
    assert_eq!(bytes[second_sample], 8);
    bytes[second_sample] = 5;
    let found = read_all(&bytes);
    assert_eq!(found.times, [1_000_000_000, MISSING, MISSING, 2_000_000_000]);
    assert!(found.first[1].is_nan() && found.first[2].is_nan());
    assert_eq!(read(&bytes, Mode::Count, u64::MAX).1, 4);
}

#[test]
fn never_hangs_and_counts_alike() {
    let whole = example();
    let mut state = 7u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    for _ in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
        bytes.truncate(whole.len() - random(2) * random(whole.len()));
        let (found, total) = read(&bytes, Mode::Doubles, u64::MAX);
        let counted = read(&bytes, Mode::Count, u64::MAX).1;
        assert_eq!((found.first.len() as u64, total), (total, counted));
    }
}
