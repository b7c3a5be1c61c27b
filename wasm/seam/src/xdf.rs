//! Recordings of the lab streaming layer.

use crate::memory::slice;
use session_process_kernel::xdf::parser::{Event, Parser};
use session_process_kernel::xdf::seconds::nanoseconds;
use session_process_kernel::xdf::stream::{Format, Mode, Stream, MISSING};

fn format(code: u32) -> Format {
    match code {
        0 => Format::Int8,
        1 => Format::Int16,
        2 => Format::Int32,
        3 => Format::Int64,
        4 => Format::Float32,
        5 => Format::Double64,
        _ => Format::Text,
    }
}

fn mode(code: u32) -> Mode {
    match code {
        0 => Mode::Count,
        1 => Mode::Doubles,
        _ => Mode::Stored,
    }
}

/// Makes a parser of a file of `size` bytes; [`sp_xdf_free`] gives it back.
#[no_mangle]
pub extern "C" fn sp_xdf_new(size: f64) -> *mut Parser {
    Box::into_raw(Box::new(Parser::new(size as u64)))
}

/// Gives back a parser.
///
/// # Safety
/// `parser` came from [`sp_xdf_new`] and was not freed; so for every function below.
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_free(parser: *mut Parser) {
    drop(Box::from_raw(parser));
}

/// Gives samples with an id to a new stream; returns its number.
///
/// # Safety
/// See [`sp_xdf_free`].
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_stream(
    parser: *mut Parser,
    id: u32,
    format_code: u32,
    channels: usize,
    rate: f64,
    capacity: usize,
    mode_code: u32,
) -> usize {
    let stream = Stream::new(format(format_code), channels, rate, capacity, mode(mode_code));
    (*parser).add_stream(id, stream)
}

/// From here on only counts the samples of a stream.
///
/// # Safety
/// See [`sp_xdf_free`]; `stream` is the number of one.
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_count_only(parser: *mut Parser, stream: usize) {
    (*parser).count_only(stream);
}

/// Address of room for `length` bytes of the file from `at` on.
///
/// # Safety
/// See [`sp_xdf_free`].
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_room(parser: *mut Parser, at: f64, length: usize) -> *mut u8 {
    (*parser).room(at as u64, length).as_mut_ptr()
}

/// Says how many bytes of the room of `length` were filled.
///
/// # Safety
/// See [`sp_xdf_free`].
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_fill(parser: *mut Parser, length: usize, filled: usize) {
    (*parser).fill(length, filled);
}

/// Goes on to the next event; writes its kind and its numbers.
///
/// # Safety
/// `found` points to six floats.
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_next(parser: *mut Parser, found: *mut [f64; 6]) {
    let event = (*parser).next();
    let window = (*parser).window().as_ptr() as usize;
    found.write(match event {
        Event::End => [0.0; 6],
        Event::Bytes { at, length } => [1.0, at as f64, length as f64, 0.0, 0.0, 0.0],
        Event::Xml { tag, id, start, length, at } => {
            let text = (window + start) as f64;
            [2.0, f64::from(tag), f64::from(id), text, length as f64, at as f64]
        }
        Event::Offset { stream, time, value, at } => {
            let rows = (&(*parser).streams)[stream].total as f64;
            [3.0, stream as f64, time, value, rows, at as f64]
        }
        Event::Batch { stream } => [4.0, stream as f64, 0.0, 0.0, 0.0, 0.0],
        Event::Problem { kind, from, to, samples } => {
            [5.0, f64::from(kind as u32), from as f64, to as f64, samples as f64, 0.0]
        }
    });
}

/// Samples of the batch of a stream.
///
/// # Safety
/// See [`sp_xdf_free`]; `stream` is the number of one.
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_rows(parser: *const Parser, stream: usize) -> usize {
    (&(*parser).streams)[stream].rows
}

/// Address of the times of the batch of a stream.
///
/// # Safety
/// See [`sp_xdf_rows`].
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_times(parser: *const Parser, stream: usize) -> *const i64 {
    (&(*parser).streams)[stream].times.as_ptr()
}

/// Address of the values of a column of the batch of a stream.
///
/// # Safety
/// See [`sp_xdf_rows`]; `column` is one of its columns.
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_column(
    parser: *const Parser,
    stream: usize,
    column: usize,
) -> *const u8 {
    (&(*parser).streams)[stream].column(column).as_ptr()
}

/// Writes of a column of texts the address and number of its word numbers, address and number of the ends of its
/// new words, address and bytes of their text, and how many words are known in all.
///
/// # Safety
/// See [`sp_xdf_column`]; `found` points to seven numbers.
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_texts(
    parser: *mut Parser,
    stream: usize,
    column: usize,
    found: *mut [usize; 7],
) {
    let stream = &mut (&mut (*parser).streams)[stream];
    let (numbers, rows) = (stream.word_numbers(column).as_ptr() as usize, stream.rows);
    let known = stream.words[column].known();
    let (text, ends) = stream.words[column].hand_over();
    let (text_at, ends_at) = (text.as_ptr() as usize, ends.as_ptr() as usize);
    found.write([numbers, rows, ends_at, ends.len(), text_at, text.len(), known]);
}

/// Starts the next batch of a stream.
///
/// # Safety
/// See [`sp_xdf_rows`].
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_clear(parser: *mut Parser, stream: usize) {
    (&mut (*parser).streams)[stream].clear();
}

/// Writes how many samples a stream has so far, and of them how many stamps are no times, stamps are not known,
/// samples are lost, and texts are not UTF-8.
///
/// # Safety
/// See [`sp_xdf_rows`]; `found` points to five floats.
#[no_mangle]
pub unsafe extern "C" fn sp_xdf_tally(
    parser: *const Parser,
    stream: usize,
    found: *mut [f64; 5],
) {
    let stream = &(&(*parser).streams)[stream];
    let tally = stream.tally;
    let counts = [stream.total, tally.bad_times, tally.unknown_times, tally.lost, tally.bad_texts];
    found.write(counts.map(|count| count as f64));
}

/// Converts seconds to ns; what is no time becomes -2^63.
///
/// # Safety
/// `seconds` and `ns` point to `length` elements each.
#[no_mangle]
pub unsafe extern "C" fn sp_seconds_to_ns(seconds: *const f64, length: usize, ns: *mut i64) {
    for (index, &value) in slice(seconds, length).iter().enumerate() {
        ns.add(index).write(nanoseconds(value).unwrap_or(MISSING));
    }
}
