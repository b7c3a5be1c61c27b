//! Splits a stream of bytes into records and stores their cells column by column.
//!
//! Quotes follow RFC 4180; a quote is special only as the first byte of a cell, and text after a closing quote
//! belongs to the cell. Lines end with LF, CRLF or CR. The result does not depend on how the bytes are cut.

use super::block::{Block, Limits};
use super::column::{Column, ColumnType, Verdict};
use super::decimal::trim;
use super::defect::{Defects, Kind, Place};
use super::marks::{Marks, CR, LF};
use super::record::{Cells, Quote, Record};
use super::window::Window;

/// Bytes after which a batch ends early, so that long texts do not add up.
const BATCH_BYTES: usize = 16 << 20;
/// Bytes of distinct texts of a column that are remembered from batch to batch.
const REMEMBERED_TEXT: usize = 1 << 18;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Stands for "every quote may open a cell".
const NOWHERE: usize = usize::MAX;

/// How a table is written and how much of it is held.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub separator: u8,
    /// Decimal point: `.` or `,`.
    pub point: u8,
    /// Most bytes of a record without its line end.
    pub max_line: usize,
    /// Most rows of a batch.
    pub batch_rows: usize,
    /// Bytes that are scanned at once.
    pub window: usize,
}

/// Reads a table batch by batch.
pub struct Scanner {
    format: Format,
    window: Window,
    marks: Marks,
    marked: bool,
    pub columns: Vec<Column>,
    pub defects: Defects,
    /// Rows of the batch so far.
    pub rows: usize,
    rows_before: f64,
    /// Bytes of the rows of the batch.
    batch_bytes: usize,
    /// Rows to read one by one, since some cell of them is not good.
    single_rows: usize,
    line: f64,
    at_start: bool,
    after_cr: bool,
    skipping: bool,
    nuls: u32,
    scratch: Vec<u8>,
}

enum Step {
    Continue,
    NeedMore,
}

impl Scanner {
    /// A scanner for a table of at least one column.
    pub fn new(format: Format, types: &[ColumnType], first_line: f64) -> Scanner {
        let columns = types
            .iter()
            .map(|&kind| Column::new(kind, format.batch_rows))
            .collect();
        Scanner {
            format,
            window: Window::new(format.window),
            marks: Marks::default(),
            marked: false,
            columns,
            defects: Defects::default(),
            rows: 0,
            rows_before: 0.0,
            batch_bytes: 0,
            single_rows: 0,
            line: first_line,
            at_start: true,
            after_cr: false,
            skipping: false,
            nuls: 0,
            scratch: Vec::new(),
        }
    }

    /// Free part of the window, never empty; to be written from its front. Call after [`Scanner::scan`] said
    /// that more bytes are needed.
    pub fn room(&mut self) -> &mut [u8] {
        self.window.room()
    }

    /// Takes over bytes that were written; returns how many more fit before a scan is due.
    pub fn fill(&mut self, count: usize) -> usize {
        self.marked = false;
        self.window.fill(count)
    }

    /// Starts the next batch.
    pub fn clear(&mut self) {
        self.rows_before += self.rows as f64;
        self.rows = 0;
        self.batch_bytes = 0;
        self.defects.clear();
        for column in &mut self.columns {
            if let Column::Text(_, words) = column {
                if words.size() > REMEMBERED_TEXT {
                    words.forget();
                }
            }
        }
    }

    /// Reads records until the batch is full (true) or more bytes are needed (false). `last` says that there are
    /// none.
    pub fn scan(&mut self, last: bool) -> bool {
        if self.at_start && !self.skip_byte_order_mark(last) {
            return false;
        }
        if !self.marked {
            self.marks.find(
                self.window.content(),
                self.window.start,
                self.format.separator,
            );
            self.marked = true;
        }
        while self.rows < self.format.batch_rows && self.batch_bytes < BATCH_BYTES {
            if self.read_block() {
                continue;
            }
            if let Step::NeedMore = self.step(last) {
                if last {
                    self.count_last_nuls();
                }
                return false;
            }
        }
        true
    }

