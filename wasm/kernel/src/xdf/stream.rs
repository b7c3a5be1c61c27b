//! The samples of one stream, gathered column by column.

use super::seconds::nanoseconds;
use crate::csv::words::Words;

/// Stands for a time that is not known.
pub const MISSING: i64 = i64::MIN;

/// Text of a batch after which it is handed over, and words after which they are forgotten.
const TEXT_LIMIT: usize = 4 << 20;

/// How the values of a stream are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    Int8,
    Int16,
    Int32,
    Int64,
    Float32,
    Double64,
    Text,
}

impl Format {
    /// Bytes of one value; of text none are fixed.
    pub fn bytes(self) -> usize {
        match self {
            Format::Int8 => 1,
            Format::Int16 => 2,
            Format::Int32 | Format::Float32 => 4,
            Format::Int64 | Format::Double64 => 8,
            Format::Text => 0,
        }
    }
}

/// What becomes of the samples of a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// They are counted and skipped.
    Count,
    /// Numbers become doubles, except integers of 64 bits.
    Doubles,
    /// Numbers stay as they are stored.
    Stored,
}

/// What was wrong with the samples of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Stamps that are no numbers or out of range.
    pub bad_times: u64,
    /// Samples without a stamp that could not be deduced.
    pub unknown_times: u64,
    /// Samples that a damaged chunk announced but does not hold.
    pub lost: u64,
    /// Texts that are not UTF-8.
    pub bad_texts: u64,
}

/// The last stamp that was read, from which the next ones are deduced.
#[derive(Clone, Copy)]
struct LastStamp {
    time: i64,
    samples_since: f64,
}

/// A stream with the batch that is being gathered.
pub struct Stream {
    pub format: Format,
    pub channels: usize,
    pub mode: Mode,
    pub rows: usize,
    /// All samples so far, in batches handed over or not.
    pub total: u64,
    pub tally: Tally,
    pub times: Vec<i64>,
    pub words: Vec<Words>,
    /// Word numbers of text columns.
    pub numbers: Vec<u32>,
    /// Values column by column, `stride` elements apart.
    pub values: Vec<u8>,
    capacity: usize,
    stride: usize,
    period: f64,
    last: Option<LastStamp>,
}

impl Stream {
    /// A stream whose batches hold up to `capacity` samples. A rate that is not positive deduces no stamps.
    pub fn new(format: Format, channels: usize, rate: f64, capacity: usize, mode: Mode) -> Stream {
        // Columns a power of two apart would fall onto the same lines of the cache.
        let stride = capacity + 16;
        let mut stream = Stream {
            format,
            channels,
            mode,
            rows: 0,
            total: 0,
            tally: Tally::default(),
            times: Vec::new(),
            words: Vec::new(),
            numbers: Vec::new(),
            values: Vec::new(),
            capacity,
            stride,
            period: if rate > 0.0 && rate.is_finite() { 1e9 / rate } else { f64::NAN },
            last: None,
        };
        if mode != Mode::Count {
            stream.times = vec![MISSING; capacity];
            if format == Format::Text {
                stream.words = (0..channels).map(|_| Words::new()).collect();
                stream.numbers = vec![0; stride * channels];
            } else {
                stream.values = vec![0; stride * channels * stream.element()];
            }
        }
        stream
    }

    /// Bytes of one value in a batch.
    pub fn element(&self) -> usize {
        if self.mode == Mode::Stored { self.format.bytes() } else { 8 }
    }

    /// Bytes of the values of a sample in the file; of text none are fixed.
    pub fn sample_bytes(&self) -> usize {
        self.channels * self.format.bytes()
    }

    /// Bytes of the values of a column, or its word numbers.
    pub fn column(&self, column: usize) -> &[u8] {
        let start = column * self.stride * self.element();
        &self.values[start..start + self.rows * self.element()]
    }

    /// Numbers of the words of a column.
    pub fn word_numbers(&self, column: usize) -> &[u32] {
        &self.numbers[column * self.stride..column * self.stride + self.rows]
    }

