//! One record while it is being read, and the cells in it that start with a quote.

use super::marks::{CR, LF, QUOTE};

/// A quote that opens a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    pub place: usize,
    pub column: usize,
}

/// What is known about a record.
#[derive(Default)]
pub struct Record {
    pub cells: usize,
    /// Place of its line end, or the end of the content.
    pub end: usize,
    /// The content ended before a line end was found.
    pub open: bool,
    /// Start of the last cell.
    pub last_cell: usize,
    /// The quote that was not closed.
    pub open_quote: Option<Quote>,
    /// The first quote whose cell goes on behind a line end within the longest line.
    pub multiline: Option<Quote>,
    /// Line ends within quotes.
    pub line_ends: f64,
}

/// Where the quotes of a cell end.
pub struct QuotedCell {
    /// Place of the closing quote.
    pub close: usize,
    /// Some quotes are doubled.
    pub doubled: bool,
    /// First mark behind the closing quote.
    pub next: usize,
}

impl Record {
    /// Passes over the marks of the cell whose opening quote is mark number `first`. `limit` is the end of the
    /// longest record.
    pub fn pass_quotes(
        &mut self,
        bytes: &[u8],
        places: &[u32],
        first: usize,
        limit: usize,
    ) -> QuotedCell {
        let quote = Quote {
            place: places[first] as usize,
            column: self.cells,
        };
        let mut doubled = false;
        let mut next = first + 1;
        while let Some(&place) = places.get(next) {
            let place = place as usize;
            next += 1;
            match bytes[place] {
                QUOTE
                    if places.get(next) == Some(&(place as u32 + 1))
                        && bytes[place + 1] == QUOTE =>
                {
                    doubled = true;
                    next += 1;
                }
                QUOTE => {
                    return QuotedCell {
                        close: place,
                        doubled,
                        next,
                    }
                }
                byte @ (LF | CR) => {
                    self.line_ends += f64::from(u8::from(byte == LF || bytes[place + 1] != LF));
                    if place <= limit {
                        self.multiline = self.multiline.or(Some(quote));
                    }
                }
                _ => {}
            }
        }
        self.open_quote = Some(quote);
        QuotedCell {
            close: bytes.len() - 1,
            doubled,
            next,
        }
    }
}

/// The text of a quoted cell, given with its quotes and what follows them; `close` is the place of the closing
/// quote in it.
pub fn unquote<'a>(
    cell: &'a [u8],
    close: usize,
    doubled: bool,
    scratch: &'a mut Vec<u8>,
) -> &'a [u8] {
    let inner = &cell[1..close];
    let tail = cell.get(close + 1..).unwrap_or(b"");
    if !doubled && tail.is_empty() {
        return inner;
    }
    scratch.clear();
    let mut escaping = false;
    for &byte in inner {
        escaping = byte == QUOTE && !escaping;
        if !escaping {
            scratch.push(byte);
        }
    }
    scratch.extend_from_slice(tail);
    scratch
}
