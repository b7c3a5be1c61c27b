//! Luma and chroma to red, green and blue (ITU-T H.273), in 16-bit numbers.
//!
//! Each part of the sum is rounded to 1/64, so that results differ by at most 1 from those of real numbers.
//! Chroma of a halved extent is repeated, as OpenCV and libyuv do it.

use super::lanes::{store_pixels, I16x8};
use super::source::{halved, Format, Source};

/// How luma and chroma make colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Matrix {
    Bt601,
    Bt709,
    Bt2020,
}

impl Matrix {
    pub fn from_code(code: u32) -> Option<Matrix> {
        [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020].get(code as usize).copied()
    }

    /// Shares of red and blue in luma.
    pub fn shares(self) -> (f64, f64) {
        match self {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
            Matrix::Bt2020 => (0.2627, 0.0593),
        }
    }
}

/// Factors of the sums, luma in units of 2^-14 and chroma in units of 2^-13.
struct Factors {
    luma: i16,
    black: i16,
    red_v: i16,
    green_u: i16,
    green_v: i16,
    blue_u: i16,
}

fn factors(matrix: Matrix, full_range: bool, deep: bool) -> Factors {
    let (red, blue) = matrix.shares();
    let green = 1.0 - red - blue;
    // The greatest 10-bit number is not quite four times 255.
    let full = if deep { 1020.0 / 1023.0 } else { 1.0 };
    let (luma, chroma) = if full_range { (full, full) } else { (255.0 / 219.0, 255.0 / 224.0) };
    let part = |factor: f64| (factor * chroma * 8192.0).round() as i16;
    let (red_v, blue_u) = (2.0 * (1.0 - red), 2.0 * (1.0 - blue));
    Factors {
        luma: (luma * 16384.0).round() as i16,
        black: if full_range { 0 } else { 16 << 7 },
        red_v: part(red_v),
        green_u: part(-blue_u * blue / green),
        green_v: part(-red_v * red / green),
        blue_u: part(blue_u),
    }
}

/// Chroma of a row, and what it adds to each colour along a row of luma, in units of 1/64.
#[derive(Default)]
struct ChromaRow {
    u: Vec<[i16; 8]>,
    v: Vec<[i16; 8]>,
    red: Vec<[i16; 8]>,
    green: Vec<[i16; 8]>,
    blue: Vec<[i16; 8]>,
}

impl ChromaRow {
    fn new(width: usize) -> ChromaRow {
        // Luma is taken 16 at a time.
        let blocks = || vec![[0i16; 8]; 2 * width.div_ceil(16)];
        ChromaRow { u: blocks(), v: blocks(), red: blocks(), green: blocks(), blue: blocks() }
    }

    fn fill(&mut self, source: &Source, row: usize, factors: &Factors) {
        let (u, v) = (self.u.as_flattened_mut(), self.v.as_flattened_mut());
        match source.format() {
            Format::Planar { across, down, deep } => {
                widen(source.row(1, row >> down), deep, u);
                widen(source.row(2, row >> down), deep, v);
                self.weigh(factors, across == 1);
            }
            Format::Nv12 => {
                for ((u, v), pair) in u.iter_mut().zip(v).zip(source.row(1, row >> 1).chunks_exact(2)) {
                    (*u, *v) = (centred(pair[0]), centred(pair[1]));
                }
                self.weigh(factors, true);
            }
            _ => {}
        }
    }

    /// Works out what eight samples of chroma add, to eight samples of luma or to twice as many.
    fn weigh(&mut self, factors: &Factors, doubled: bool) {
        let [red_v, green_u, green_v, blue_u] =
            [factors.red_v, factors.green_u, factors.green_v, factors.blue_u].map(I16x8::splat);
        let step = 1 + usize::from(doubled);
        let sums = self.red.chunks_exact_mut(step).zip(self.green.chunks_exact_mut(step));
        let sums = sums.zip(self.blue.chunks_exact_mut(step));
        for ((u, v), ((red, green), blue)) in self.u.iter().zip(&self.v).zip(sums) {
            let (u, v) = (I16x8::load(u), I16x8::load(v));
            spread(v.multiply(red_v), red);
            spread(u.multiply(green_u).add(v.multiply(green_v)), green);
            spread(u.multiply(blue_u), blue);
        }
    }
}

/// Stores eight numbers, each twice where there is room for that.
#[inline(always)]
fn spread(sum: I16x8, to: &mut [[i16; 8]]) {
    if let [first, second] = to {
        let [low, high] = sum.twice();
        low.store(first);
        high.store(second);
    } else if let [only] = to {
        sum.store(only);
    }
}