    /// No further sample fits into the batch.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.rows >= self.capacity
    }

    /// The batch holds as much text as one should.
    pub fn has_much_text(&self) -> bool {
        self.words.iter().map(Words::size).sum::<usize>() > TEXT_LIMIT
    }

    /// Starts the next batch.
    pub fn clear(&mut self) {
        self.rows = 0;
        if self.has_much_text() {
            self.words.iter_mut().for_each(Words::forget);
        }
    }

    /// Samples may have been lost: stamps cannot be deduced from the last one that was read.
    pub fn forget_stamp(&mut self) {
        self.last = None;
    }

    /// Adds a sample whose bytes are all there: its stamp, if it has one, and its values.
    #[inline]
    pub fn push(&mut self, stamp: Option<f64>, values: &[u8]) {
        self.times[self.rows] = self.time(stamp);
        self.put_values(values, 0, values.len().max(1));
        self.rows += 1;
    }

    /// Adds the next samples that are whole and have a stamp or have none as the first of them, so many at most and
    /// as many as there is room for. Returns how many they are and their bytes.
    #[inline]
    pub fn push_alike(&mut self, bytes: &[u8], most: u64) -> (u64, usize) {
        let Some(&mark @ (0 | 8)) = bytes.first().filter(|_| self.format != Format::Text) else {
            return (0, 0);
        };
        let head = 1 + usize::from(mark);
        let size = head + self.sample_bytes();
        let room = (self.capacity - self.rows).min(usize::try_from(most).unwrap_or(usize::MAX));
        let count = bytes.chunks_exact(size).take(room).take_while(|sample| sample[0] == mark).count();
        let bytes = &bytes[..count * size];
        for (row, sample) in (self.rows..).zip(bytes.chunks_exact(size)) {
            self.times[row] = self.time(sample[1..head].try_into().ok().map(f64::from_le_bytes));
        }
        self.put_values(bytes, head, size);
        self.rows += count;
        (count as u64, bytes.len())
    }

    /// Writes the values of samples of `size` bytes each, of which so many come ahead of the values.
    #[inline]
    fn put_values(&mut self, samples: &[u8], head: usize, size: usize) {
        let at = (head, size);
        match (self.format, self.mode) {
            (Format::Int8, Mode::Doubles) => self.widen(samples, at, |v: [u8; 1]| f64::from(v[0] as i8)),
            (Format::Int16, Mode::Doubles) => self.widen(samples, at, |v| f64::from(i16::from_le_bytes(v))),
            (Format::Int32, Mode::Doubles) => self.widen(samples, at, |v| f64::from(i32::from_le_bytes(v))),
            (Format::Float32, Mode::Doubles) => self.widen(samples, at, |v| f64::from(f32::from_le_bytes(v))),
            (Format::Int8, _) => self.spread(samples, at, |v: [u8; 1]| v),
            (Format::Int16, _) => self.spread(samples, at, |v: [u8; 2]| v),
            (Format::Int32 | Format::Float32, _) => self.spread(samples, at, |v: [u8; 4]| v),
            (Format::Int64 | Format::Double64, _) => self.spread(samples, at, |v: [u8; 8]| v),
            (Format::Text, _) => {}
        }
    }

    #[inline]
    fn widen<const N: usize>(&mut self, samples: &[u8], at: (usize, usize), read: impl Fn([u8; N]) -> f64) {
        self.spread(samples, at, |bytes| read(bytes).to_le_bytes());
    }

    /// Writes values column by column.
    #[inline]
    fn spread<const N: usize, const M: usize>(
        &mut self,
        samples: &[u8],
        (head, size): (usize, usize),
        convert: impl Fn([u8; N]) -> [u8; M],
    ) {
        let columns = self.values.chunks_exact_mut(self.stride * M).take(self.channels);
        for (column, values) in columns.enumerate() {
            let from = head + column * N;
            let (values, _) = values[self.rows * M..].as_chunks_mut::<M>();
            for (to, sample) in values.iter_mut().zip(samples.chunks_exact(size)) {
                let mut bytes = [0; N];
                bytes.copy_from_slice(&sample[from..from + N]);
                *to = convert(bytes);
            }
        }
    }

    /// Sets a text of the sample that [`Stream::push`] adds next.
    pub fn set_text(&mut self, column: usize, text: &[u8]) {
        let (number, valid) = self.words[column].intern(text);
        self.numbers[column * self.stride + self.rows] = number;
        self.tally.bad_texts += u64::from(!valid);
    }

    /// Adds a sample that is lost: time and values are missing.
    pub fn push_lost(&mut self) {
        let row = self.rows;
        self.times[row] = MISSING;
        self.last = None;
        self.tally.lost += 1;
        if self.format == Format::Text {
            (0..self.channels).for_each(|column| self.numbers[column * self.stride + row] = 0);
        } else {
            self.fill_missing(row);
        }
        self.rows = row + 1;
    }

    fn fill_missing(&mut self, row: usize) {
        let element = self.element();
        let missing: [u8; 8] = match (self.format, self.mode) {
            (Format::Int64, _) => MISSING.to_le_bytes(),
            (Format::Float32, Mode::Stored) => u64::from(f32::NAN.to_bits()).to_le_bytes(),
            (Format::Double64, _) | (_, Mode::Doubles) => f64::NAN.to_le_bytes(),
            _ => [0; 8],
        };
        for column in 0..self.channels {
            let at = (column * self.stride + row) * element;
            self.values[at..at + element].copy_from_slice(&missing[..element]);
        }
    }

    /// The time of the next sample in ns.
    #[inline]
    fn time(&mut self, stamp: Option<f64>) -> i64 {
        let Some(seconds) = stamp else { return self.deduced() };
        match nanoseconds(seconds) {
            Some(time) => {
                self.last = Some(LastStamp { time, samples_since: 0.0 });
                time
            }
            None => {
                self.tally.bad_times += 1;
                // It still is one sample further.
                if let Some(last) = &mut self.last {
                    last.samples_since += 1.0;
                }
                MISSING
            }
        }
    }

    fn deduced(&mut self) -> i64 {
        if let Some(last) = &mut self.last {
            last.samples_since += 1.0;
            let passed = last.samples_since * self.period;
            if passed.is_finite() {
                return last.time.saturating_add(passed.round_ties_even() as i64);
            }
        }
        self.tally.unknown_times += 1;
        MISSING
    }
}