    /// Reads rows that are alike all at once. False when there are none or one of their cells is not good.
    fn read_block(&mut self) -> bool {
        if self.single_rows > 0 || self.marks.quotes || self.after_cr || self.skipping {
            self.single_rows = self.single_rows.saturating_sub(1);
            return false;
        }
        let (format, window) = (&self.format, &self.window);
        let limits = Limits {
            rows: format.batch_rows - self.rows,
            row_bytes: format.max_line,
            size: BATCH_BYTES - self.batch_bytes,
        };
        let places = &self.marks.places()[self.marks.next..];
        let count = self.columns.len();
        let bytes = window.padded();
        let found = Block::find(bytes, places, window.start, count, format.separator, limits);
        let Some(block) = found.filter(|_| self.nuls == 0 && !window.has_nuls()) else {
            return false;
        };
        let mut columns = self.columns.iter_mut().enumerate();
        if !columns.all(|(at, column)| column.store_block(self.rows, &block, at, format.point)) {
            self.single_rows = block.rows - 1;
            return false;
        }
        let (rows, marks, size, end) = (block.rows, block.marks(), block.size(), block.end());
        self.rows += rows;
        self.line += rows as f64;
        self.marks.next += marks;
        self.batch_bytes += size;
        self.window.consume(end);
        true
    }

    fn skip_byte_order_mark(&mut self, last: bool) -> bool {
        let content = self.window.content();
        if content.len() < BYTE_ORDER_MARK.len() && !last {
            return false;
        }
        self.at_start = false;
        if content.starts_with(BYTE_ORDER_MARK) {
            self.nuls += self.window.consume(BYTE_ORDER_MARK.len());
        }
        true
    }

    fn count_last_nuls(&mut self) {
        self.nuls += self.window.rest_of_nuls();
        self.report_nuls();
    }

    fn report_nuls(&mut self) {
        if self.nuls > 0 {
            let place = self.place(None);
            self.defects
                .add(Kind::Nul, place, Some(self.nuls as usize), b"");
            self.nuls = 0;
        }
    }

    fn place(&self, column: Option<usize>) -> Place {
        Place {
            line: self.line,
            row: self.rows_before + self.rows as f64,
            column,
        }
    }

    /// Reads one record, or finds that it is incomplete.
    fn step(&mut self, last: bool) -> Step {
        let window = &mut self.window;
        if window.start < window.end && self.after_cr {
            self.after_cr = false;
            if window.content()[window.start] == LF {
                self.nuls += window.consume(window.start + 1);
                self.marks.next += 1;
            }
        }
        if self.window.start == self.window.end {
            return Step::NeedMore;
        }
        if self.skipping {
            return self.skip_line(last);
        }
        self.read_record(last)
    }

    /// Passes over the rest of a line that is too long.
    fn skip_line(&mut self, last: bool) -> Step {
        let content = self.window.content();
        let rest = &self.marks.places()[self.marks.next..];
        let is_end = |&place: &u32| matches!(content[place as usize], LF | CR);
        let Some(found) = rest.iter().position(is_end) else {
            self.marks.next = self.marks.places().len();
            self.nuls += self.window.consume(self.window.end);
            if last {
                self.count_last_nuls();
                self.skipping = false;
            }
            return Step::NeedMore;
        };
        let place = rest[found] as usize;
        self.marks.next += found;
        self.skipping = false;
        self.finish_line(place, 1.0);
        Step::Continue
    }

    /// Consumes a record and its line end, which is the next mark.
    fn finish_line(&mut self, place: usize, lines: f64) {
        self.after_cr = self.window.content()[place] == CR;
        self.marks.next += 1;
        self.nuls += self.window.consume(place + 1);
        self.report_nuls();
        self.line += lines;
    }

