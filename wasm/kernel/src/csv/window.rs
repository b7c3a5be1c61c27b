//! The bytes that have been pushed and not yet consumed.

use super::marks::all_set;

/// Readable bytes behind the content, so that the byte at its end can always be looked at.
const PADDING: usize = 1;

/// A buffer that is filled at its end and consumed from its start, and from which NUL bytes are removed.
pub struct Window {
    bytes: Vec<u8>,
    /// First byte that was not consumed.
    pub start: usize,
    /// End of the content.
    pub end: usize,
    /// Where NUL bytes were removed and how many, in order.
    nuls: Vec<(usize, u32)>,
}

impl Window {
    /// An empty window for so many bytes; it grows with the longest record.
    pub fn new(capacity: usize) -> Window {
        Window {
            bytes: vec![0; capacity + PADDING],
            start: 0,
            end: 0,
            nuls: Vec::new(),
        }
    }

    /// The content up to its end; one more byte is readable in [`Window::padded`].
    pub fn content(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    /// The content and one byte that means nothing.
    pub fn padded(&self) -> &[u8] {
        &self.bytes[..self.end + PADDING]
    }

    /// Moves what is left to the front, makes room where that is more than half, and returns the free part.
    pub fn room(&mut self) -> &mut [u8] {
        self.bytes.copy_within(self.start..self.end, 0);
        for nul in &mut self.nuls {
            nul.0 -= self.start;
        }
        self.end -= self.start;
        self.start = 0;
        let capacity = self.bytes.len() - PADDING;
        if self.end > capacity / 2 {
            self.bytes.resize(capacity * 2 + PADDING, 0);
        }
        let limit = self.bytes.len() - PADDING;
        &mut self.bytes[self.end..limit]
    }

    /// Takes over bytes that were written to the front of the free part; returns how many more fit.
    pub fn fill(&mut self, count: usize) -> usize {
        let limit = self.end + count;
        if all_set(&self.bytes[self.end..limit]) {
            self.end = limit;
        } else {
            self.remove_nuls(limit);
        }
        self.bytes.len() - PADDING - self.end
    }

    fn remove_nuls(&mut self, limit: usize) {
        let mut end = self.end;
        for place in self.end..limit {
            let byte = self.bytes[place];
            if byte != 0 {
                self.bytes[end] = byte;
                end += 1;
                continue;
            }
            match self.nuls.last_mut() {
                Some(last) if last.0 == end => last.1 = last.1.saturating_add(1),
                _ => self.nuls.push((end, 1)),
            }
        }
        self.end = end;
    }

    /// Consumes the content before a place; returns how many NUL bytes had been removed before it.
    pub fn consume(&mut self, place: usize) -> u32 {
        self.start = place;
        if self.nuls.is_empty() {
            return 0;
        }
        let passed = self.nuls.iter().take_while(|nul| nul.0 < place).count();
        self.nuls
            .drain(..passed)
            .fold(0, |sum, nul| sum.saturating_add(nul.1))
    }

    /// Whether NUL bytes were removed from what is left.
    pub fn has_nuls(&self) -> bool {
        !self.nuls.is_empty()
    }

    /// Forgets and counts the NUL bytes at the very end.
    pub fn rest_of_nuls(&mut self) -> u32 {
        self.nuls
            .drain(..)
            .fold(0, |sum, nul| sum.saturating_add(nul.1))
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    fn write(window: &mut Window, bytes: &[u8]) {
        window.room()[..bytes.len()].copy_from_slice(bytes);
        window.fill(bytes.len());
    }

    #[test]
    fn removes_and_counts_nuls_where_they_were() {
        let mut window = Window::new(8);
        write(&mut window, b"\0a\0\0");
        write(&mut window, b"\0b\n\0");
        assert_eq!(window.content(), b"ab\n");
        assert_eq!(window.consume(1), 1);
        write(&mut window, b"c");
        assert_eq!(window.content(), b"b\nc");
        assert_eq!(window.consume(2), 3);
        assert_eq!(window.rest_of_nuls(), 1);
    }
}
