//! Walks through the chunks of a file, asking for bytes by their place.

use super::frame::{
    read_frame, stream_id, suits, tag, variable_length, Frame, GLANCE,
};
use super::samples::{Run, Stop};
use super::stream::{Mode, Stream};
use std::collections::BTreeMap;

/// Bytes that are asked for at a time, unless more are needed at once.
pub const WINDOW: u64 = 1 << 20;

/// Longest XML that is believed.
const XML_LIMIT: u64 = 16 << 20;

/// First word of a file.
const MAGIC: &[u8; 4] = b"XDF:";

/// What is wrong with a place of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Problem {
    /// The file does not start with `XDF:`.
    Magic,
    /// Bytes that are no chunk.
    Damage,
    /// The file ends within the chunk.
    Cut,
    /// Samples of a stream that has no header.
    NoHeader,
    /// XML without end.
    TooLong,
}

/// What whoever drives the parser must do or may want to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    End,
    /// Bytes are needed: see [`Parser::fill`].
    Bytes { at: u64, length: u64 },
    /// XML of a chunk, by its place in the window.
    Xml { tag: u16, id: u32, start: usize, length: usize, at: u64 },
    /// A reading of the clock of a stream.
    Offset { stream: usize, time: f64, value: f64, at: u64 },
    /// A batch is full.
    Batch { stream: usize },
    Problem { kind: Problem, from: u64, to: u64, samples: u64 },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    Start,
    /// A chunk starts at the position.
    Chunk,
    /// Reads samples; the position is behind them.
    Samples(Run),
    /// Counts those of a chunk that is cut off.
    Counting(Run),
    /// Looks for the next chunk from `at` on. `bad` is where none was; `cut` a chunk that may merely be cut off.
    Search { at: u64, bad: u64, cut: bool },
    Done,
}

/// Reads a file of known size through windows that the caller fills.
pub struct Parser {
    pub(super) size: u64,
    /// The first `filled` bytes of it are of the file.
    window: Vec<u8>,
    filled: usize,
    /// Place of the window in the file.
    pub(super) start: u64,
    /// From here on the window is kept when the bytes behind it are added.
    kept: u64,
    pub(super) position: u64,
    /// Where the chunk before the position starts: its length may be wrong.
    pub(super) previous: Option<u64>,
    /// Where the chunks of unknown kind start that stand before the position: they may be damage.
    doubtful: Option<u64>,
    /// Bytes that may still be looked at a second time: damage must not cost more than a second reading.
    patience: u64,
    pub(super) state: State,
    pub streams: Vec<Stream>,
    pub(super) by_id: BTreeMap<u32, usize>,
}

impl Parser {
    /// A parser at the start of a file of `size` bytes.
    pub fn new(size: u64) -> Parser {
        Parser {
            size,
            window: Vec::new(),
            filled: 0,
            start: 0,
            kept: 0,
            position: 0,
            previous: None,
            doubtful: None,
            patience: size,
            state: State::Start,
            streams: Vec::new(),
            by_id: BTreeMap::new(),
        }
    }

    /// Gives samples with this id, from here on, to a new stream; returns its number.
    pub fn add_stream(&mut self, id: u32, stream: Stream) -> usize {
        self.streams.push(stream);
        self.by_id.insert(id, self.streams.len() - 1);
        self.streams.len() - 1
    }

    /// From here on only counts the samples of a stream.
    pub fn count_only(&mut self, stream: usize) {
        self.streams[stream].mode = Mode::Count;
        if let State::Samples(run) = self.state {
            if run.stream == stream && run.cut {
                self.state = State::Counting(run);
            } else if run.stream == stream {
                self.streams[stream].total += run.left;
                self.state = State::Chunk;
            }
        }
    }

    /// Room for `length` bytes of the file from `at` on, which the caller fills.
    pub fn room(&mut self, at: u64, length: usize) -> &mut [u8] {
        if at == self.end() && self.kept >= self.start {
            let used = ((self.kept - self.start) as usize).min(self.filled);
            self.window.copy_within(used..self.filled, 0);
            self.filled -= used;
            self.start += used as u64;
        } else {
            self.filled = 0;
            self.start = at;
        }
        let from = self.filled;
        self.filled += length;
        if self.window.len() < self.filled {
            self.window.resize(self.filled, 0);
        }
        &mut self.window[from..self.filled]
    }

    /// Says how many bytes of the room of `length` were filled: fewer only when the file has become shorter.
    pub fn fill(&mut self, length: usize, filled: usize) {
        if filled < length {
            self.filled -= length - filled;
            self.size = self.size.min(self.end());
        }
    }

    /// The bytes of the window.
    pub fn window(&self) -> &[u8] {
        &self.window[..self.filled]
    }

    /// Place in the file behind the window.
    fn end(&self) -> u64 {
        self.start + self.filled as u64
    }

