//! Finds the next chunk where the chain is broken.

use super::frame::{is_xml, read_frame, stream_id, suits, tag, variable_length, Frame, BOUNDARY_UUID, GLANCE};
use super::parser::{Event, Parser, Problem, State};
use super::samples::Run;
use super::stream::Stream;

impl Parser {
    /// Looks for the next chunk byte by byte.
    pub(super) fn search(&mut self, from: u64, bad: u64, cut: bool) -> Option<Event> {
        let mut at = from;
        while at < self.size {
            let bytes = match self.bytes(at, GLANCE as u64) {
                Ok(bytes) => bytes,
                Err(event) => {
                    self.state = State::Search { at, bad, cut };
                    return Some(event);
                }
            };
            let whole = at + bytes.len() as u64 >= self.size;
            let tries = if whole { bytes.len() } else { bytes.len() - GLANCE + 1 };
            let hit = (0..tries).find(|&skip| self.is_chunk(&bytes[skip..], at + skip as u64));
            if let Some(skip) = hit {
                return Some(self.resume(at + skip as u64, bad));
            }
            at += tries as u64;
        }
        if cut {
            return self.open_cut(bad);
        }
        self.state = State::Done;
        Some(Event::Problem { kind: Problem::Damage, from: bad, to: self.size, samples: 0 })
    }

    /// Goes on at a chunk that was found; between the two places something is lost.
    fn resume(&mut self, at: u64, bad: u64) -> Event {
        self.streams.iter_mut().for_each(Stream::forget_stamp);
        self.previous = None;
        self.position = at;
        self.state = State::Chunk;
        let (from, to) = (at.min(bad), at.max(bad));
        Event::Problem { kind: Problem::Damage, from, to, samples: 0 }
    }

    /// Nothing follows a chunk that is longer than the file: it was cut off.
    fn open_cut(&mut self, at: u64) -> Option<Event> {
        let bytes = match self.bytes(at, GLANCE as u64) {
            Ok(bytes) => bytes,
            Err(event) => {
                self.state = State::Search { at: self.size, bad: at, cut: true };
                return Some(event);
            }
        };
        let frame = read_frame(bytes);
        self.pass(at, self.size);
        if let Some(frame) = frame {
            self.open(at, frame, true);
        }
        Some(Event::Problem { kind: Problem::Cut, from: at, to: self.size, samples: 0 })
    }

    /// Whether bytes at a place are surely the start of a chunk of a known stream.
    pub(super) fn is_chunk(&self, bytes: &[u8], at: u64) -> bool {
        let Some(frame) = read_frame(bytes) else { return false };
        let content = bytes.get(frame.head as usize..).unwrap_or_default();
        if at + frame.head + frame.content > self.size || !suits(frame, content) {
            return false;
        }
        let stream = stream_id(content).and_then(|id| self.by_id.get(&id));
        match frame.tag {
            tag::FILE_HEADER => content.starts_with(b"<"),
            tag::STREAM_HEADER => content.get(4..).is_some_and(|text| text.starts_with(b"<")),
            tag::STREAM_FOOTER => stream.is_some() && content.get(4..).is_some_and(is_xml),
            tag::CLOCK_OFFSET => stream.is_some(),
            tag::BOUNDARY => content.starts_with(&BOUNDARY_UUID),
            tag::SAMPLES => self.holds_samples(content, at, frame),
            _ => false,
        }
    }

    /// Whether the content of a chunk can be samples of a known stream.
    fn holds_samples(&self, content: &[u8], at: u64, frame: Frame) -> bool {
        let known = stream_id(content).and_then(|id| self.by_id.get(&id));
        let announced = variable_length(content.get(4..).unwrap_or_default());
        let (Some(&stream), Some((left, taken))) = (known, announced) else { return false };
        let start = at + frame.head + 4 + taken as u64;
        let end = at + frame.head + frame.content;
        let run = Run { stream, left, at: start, end, cut: false };
        start <= end && run.is_plausible(&self.streams[stream])
    }

    pub(super) fn hides_samples(&self, at: u64, frame: Frame) -> bool {
        let content = self.bytes(at + frame.head, GLANCE as u64 - frame.head);
        content.is_ok_and(|content| self.holds_samples(content, at, frame))
    }
}
