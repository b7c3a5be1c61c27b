//! Tables as CSV rows.

use crate::memory::slice;
use session_process_kernel::format::{seconds_since, write_rows, Column, Text};

/// Words that describe one column: kind, data, and three more whose meaning depends on the kind.
const WORDS: usize = 5;

const KIND_F64: u32 = 0;
const KIND_I64: u32 = 1;
const KIND_BOOL: u32 = 2;
const KIND_SECONDS: u32 = 3;
const KIND_NS_AS_SECONDS: u32 = 4;

/// Makes an empty output.
#[no_mangle]
pub extern "C" fn sp_format_new() -> *mut Vec<u8> {
    Box::into_raw(Box::default())
}

/// Gives an output back.
///
/// # Safety
/// `out` came from [`sp_format_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_format_free(out: *mut Vec<u8>) {
    drop(Box::from_raw(out));
}

/// Replaces the output by rows from `from` on, as many as reach `limit` bytes, and returns the next row.
///
/// # Safety
/// `out` came from [`sp_format_new`]; `columns` points to five words per column that describe buffers of
/// `length` elements.
#[no_mangle]
pub unsafe extern "C" fn sp_format_rows(
    out: *mut Vec<u8>,
    columns: *const u32,
    column_count: usize,
    length: usize,
    from: usize,
    limit: usize,
) -> usize {
    let words = slice(columns, column_count * WORDS);
    let columns: Vec<Column> = words.chunks_exact(WORDS).map(|one| column(one, length)).collect();
    let out = &mut *out;
    out.clear();
    write_rows(&columns, length, from, limit, out)
}

/// First byte of the output, valid until the next call with it.
///
/// # Safety
/// `out` came from [`sp_format_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_format_pointer(out: *const Vec<u8>) -> *const u8 {
    (*out).as_ptr()
}

/// Bytes in the output.
///
/// # Safety
/// `out` came from [`sp_format_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_format_bytes(out: *const Vec<u8>) -> usize {
    (*out).len()
}

/// Turns times in ns into seconds since an origin given as two 32-bit words.
///
/// # Safety
/// `times` and `seconds` point to `length` elements each.
#[no_mangle]
pub unsafe extern "C" fn sp_seconds_since(
    times: *const i64,
    length: usize,
    origin_low: u32,
    origin_high: u32,
    seconds: *mut f64,
) {
    let origin = wide(origin_low, origin_high);
    let seconds = core::slice::from_raw_parts_mut(seconds, length);
    seconds_since(slice(times, length), origin, seconds);
}

fn wide(low: u32, high: u32) -> i64 {
    (u64::from(high) << 32 | u64::from(low)) as i64
}

unsafe fn column<'a>(words: &[u32], length: usize) -> Column<'a> {
    let data = words[1] as usize;
    match words[0] {
        KIND_F64 => Column::F64(slice(data as *const f64, length)),
        KIND_I64 => Column::I64(slice(data as *const i64, length)),
        KIND_BOOL => Column::Bool(slice(data as *const u8, length)),
        KIND_SECONDS => Column::Seconds {
            times: slice(data as *const i64, length),
            origin: wide(words[2], words[3]),
        },
        KIND_NS_AS_SECONDS => Column::NsAsSeconds(slice(data as *const f64, length)),
        _ => {
            let entries = words[3] as usize;
            let offsets = slice(words[2] as usize as *const u32, entries + 1);
            let bytes = slice(words[4] as usize as *const u8, offsets[entries] as usize);
            Column::Text(Text { codes: slice(data as *const u32, length), offsets, bytes })
        }
    }
}