    /// Goes on to the next thing that the caller has to do.
    pub fn next(&mut self) -> Event {
        loop {
            let step = match self.state {
                State::Done => return Event::End,
                State::Start => self.begin(),
                State::Chunk => self.chunk(),
                State::Samples(run) => self.samples(run),
                State::Counting(run) => self.count(run),
                State::Search { at, bad, cut } => self.search(at, bad, cut),
            };
            match step {
                Some(Event::Bytes { at, length }) => return self.ask(at, length),
                Some(event) => return event,
                None => {}
            }
        }
    }

    /// Asks for bytes. Those at hand are kept, so that a file is read once from front to back in even pieces.
    fn ask(&mut self, at: u64, length: u64) -> Event {
        let end = self.end();
        if at < self.start || at > end {
            return Event::Bytes { at, length };
        }
        self.kept = at;
        let wanted = (at + length).saturating_sub(end);
        Event::Bytes { at: end, length: wanted.max(WINDOW).min(self.size.saturating_sub(end)) }
    }

    /// Bytes from `at` on, at least `length` of them or all that there are; otherwise what to ask for.
    pub(super) fn bytes(&self, at: u64, length: u64) -> Result<&[u8], Event> {
        let wanted = length.min(self.size.saturating_sub(at));
        if wanted == 0 {
            return Ok(&[]);
        }
        let inside = at.wrapping_sub(self.start);
        if at >= self.start && inside + wanted <= self.filled as u64 {
            return Ok(&self.window()[inside as usize..]);
        }
        let ask = wanted.max(WINDOW).min(self.size - at);
        Err(Event::Bytes { at, length: ask })
    }

    fn begin(&mut self) -> Option<Event> {
        let bytes = match self.bytes(0, 4 + GLANCE as u64) {
            Ok(bytes) => bytes,
            Err(event) => return Some(event),
        };
        if bytes.starts_with(MAGIC) {
            self.position = 4;
            self.state = State::Chunk;
            return None;
        }
        let is_chunk = self.is_chunk(bytes.get(4..).unwrap_or_default(), 4);
        self.position = 4;
        self.state = if is_chunk { State::Chunk } else { State::Done };
        Some(Event::Problem { kind: Problem::Magic, from: 0, to: 4, samples: 0 })
    }

    fn chunk(&mut self) -> Option<Event> {
        let at = self.position;
        if at >= self.size {
            self.state = State::Done;
            return None;
        }
        let bytes = match self.bytes(at, GLANCE as u64) {
            Ok(bytes) => bytes,
            Err(event) => return Some(event),
        };
        let found = read_frame(bytes).filter(|frame| {
            suits(*frame, &bytes[(frame.head as usize).min(bytes.len())..])
        });
        let Some(frame) = found else {
            let bad = self.doubtful.take().unwrap_or(at);
            self.state = State::Search { at: self.look_back(at), bad, cut: false };
            return None;
        };
        if at + frame.head + frame.content > self.size {
            self.state = State::Search { at: at + 1, bad: at, cut: true };
            return None;
        }
        self.open(at, frame, false)
    }

    /// Where to look for a chunk when there is none at a place: the one before may not be as long as it says.
    fn look_back(&mut self, bad: u64) -> u64 {
        let Some(previous) = self.previous else { return bad };
        let again = bad - previous;
        if again > self.patience {
            return bad;
        }
        self.patience -= again;
        previous + 1
    }

    /// Acts on a chunk. The position is behind it afterwards, except while bytes of it are waited for.
    pub(super) fn open(&mut self, at: u64, frame: Frame, cut: bool) -> Option<Event> {
        let content = at + frame.head;
        let end = (content + frame.content).min(self.size);
        match frame.tag {
            tag::FILE_HEADER | tag::STREAM_HEADER | tag::STREAM_FOOTER if !cut => {
                self.xml(at, frame, content, end)
            }
            tag::SAMPLES => self.open_samples(at, frame, cut),
            tag::CLOCK_OFFSET if !cut => self.offset(at, content, end),
            tag::BOUNDARY => {
                self.pass(at, end);
                None
            }
            // Its tag may be all that is damaged.
            _ if self.hides_samples(at, frame) => {
                self.pass(at, end);
                self.streams.iter_mut().for_each(Stream::forget_stamp);
                let kind = Problem::Damage;
                Some(Event::Problem { kind, from: at, to: end, samples: 0 })
            }
            _ => {
                let first = self.doubtful.unwrap_or(at);
                self.pass(at, end);
                self.doubtful = Some(first);
                None
            }
        }
    }

    /// Goes behind a chunk.
    pub(super) fn pass(&mut self, at: u64, end: u64) {
        self.previous = Some(at);
        self.doubtful = None;
        self.position = end;
        self.state = State::Chunk;
    }

