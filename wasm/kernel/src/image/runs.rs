//! Masks as run lengths: column after column, beginning with the pixels that do not belong.

/// What a mask covers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Cover {
    pub area: f64,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A part of a picture in which a mask lies, row after row; a pixel belongs to it where its byte is not 0.
pub struct Patch<'a> {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub bytes: &'a [u8],
}

/// Columns that are gathered at once, so that rows are read in pieces.
const COLUMNS: usize = 16;

/// Run lengths of a picture of `width` by `height` whose mask lies within a patch, and what it covers.
pub fn encode(patch: &Patch, width: usize, height: usize, counts: &mut Vec<u32>) -> Cover {
    counts.clear();
    let rows = patch.bytes.len() / patch.width.max(1);
    let mut writer = Writer { counts, position: 0, start: 0, inside: false };
    let mut extent = Extent::default();
    let mut columns = vec![0u8; COLUMNS * rows];
    for first in (0..patch.width).step_by(COLUMNS) {
        let taken = COLUMNS.min(patch.width - first);
        gather(patch, first, taken, rows, &mut columns);
        for (column, bytes) in columns.chunks_exact(rows.max(1)).take(taken).enumerate() {
            let x = patch.left + first + column;
            writer.column((x * height + patch.top) as u64, bytes, |from, to| {
                extent.add(x, patch.top + from, patch.top + to);
            });
        }
    }
    writer.finish((width * height) as u64);
    extent.cover()
}

fn gather(patch: &Patch, first: usize, taken: usize, rows: usize, columns: &mut [u8]) {
    for (row, bytes) in patch.bytes.chunks_exact(patch.width).enumerate() {
        for (column, &byte) in bytes[first..first + taken].iter().enumerate() {
            columns[column * rows + row] = byte;
        }
    }
}

/// Pixels that a mask reaches.
struct Extent {
    area: u64,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Default for Extent {
    fn default() -> Extent {
        Extent { area: 0, left: usize::MAX, right: 0, top: usize::MAX, bottom: 0 }
    }
}

impl Extent {
    fn add(&mut self, x: usize, from: usize, to: usize) {
        self.area += (to - from) as u64;
        self.left = self.left.min(x);
        self.right = self.right.max(x + 1);
        self.top = self.top.min(from);
        self.bottom = self.bottom.max(to);
    }

    fn cover(&self) -> Cover {
        if self.area == 0 {
            return Cover::default();
        }
        Cover {
            area: self.area as f64,
            x: self.left as f64,
            y: self.top as f64,
            width: (self.right - self.left) as f64,
            height: (self.bottom - self.top) as f64,
        }
    }
}

struct Writer<'a> {
    counts: &'a mut Vec<u32>,
    /// Pixels before it are known.
    position: u64,
    /// Where the run that is open began.
    start: u64,
    inside: bool,
}

impl Writer<'_> {
    fn switch(&mut self, at: u64) {
        self.counts.push((at - self.start) as u32);
        self.start = at;
        self.inside = !self.inside;
    }

    /// Takes pixels of a column from `position` on; those between are outside.
    fn column(&mut self, position: u64, bytes: &[u8], mut each: impl FnMut(usize, usize)) {
        if self.inside && position > self.position {
            self.switch(self.position);
        }
        let mut from = 0;
        for (row, &byte) in bytes.iter().enumerate() {
            if (byte != 0) != self.inside {
                self.switch(position + row as u64);
                if self.inside {
                    from = row;
                } else if row > from {
                    each(from, row);
                }
            }
        }
        if self.inside && bytes.len() > from {
            each(from, bytes.len());
        }
        self.position = position + bytes.len() as u64;
    }

    fn finish(&mut self, total: u64) {
        if self.inside && self.position < total {
            self.switch(self.position);
        }
        self.counts.push((total - self.start) as u32);
    }
}

/// Writes a mask into a picture as bytes, row after row: 1 within, 0 elsewhere. Counts beyond the picture are ignored.
pub fn decode(counts: &[u32], height: usize, bytes: &mut [u8]) {
    bytes.fill(0);
    let width = bytes.len() / height.max(1);
    for_each_run(counts, width, height, |x, from, to| {
        (from..to).for_each(|y| bytes[y * width + x] = 1);
    });
}

/// Visits the pieces of columns that belong to a mask: column, first row, one past the last.
pub fn for_each_run(
    counts: &[u32],
    width: usize,
    height: usize,
    mut each: impl FnMut(usize, usize, usize),
) {
    let total = width * height;
    let mut position = 0usize;
    for (index, &count) in counts.iter().enumerate() {
        let end = position.saturating_add(count as usize).min(total);
        while index % 2 == 1 && position < end {
            let (x, from) = (position / height, position % height);
            let to = height.min(from + (end - position));
            each(x, from, to);
            position += to - from;
        }
        position = end;
    }
}
