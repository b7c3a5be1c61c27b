//! What was wrong with a table, with places.

use super::column::Verdict;

/// Kinds of defects, numbered for the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Short = 0,
    Long = 1,
    Invalid = 2,
    QuoteUnclosed = 3,
    LineTooLong = 4,
    Nul = 5,
    LastLineCut = 6,
    Encoding = 7,
}

impl From<Verdict> for Kind {
    fn from(verdict: Verdict) -> Kind {
        match verdict {
            Verdict::Encoding => Kind::Encoding,
            Verdict::Invalid | Verdict::Good => Kind::Invalid,
        }
    }
}

const KINDS: usize = 8;
/// Defects of one kind that are kept for a batch; all are counted.
const KEPT_PER_KIND: usize = 125;
/// Bytes of the offending text that are kept.
const KEPT_TEXT: usize = 80;
/// Floats for each defect: kind, line, row, column or -1, count or -1, end of its text in UTF-16 units.
const FIELDS: usize = 6;

/// Where a defect is: a line counted from 1, a row from 0, perhaps a column from 0.
#[derive(Clone, Copy)]
pub struct Place {
    pub line: f64,
    pub row: f64,
    pub column: Option<usize>,
}

/// The state to return to when a line turns out to be incomplete.
#[derive(Clone, Copy)]
pub struct Checkpoint {
    kept: usize,
    text: usize,
    units: u32,
    counts: [usize; KINDS],
}

/// The defects of a batch.
#[derive(Default)]
pub struct Defects {
    /// [`FIELDS`] floats for each defect.
    pub records: Vec<f64>,
    pub text: String,
    units: u32,
    counts: [usize; KINDS],
}

impl Defects {
    pub fn clear(&mut self) {
        *self = Defects::default();
    }

    /// Number of all defects, also of those that were not kept.
    pub fn count(&self) -> usize {
        self.counts.iter().sum()
    }

    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            kept: self.records.len(),
            text: self.text.len(),
            units: self.units,
            counts: self.counts,
        }
    }

    pub fn roll_back(&mut self, to: &Checkpoint) {
        self.records.truncate(to.kept);
        self.text.truncate(to.text);
        self.units = to.units;
        self.counts = to.counts;
    }

    /// Adds a defect that has a count, such as the cells of a short row.
    #[cold]
    pub fn add(&mut self, kind: Kind, place: Place, found: Option<usize>, text: &[u8]) {
        self.counts[kind as usize] += 1;
        if self.counts[kind as usize] > KEPT_PER_KIND {
            return;
        }
        let text = String::from_utf8_lossy(&text[..text.len().min(KEPT_TEXT)]);
        self.units += text.encode_utf16().count() as u32;
        self.text.push_str(&text);
        let optional = |value: Option<usize>| value.map_or(-1.0, |value| value as f64);
        let record: [f64; FIELDS] = [
            f64::from(kind as u8),
            place.line,
            place.row,
            optional(place.column),
            optional(found),
            f64::from(self.units),
        ];
        self.records.extend_from_slice(&record);
    }
}