    fn xml(&mut self, at: u64, frame: Frame, content: u64, end: u64) -> Option<Event> {
        if frame.content > XML_LIMIT {
            self.pass(at, end);
            let kind = Problem::TooLong;
            return Some(Event::Problem { kind, from: at, to: end, samples: 0 });
        }
        let length = frame.content as usize;
        let bytes = match self.bytes(content, frame.content) {
            Ok(bytes) => bytes,
            Err(event) => return Some(event),
        };
        let skipped = if frame.tag == tag::FILE_HEADER { 0 } else { 4 };
        let id = if skipped == 0 { 0 } else { stream_id(bytes).unwrap_or(0) };
        let length = length.min(bytes.len()).saturating_sub(skipped);
        let start = (content - self.start) as usize + skipped;
        self.pass(at, end);
        Some(Event::Xml { tag: frame.tag, id, start, length, at })
    }

    fn offset(&mut self, at: u64, content: u64, end: u64) -> Option<Event> {
        let bytes = match self.bytes(content, 20) {
            Ok(bytes) => bytes,
            Err(event) => return Some(event),
        };
        let number = |from: usize| {
            bytes.get(from..from + 8).map_or(f64::NAN, |part| {
                f64::from_le_bytes(part.try_into().unwrap_or_default())
            })
        };
        let (time, value) = (number(4), number(12));
        let known = stream_id(bytes).and_then(|id| self.by_id.get(&id).copied());
        self.pass(at, end);
        let Some(stream) = known else {
            let kind = Problem::NoHeader;
            return Some(Event::Problem { kind, from: at, to: end, samples: 0 });
        };
        Some(Event::Offset { stream, time, value, at })
    }

    fn open_samples(&mut self, at: u64, frame: Frame, cut: bool) -> Option<Event> {
        let content = at + frame.head;
        let declared = content + frame.content;
        let bytes = match self.bytes(content, 13) {
            Ok(bytes) => bytes,
            Err(event) => return Some(event),
        };
        let announced = stream_id(bytes).zip(variable_length(bytes.get(4..).unwrap_or_default()));
        let Some((id, (left, taken))) = announced else {
            return self.unsound(at, declared, cut);
        };
        let Some(&stream) = self.by_id.get(&id) else {
            self.pass(at, declared.min(self.size));
            self.streams.iter_mut().for_each(Stream::forget_stamp);
            let kind = Problem::NoHeader;
            return Some(Event::Problem { kind, from: at, to: self.position, samples: left });
        };
        let start = content + 4 + taken as u64;
        let run = Run { stream, left, at: start, end: declared, cut };
        if start > declared || !run.is_plausible(&self.streams[stream]) {
            return self.unsound(at, declared, cut);
        }
        self.previous = Some(at);
        self.doubtful = None;
        let run = Run { end: declared.min(self.size), ..run };
        let counts = self.streams[stream].mode == Mode::Count;
        if counts && !cut {
            self.streams[stream].total += left;
            self.pass(at, declared);
        } else {
            self.position = run.end;
            self.state = if counts { State::Counting(run) } else { State::Samples(run) };
        }
        None
    }

    /// A chunk of samples that contradicts itself is lost. One that is cut off was looked behind already.
    fn unsound(&mut self, at: u64, declared: u64, cut: bool) -> Option<Event> {
        if cut {
            self.pass(at, declared.min(self.size));
        } else {
            self.state = State::Search { at: at + 1, bad: at, cut: false };
        }
        None
    }

    fn samples(&mut self, mut run: Run) -> Option<Event> {
        let place = match self.place(&run) {
            Ok(place) => place,
            Err(event) => return Some(event),
        };
        let stream = &mut self.streams[run.stream];
        let before = stream.rows;
        let stop = run.read(stream, &self.window[place.0..place.1]);
        stream.total += (stream.rows - before) as u64;
        self.state = State::Samples(run);
        if stop == Stop::Full {
            return Some(Event::Batch { stream: run.stream });
        }
        self.go_on(run, stop)
    }

    fn count(&mut self, mut run: Run) -> Option<Event> {
        let place = match self.place(&run) {
            Ok(place) => place,
            Err(event) => return Some(event),
        };
        let stream = &mut self.streams[run.stream];
        let (samples, stop) = run.count(stream, &self.window[place.0..place.1]);
        stream.total += samples;
        self.state = State::Counting(run);
        self.go_on(run, stop)
    }

    /// The part of the window that belongs to a chunk that is being read.
    fn place(&self, run: &Run) -> Result<(usize, usize), Event> {
        let length = self.bytes(run.at, 1)?.len().min((run.end - run.at) as usize);
        let from = if length == 0 { 0 } else { (run.at - self.start) as usize };
        Ok((from, from + length))
    }

    /// Goes behind the samples, or says which bytes are needed.
    fn go_on(&mut self, run: Run, stop: Stop) -> Option<Event> {
        if let Stop::Bytes(needed) = stop {
            let length = needed.max(WINDOW).min(self.size.saturating_sub(run.at));
            // A file that has become shorter holds no more of them.
            if length >= needed {
                return Some(Event::Bytes { at: run.at, length });
            }
        }
        self.state = State::Chunk;
        None
    }
}
