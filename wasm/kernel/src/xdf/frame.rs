//! Where chunks begin and end, and whether bytes can be a chunk at all.

/// Tags of the chunks that XDF 1.0 knows.
pub mod tag {
    pub const FILE_HEADER: u16 = 1;
    pub const STREAM_HEADER: u16 = 2;
    pub const SAMPLES: u16 = 3;
    pub const CLOCK_OFFSET: u16 = 4;
    pub const BOUNDARY: u16 = 5;
    pub const STREAM_FOOTER: u16 = 6;
}

/// Content of a boundary chunk.
pub const BOUNDARY_UUID: [u8; 16] = [
    0x43, 0xa5, 0x46, 0xdc, 0xcb, 0xf5, 0x41, 0x0f, 0xb3, 0x0e, 0xd5, 0x46, 0x73, 0x83, 0xcb, 0xe4,
];

/// Bytes that are looked at to judge a chunk; fewer only at the end of the file.
pub const GLANCE: usize = 64;

/// Largest file that is believed: what a float counts exactly.
const LARGEST: u64 = 1 << 53;

/// A chunk by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub tag: u16,
    /// Bytes before the content.
    pub head: u64,
    /// Bytes of the content, behind the tag.
    pub content: u64,
}

/// Reads a number of 1, 4 or 8 bytes behind a byte that says how many; also returns the bytes that it took.
pub fn variable_length(bytes: &[u8]) -> Option<(u64, usize)> {
    let number = match (bytes.first()?, bytes.get(1..)?) {
        (1, rest) => (u64::from(*rest.first()?), 2),
        (4, rest) => (u64::from(u32::from_le_bytes(rest.get(..4)?.try_into().ok()?)), 5),
        (8, rest) => (u64::from_le_bytes(rest.get(..8)?.try_into().ok()?), 9),
        _ => return None,
    };
    Some(number)
}

/// Reads the head of a chunk.
pub fn read_frame(bytes: &[u8]) -> Option<Frame> {
    let (length, taken) = variable_length(bytes)?;
    if !(2..LARGEST).contains(&length) {
        return None;
    }
    let tag = u16::from_le_bytes(bytes.get(taken..taken + 2)?.try_into().ok()?);
    Some(Frame { tag, head: taken as u64 + 2, content: length - 2 })
}

/// The stream that a chunk belongs to, from the start of its content.
pub fn stream_id(content: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(content.get(..4)?.try_into().ok()?))
}

/// Whether bytes can be the start of XML.
pub fn is_xml(content: &[u8]) -> bool {
    let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// Whether the start of a content suits its tag, as far as that can be told without the streams.
pub fn suits(frame: Frame, content: &[u8]) -> bool {
    match frame.tag {
        tag::FILE_HEADER => is_xml(content),
        tag::STREAM_HEADER | tag::STREAM_FOOTER => content.get(4..).is_some_and(is_xml),
        tag::SAMPLES => frame.content >= 6,
        tag::CLOCK_OFFSET => frame.content == 20,
        tag::BOUNDARY => frame.content == 16,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{read_frame, suits, variable_length, Frame};

    #[test]
    fn reads_lengths_of_each_size() {
        assert_eq!(variable_length(&[1, 200]), Some((200, 2)));
        assert_eq!(variable_length(&[4, 1, 0, 0, 1]), Some((0x0100_0001, 5)));
        assert_eq!(variable_length(&[8, 0, 0, 0, 0, 1, 0, 0, 0]), Some((1 << 32, 9)));
        assert_eq!(variable_length(&[2, 0, 0]), None);
        assert_eq!(variable_length(&[4, 0, 0]), None);
        assert_eq!(variable_length(&[]), None);
    }

    #[test]
    fn reads_heads() {
        assert_eq!(read_frame(&[1, 18, 5, 0]), Some(Frame { tag: 5, head: 4, content: 16 }));
        assert_eq!(read_frame(&[1, 1, 5, 0]), None);
        let huge = [8, 255, 255, 255, 255, 255, 255, 255, 255, 3, 0];
        assert_eq!(read_frame(&huge), None);
    }

    #[test]
    fn judges_contents() {
        let frame = |tag, content| Frame { tag, head: 4, content };
        assert!(suits(frame(1, 9), b" <info/>"));
        assert!(!suits(frame(1, 9), b"info"));
        assert!(suits(frame(2, 9), b"\0\0\0\0<a>"));
        assert!(!suits(frame(4, 21), &[0; 20]));
        assert!(suits(frame(900, 21), &[0; 20]));
    }
}