/// Chroma about its middle, times 256.
fn centred(sample: u8) -> i16 {
    (i16::from(sample) - 128) << 8
}

fn centred_deep(bytes: &[u8]) -> i16 {
    (deep(bytes) - 512) << 6
}

/// A 10-bit sample; the bits above do not count.
fn deep(bytes: &[u8]) -> i16 {
    (u16::from_le_bytes([bytes[0], bytes[1]]) & 0x3ff) as i16
}

fn widen(bytes: &[u8], is_deep: bool, to: &mut [i16]) {
    if is_deep {
        to.iter_mut().zip(bytes.chunks_exact(2)).for_each(|(to, pair)| *to = centred_deep(pair));
    } else {
        to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = centred(byte));
    }
}

/// Writes a picture as rows of red, green and blue, `3 * width` bytes each.
pub fn convert(source: &Source, matrix: Matrix, full_range: bool, rgb: &mut [u8]) {
    let width = source.width();
    if width == 0 {
        return;
    }
    let rows = rgb.chunks_exact_mut(3 * width).take(source.height()).enumerate();
    match source.format() {
        Format::Rgb => rows.for_each(|(row, to)| to.copy_from_slice(source.row(0, row))),
        Format::Rgba => rows.for_each(|(row, to)| drop_alpha(source.row(0, row), to)),
        format => {
            let factors = factors(matrix, full_range, format.deep());
            let mut chroma = ChromaRow::new(width);
            for (row, to) in rows {
                if has_new_chroma(format, row) {
                    chroma.fill(source, row, &factors);
                }
                convert_row(source.row(0, row), format.deep(), &chroma, &factors, to);
            }
        }
    }
}

/// Whether a row has other chroma than the one above.
fn has_new_chroma(format: Format, row: usize) -> bool {
    match format {
        Format::Planar { down, .. } => halved(row, down) << down == row,
        Format::Nv12 => row % 2 == 0,
        _ => false,
    }
}

fn drop_alpha(from: &[u8], to: &mut [u8]) {
    for (to, from) in to.chunks_exact_mut(3).zip(from.chunks_exact(4)) {
        to.copy_from_slice(&from[..3]);
    }
}

fn convert_row(luma: &[u8], is_deep: bool, chroma: &ChromaRow, factors: &Factors, to: &mut [u8]) {
    let bytes = 16 << u32::from(is_deep);
    let (whole, rest) = to.split_at_mut(to.len() / 48 * 48);
    let count = whole.len() / 48;
    for (block, to) in whole.as_chunks_mut::<48>().0.iter_mut().enumerate() {
        let from = &luma[block * bytes..(block + 1) * bytes];
        convert_block(luma_of(from, is_deep), block, chroma, factors, to);
    }
    if !rest.is_empty() {
        let mut padded = [0u8; 32];
        let left = &luma[count * bytes..];
        padded[..left.len()].copy_from_slice(left);
        let mut pixels = [0u8; 48];
        convert_block(luma_of(&padded[..bytes], is_deep), count, chroma, factors, &mut pixels);
        rest.copy_from_slice(&pixels[..rest.len()]);
    }
}

/// Sixteen samples of luma, times 128.
#[inline(always)]
fn luma_of(bytes: &[u8], is_deep: bool) -> [I16x8; 2] {
    if is_deep {
        let part = |from: &[u8]| {
            let samples = core::array::from_fn(|lane| deep(&from[2 * lane..]));
            I16x8::load(&samples).shift_left(5)
        };
        return [part(&bytes[..16]), part(&bytes[16..])];
    }
    let (eights, _) = bytes.as_chunks::<8>();
    [I16x8::from_bytes(&eights[0]).shift_left(7), I16x8::from_bytes(&eights[1]).shift_left(7)]
}

#[inline(always)]
fn convert_block(
    luma: [I16x8; 2],
    block: usize,
    chroma: &ChromaRow,
    factors: &Factors,
    to: &mut [u8; 48],
) {
    let half = I16x8::splat(32);
    let lit = luma.map(|part| {
        let above = part.subtract(I16x8::splat(factors.black));
        above.multiply(I16x8::splat(factors.luma)).add(half)
    });
    let with = |sums: &[[i16; 8]]| {
        let at = |part: usize| lit[part].add(I16x8::load(&sums[2 * block + part])).shift_right(6);
        [at(0), at(1)]
    };
    store_pixels(with(&chroma.red), with(&chroma.green), with(&chroma.blue), to);
}
