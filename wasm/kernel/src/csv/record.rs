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
    /// The last cell was read.
    pub complete: bool,
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
struct QuotedCell {
    /// Place of the closing quote.
    close: usize,
    /// Some quotes are doubled.
    doubled: bool,
}

/// Reads the cells of a record one after the other.
pub struct Cells<'a> {
    /// The content and one byte that means nothing.
    pub bytes: &'a [u8],
    pub places: &'a [u32],
    /// First mark at or behind the next cell; in the end, that of the line end.
    pub next: usize,
    /// Start of the next cell.
    pub start: usize,
    pub separator: u8,
    /// Quotes here or behind are plain text.
    pub literal: usize,
    /// Where the longest record ends.
    pub limit: usize,
}

impl Cells<'_> {
    /// The text of the next cell.
    #[inline]
    pub fn read<'a>(&'a mut self, record: &mut Record, scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let (bytes, start, content) = (self.bytes, self.start, self.bytes.len() - 1);
        let opens = bytes[start] == QUOTE && start < self.literal && start < content;
        let quotes = opens.then(|| self.pass_quotes(record));
        while self.place().is_some_and(|place| bytes[place] == QUOTE) {
            self.next += 1;
        }
        let found = self.place();
        let end = found.unwrap_or(content);
        record.cells += 1;
        if found.is_some() && bytes[end] == self.separator {
            self.next += 1;
            self.start = end + 1;
        } else {
            record.complete = true;
            record.open = found.is_none();
            record.last_cell = start;
            record.end = end;
        }
        let raw = &bytes[start..end];
        quotes.map_or(raw, |quotes| {
            unquote(raw, quotes.close - start, quotes.doubled, scratch)
        })
    }

    #[inline]
    fn place(&self) -> Option<usize> {
        self.places.get(self.next).map(|&place| place as usize)
    }

    /// Passes over the marks of the cell that opens with the quote at the next mark.
    fn pass_quotes(&mut self, record: &mut Record) -> QuotedCell {
        let (bytes, places) = (self.bytes, self.places);
        let quote = Quote {
            place: self.start,
            column: record.cells,
        };
        let mut doubled = false;
        self.next += 1;
        while let Some(place) = self.place() {
            self.next += 1;
            match bytes[place] {
                QUOTE
                    if places.get(self.next) == Some(&(place as u32 + 1))
                        && bytes[place + 1] == QUOTE =>
                {
                    doubled = true;
                    self.next += 1;
                }
                QUOTE => {
                    return QuotedCell {
                        close: place,
                        doubled,
                    }
                }
                byte @ (LF | CR) => {
                    record.line_ends += f64::from(u8::from(byte == LF || bytes[place + 1] != LF));
                    if place <= self.limit {
                        record.multiline = record.multiline.or(Some(quote));
                    }
                }
                _ => {}
            }
        }
        record.open_quote = Some(quote);
        QuotedCell {
            close: bytes.len() - 1,
            doubled,
        }
    }
}

/// The text of a quoted cell, given with its quotes and what follows them; `close` is the place of the closing
/// quote in it.
fn unquote<'a>(cell: &'a [u8], close: usize, doubled: bool, scratch: &'a mut Vec<u8>) -> &'a [u8] {
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
