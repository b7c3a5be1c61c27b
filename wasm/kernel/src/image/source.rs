//! The bytes of a picture as a decoder leaves them.

/// How samples lie in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    /// Planes of luma and chroma; chroma is halved by these shifts across and down.
    Planar { across: u32, down: u32, deep: bool },
    /// Luma, then chroma in pairs, halved both ways.
    Nv12,
    Rgb,
    Rgba,
    Gray,
}

impl Format {
    /// The format of a code: I420, I422, I444, the same with 10 bits, NV12, RGB, RGBA, GRAY8.
    pub fn from_code(code: u32) -> Option<Format> {
        let planar = |across, down, deep| Some(Format::Planar { across, down, deep });
        match code {
            0 => planar(1, 1, false),
            1 => planar(1, 0, false),
            2 => planar(0, 0, false),
            3 => planar(1, 1, true),
            4 => planar(1, 0, true),
            5 => planar(0, 0, true),
            6 => Some(Format::Nv12),
            7 => Some(Format::Rgb),
            8 => Some(Format::Rgba),
            9 => Some(Format::Gray),
            _ => None,
        }
    }

    /// Whether samples have 10 bits in two bytes.
    pub fn deep(self) -> bool {
        matches!(self, Format::Planar { deep: true, .. })
    }

    /// Bytes of a row and number of rows of each plane; zeros where there is none.
    fn extents(self, width: usize, height: usize) -> [(usize, usize); 3] {
        let none = (0, 0);
        match self {
            Format::Planar { across, down, deep } => {
                let bytes = 1 + usize::from(deep);
                let chroma = (halved(width, across) * bytes, halved(height, down));
                [(width * bytes, height), chroma, chroma]
            }
            Format::Nv12 => [(width, height), (2 * halved(width, 1), halved(height, 1)), none],
            Format::Rgb => [(3 * width, height), none, none],
            Format::Rgba => [(4 * width, height), none, none],
            Format::Gray => [(width, height), none, none],
        }
    }
}

/// Half of an extent where `shift` is 1, rounded up.
pub fn halved(extent: usize, shift: u32) -> usize {
    (extent + (1 << shift) - 1) >> shift
}

/// Where a plane lies within the data.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plane {
    pub offset: usize,
    pub stride: usize,
}

/// Longest side of a picture.
pub const MAX_EXTENT: usize = 1 << 16;

/// A picture whose planes lie within its data.
pub struct Source<'a> {
    format: Format,
    width: usize,
    height: usize,
    data: &'a [u8],
    planes: [Plane; 3],
}

impl<'a> Source<'a> {
    /// Nothing when a plane does not lie within the data, or an extent is beyond [`MAX_EXTENT`].
    pub fn new(
        format: Format,
        (width, height): (usize, usize),
        data: &'a [u8],
        planes: [Plane; 3],
    ) -> Option<Source<'a>> {
        if width > MAX_EXTENT || height > MAX_EXTENT {
            return None;
        }
        let fits = format.extents(width, height).iter().zip(&planes).all(|(&(bytes, rows), plane)| {
            bytes == 0 || rows == 0 || fits(plane, bytes, rows, data.len())
        });
        fits.then_some(Source { format, width, height, data, planes })
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// The bytes of a row of a plane.
    pub fn row(&self, plane: usize, row: usize) -> &'a [u8] {
        let (bytes, _) = self.format.extents(self.width, self.height)[plane];
        let start = self.planes[plane].offset + row * self.planes[plane].stride;
        &self.data[start..start + bytes]
    }
}

fn fits(plane: &Plane, bytes: usize, rows: usize, length: usize) -> bool {
    let last = plane.stride.checked_mul(rows - 1).and_then(|skip| skip.checked_add(plane.offset));
    let end = last.and_then(|start| start.checked_add(bytes));
    (rows == 1 || plane.stride >= bytes) && end.is_some_and(|end| end <= length)
}
