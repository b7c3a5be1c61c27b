//! One upright picture in red, green and blue.

use super::color::{convert, Matrix};
use super::source::Source;
use super::turn::turn;

/// Most pixels of a picture: 16384 by 8192.
pub const MAX_PIXELS: usize = 1 << 27;

/// An upright picture; its memory is used again for the next one.
#[derive(Default)]
pub struct Frame {
    pub width: usize,
    pub height: usize,
    /// Rows of `3 * width` bytes.
    pub rgb: Vec<u8>,
    /// A picture before it is turned.
    spare: Vec<u8>,
}

impl Frame {
    /// Takes a picture and turns it clockwise by quarter turns. Tells whether there was room for it.
    pub fn load(&mut self, source: &Source, matrix: Matrix, full_range: bool, quarters: u32) -> bool {
        let (width, height) = (source.width(), source.height());
        let Some(bytes) = bytes_of(width, height) else { return false };
        if !resize(&mut self.rgb, bytes) {
            return false;
        }
        if quarters % 4 == 0 {
            convert(source, matrix, full_range, &mut self.rgb);
        } else {
            if !resize(&mut self.spare, bytes) {
                return false;
            }
            convert(source, matrix, full_range, &mut self.spare);
            turn(&self.spare, width, height, quarters, &mut self.rgb);
        }
        let sideways = quarters % 2 == 1;
        (self.width, self.height) = if sideways { (height, width) } else { (width, height) };
        true
    }
}

/// Bytes of a picture in three colours; nothing where it is too large.
pub fn bytes_of(width: usize, height: usize) -> Option<usize> {
    width.checked_mul(height).filter(|&pixels| pixels <= MAX_PIXELS).map(|pixels| 3 * pixels)
}

/// Gives a buffer its length. Tells whether there was memory for it.
pub fn resize(buffer: &mut Vec<u8>, length: usize) -> bool {
    let missing = length.saturating_sub(buffer.len());
    if buffer.try_reserve_exact(missing).is_err() {
        return false;
    }
    buffer.resize(length, 0);
    true
}
