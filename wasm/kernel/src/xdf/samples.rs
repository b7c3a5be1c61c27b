//! The samples of one chunk, read as far as bytes are at hand.

use super::frame::variable_length;
use super::stream::{Format, Stream};

/// Most bytes that the texts of one sample may take.
const TEXT_LIMIT: u64 = 16 << 20;

/// Reading one chunk of samples.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Which stream.
    pub stream: usize,
    /// Samples that the chunk announces and that were not read yet.
    pub left: u64,
    /// Where the next sample starts, and where the content ends.
    pub at: u64,
    pub end: u64,
    /// The file ends before the content does.
    pub cut: bool,
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// All samples were read, or what is left of them was given up.
    Done,
    /// The batch is full.
    Full,
    /// So many bytes from where the next sample starts must be at hand.
    Bytes(u64),
}

/// What a look at one sample found.
enum Look {
    /// Bytes that it takes.
    Sample(usize),
    /// At least so many bytes are needed to tell more.
    More(u64),
    Damaged,
}

impl Run {
    /// Whether the bytes can hold the samples that were announced.
    pub fn is_plausible(&self, stream: &Stream) -> bool {
        let rest = u128::from(self.end - self.at);
        let channels = stream.channels as u128;
        if stream.format == Format::Text {
            return rest >= u128::from(self.left) * (1 + 2 * channels);
        }
        let least = u128::from(self.left) * (1 + stream.sample_bytes() as u128);
        rest >= least && rest <= least + 8 * u128::from(self.left) && (rest - least) % 8 == 0
    }

    /// Reads samples from bytes that start at [`Run::at`].
    pub fn read(&mut self, stream: &mut Stream, bytes: &[u8]) -> Stop {
        let mut used = 0;
        let stop = loop {
            if self.left == 0 {
                break Stop::Done;
            }
            if stream.is_full() || (stream.rows > 0 && stream.has_much_text()) {
                break Stop::Full;
            }
            let rest = &bytes[used..];
            let (taken, size) = stream.push_alike(rest, self.left);
            if taken > 0 {
                used += size;
                self.left -= taken;
                continue;
            }
            let available = self.end - self.at - used as u64;
            match look(stream, rest, available) {
                Look::Sample(size) => {
                    take(stream, &rest[..size]);
                    used += size;
                    self.left -= 1;
                }
                Look::More(needed) => break Stop::Bytes(needed),
                Look::Damaged => break self.give_up(stream),
            }
        };
        self.at += used as u64;
        stop
    }

    /// Of a whole chunk all samples count, so that whoever only counts them comes to the same number.
    fn give_up(&mut self, stream: &mut Stream) -> Stop {
        stream.forget_stamp();
        if self.cut {
            stream.tally.lost += self.left;
            self.left = 0;
            return Stop::Done;
        }
        while self.left > 0 && !stream.is_full() {
            stream.push_lost();
            self.left -= 1;
        }
        // The next call goes on here: nothing more of the content is to be looked at.
        self.end = self.at;
        if self.left == 0 { Stop::Done } else { Stop::Full }
    }

    /// Counts the whole samples of a chunk without keeping them; returns them with why it stopped.
    pub fn count(&mut self, stream: &Stream, bytes: &[u8]) -> (u64, Stop) {
        let (mut used, mut samples) = (0, 0);
        let stop = loop {
            if self.left == 0 {
                break Stop::Done;
            }
            let available = self.end - self.at - used as u64;
            match look(stream, &bytes[used..], available) {
                Look::Sample(size) => {
                    used += size;
                    samples += 1;
                    self.left -= 1;
                }
                Look::More(needed) => break Stop::Bytes(needed),
                Look::Damaged => {
                    self.left = 0;
                    break Stop::Done;
                }
            }
        };
        self.at += used as u64;
        (samples, stop)
    }
}

/// Finds where the sample at the start of the bytes ends. The chunk has `available` bytes from there.
#[inline]
fn look(stream: &Stream, bytes: &[u8], available: u64) -> Look {
    let Some(&stamp) = bytes.first() else {
        return if available == 0 { Look::Damaged } else { Look::More(1) };
    };
    if stamp != 0 && stamp != 8 {
        return Look::Damaged;
    }
    let head = 1 + usize::from(stamp);
    if stream.format == Format::Text {
        return look_at_texts(stream.channels, bytes, head, available);
    }
    let size = head + stream.sample_bytes();
    if size <= bytes.len() && size as u64 <= available {
        Look::Sample(size)
    } else if size as u64 > available {
        Look::Damaged
    } else {
        Look::More(size as u64)
    }
}

fn look_at_texts(channels: usize, bytes: &[u8], head: usize, available: u64) -> Look {
    let mut at = head as u64;
    for _ in 0..channels {
        // The longest head of a text has nine bytes.
        let wanted = (at + 9).min(available);
        let rest = bytes.get(at.min(bytes.len() as u64) as usize..).unwrap_or_default();
        let Some((length, taken)) = variable_length(rest) else {
            let is_all = bytes.len() as u64 >= wanted;
            return if is_all { Look::Damaged } else { Look::More(wanted) };
        };
        at += taken as u64;
        if length > TEXT_LIMIT || at + length > available.min(TEXT_LIMIT) {
            return Look::Damaged;
        }
        at += length;
        if at > bytes.len() as u64 {
            // Asked for text by text, a sample of many would be read as many times.
            return Look::More((2 * at).min(available));
        }
    }
    match at {
        _ if at > available => Look::Damaged,
        _ if at > bytes.len() as u64 => Look::More(at),
        _ => Look::Sample(at as usize),
    }
}

/// Adds a sample whose bytes are exactly these.
#[inline]
fn take(stream: &mut Stream, bytes: &[u8]) {
    let (stamp, values) = match bytes[0] {
        8 => {
            let mut seconds = [0; 8];
            seconds.copy_from_slice(&bytes[1..9]);
            (Some(f64::from_le_bytes(seconds)), &bytes[9..])
        }
        _ => (None, &bytes[1..]),
    };
    if stream.format == Format::Text {
        take_texts(stream, values);
    }
    stream.push(stamp, values);
}

fn take_texts(stream: &mut Stream, mut values: &[u8]) {
    for column in 0..stream.channels {
        let Some((length, taken)) = variable_length(values) else { return };
        let end = taken + length as usize;
        stream.set_text(column, &values[taken..end]);
        values = &values[end..];
    }
}