    fn read_record(&mut self, last: bool) -> Step {
        let checkpoint = self.defects.checkpoint();
        let first_mark = self.marks.next;
        let record = self.walk(NOWHERE);
        let too_long = record.end - self.window.start > self.format.max_line;
        let culprit = if too_long {
            record.multiline
        } else {
            record.open_quote
        };
        if !too_long && (last || !record.open) && culprit.is_none() {
            self.finish_record(&record);
            return Step::Continue;
        }
        self.defects.roll_back(&checkpoint);
        self.marks.next = first_mark;
        if !too_long && !last {
            return Step::NeedMore;
        }
        match culprit {
            Some(quote) => self.read_literally(quote),
            None => self.start_skipping(last),
        }
    }

    /// Reads a record whose quotes stay open for too long: from that quote on, quotes are plain text, so that
    /// the record ends with its line and nothing behind it is lost.
    fn read_literally(&mut self, quote: Quote) -> Step {
        let place = self.place(Some(quote.column));
        self.defects.add(Kind::QuoteUnclosed, place, None, b"");
        let record = self.walk(quote.place);
        self.finish_record(&record);
        Step::Continue
    }

    fn start_skipping(&mut self, last: bool) -> Step {
        let place = self.place(None);
        self.defects.add(Kind::LineTooLong, place, None, b"");
        self.skipping = true;
        self.skip_line(last)
    }

    /// Stores the cells of the record that starts where the window does. Quotes at `literal` or behind it are
    /// plain text.
    fn walk(&mut self, literal: usize) -> Record {
        let Scanner {
            format,
            window,
            marks,
            columns,
            defects,
            scratch,
            ..
        } = self;
        let last_column = columns.len() - 1;
        let mut cells = Cells {
            bytes: window.padded(),
            places: marks.places(),
            next: marks.next,
            start: window.start,
            separator: format.separator,
            literal,
            limit: window.start + format.max_line,
        };
        let mut record = Record::default();
        while !record.complete {
            let column = record.cells;
            let cell = cells.read(&mut record, scratch);
            let Some(values) = columns.get_mut(column) else {
                continue;
            };
            let verdict = values.store(self.rows, cell, format.point);
            // A cell at which the file stops is reported as such.
            if verdict != Verdict::Good && !(record.open && column < last_column) {
                let place = Place {
                    line: self.line + record.line_ends,
                    row: self.rows_before + self.rows as f64,
                    column: Some(column),
                };
                defects.add(verdict.into(), place, None, cell);
            }
        }
        marks.next = cells.next;
        record
    }

    /// Counts a record as a row unless it is blank, and consumes it.
    fn finish_record(&mut self, record: &Record) {
        self.batch_bytes += record.end + 1 - self.window.start;
        let last = &self.window.content()[record.last_cell..record.end];
        let blank = record.cells == 1 && trim(last).is_empty();
        if !blank {
            self.check_length(record);
        }
        if record.open {
            self.nuls += self.window.consume(record.end) + self.window.rest_of_nuls();
            self.report_nuls();
        } else {
            self.finish_line(record.end, 1.0 + record.line_ends);
        }
        self.rows += usize::from(!blank);
    }

    /// Compares the number of cells with the number of columns; empties the cells that are not there.
    fn check_length(&mut self, record: &Record) {
        let declared = self.columns.len();
        let last = &self.window.content()[record.last_cell..record.end];
        let trailing = record.cells == declared + 1 && matches!(last, b"" | b"\"\"");
        if record.cells == declared || trailing {
            return;
        }
        let mut place = self.place(None);
        if record.cells > declared {
            self.defects.add(Kind::Long, place, Some(record.cells), b"");
            return;
        }
        let mut present = record.cells;
        if record.open {
            // Digits may be missing from the cell at which the file stops.
            present -= 1;
            place.column = Some(present);
            self.defects
                .add(Kind::LastLineCut, place, Some(record.cells), last);
        } else {
            self.defects
                .add(Kind::Short, place, Some(record.cells), b"");
        }
        for column in &mut self.columns[present..] {
            column.store(self.rows, b"", self.format.point);
        }
    }
}
