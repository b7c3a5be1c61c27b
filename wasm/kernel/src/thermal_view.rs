//! Thermal frames as grey pictures that a person or a network can look at.

/// Levels of a raw value.
const LEVELS: usize = 1 << 16;

/// Grey levels.
const GREYS: usize = 256;

/// Stretches raw values so that the given percentiles become black and white.
///
/// Percentiles are those of NumPy's `linear` method. A frame whose percentiles agree becomes black.
pub fn stretch(pixels: &[u16], low: f64, high: f64, out: &mut [u8]) {
    let Some((black, white)) = percentiles(pixels, low, high) else { return };
    let span = white - black;
    let table: Vec<u8> = (0..LEVELS)
        .map(|value| {
            if span <= 0.0 {
                return 0;
            }
            let share = ((value as f64 - black) / span).clamp(0.0, 1.0);
            (share * 255.0 + 0.5) as u8
        })
        .collect();
    for (grey, &pixel) in out.iter_mut().zip(pixels) {
        *grey = table[usize::from(pixel)];
    }
}

/// Two percentiles of the values; none of an empty frame.
fn percentiles(pixels: &[u16], low: f64, high: f64) -> Option<(f64, f64)> {
    let last = pixels.len().checked_sub(1)?;
    let mut counts = vec![0u32; LEVELS];
    for &pixel in pixels {
        counts[usize::from(pixel)] += 1;
    }
    let at = |percent: f64| {
        let rank = (percent / 100.0).clamp(0.0, 1.0) * last as f64;
        let below = rank.floor();
        let lower = value_at(&counts, below as usize);
        let upper = value_at(&counts, (below as usize + 1).min(last));
        lower + (upper - lower) * (rank - below)
    };
    Some((at(low), at(high)))
}

/// The value at a rank, from 0.
fn value_at(counts: &[u32], rank: usize) -> f64 {
    let mut passed = 0usize;
    for (value, &count) in counts.iter().enumerate() {
        passed += count as usize;
        if passed > rank {
            return value as f64;
        }
    }
    (LEVELS - 1) as f64
}

/// Size of a picture and how it is divided into tiles.
#[derive(Clone, Copy)]
pub struct Tiling {
    pub width: usize,
    pub height: usize,
    /// Tiles in each direction.
    pub tiles: usize,
}

impl Tiling {
    /// Columns and rows of a tile; the last ones go on behind the edge, where the picture is mirrored.
    fn tile_size(&self) -> (usize, usize) {
        (self.width.div_ceil(self.tiles).max(1), self.height.div_ceil(self.tiles).max(1))
    }
}

/// Equalises a grey picture tile by tile with limited contrast (CLAHE, Zuiderveld 1994).
///
/// `clip` is the largest count of a level relative to a flat histogram. What is cut off is spread evenly; each
/// pixel takes the four curves of the tiles about it, weighted by how near their centres are.
pub fn clahe(grey: &mut [u8], tiling: Tiling, clip: f64) {
    if grey.is_empty() || tiling.tiles == 0 || grey.len() < tiling.width * tiling.height {
        return;
    }
    let curves = tile_curves(grey, tiling, clip);
    let (tile_width, tile_height) = tiling.tile_size();
    let columns: Vec<Between> =
        (0..tiling.width).map(|x| Between::new(x, tile_width, tiling.tiles)).collect();
    for (y, row) in grey.chunks_exact_mut(tiling.width).enumerate().take(tiling.height) {
        let rows = Between::new(y, tile_height, tiling.tiles);
        for (pixel, column) in row.iter_mut().zip(&columns) {
            let level = usize::from(*pixel);
            let curve = |ty: usize, tx: usize| curves[(ty * tiling.tiles + tx) * GREYS + level];
            let upper = column.mix(curve(rows.first, column.first), curve(rows.first, column.second));
            let lower =
                column.mix(curve(rows.second, column.first), curve(rows.second, column.second));
            *pixel = (rows.mix(upper, lower) + 0.5) as u8;
        }
    }
}

/// The two tiles between whose centres a pixel lies, and how far it is from the first.
struct Between {
    first: usize,
    second: usize,
    share: f64,
}

impl Between {
    fn new(at: usize, size: usize, tiles: usize) -> Self {
        let place = (at as f64 + 0.5) / size as f64 - 0.5;
        let floor = place.floor();
        let limit = |tile: f64| tile.clamp(0.0, (tiles - 1) as f64) as usize;
        Self { first: limit(floor), second: limit(floor + 1.0), share: place - floor }
    }

    fn mix(&self, first: f64, second: f64) -> f64 {
        first + (second - first) * self.share
    }
}

/// What each level becomes in each tile.
fn tile_curves(grey: &[u8], tiling: Tiling, clip: f64) -> Vec<f64> {
    let (tile_width, tile_height) = tiling.tile_size();
    let area = (tile_width * tile_height) as f64;
    let limit = (clip * area / GREYS as f64).max(1.0);
    let mut curves = Vec::with_capacity(tiling.tiles * tiling.tiles * GREYS);
    for ty in 0..tiling.tiles {
        for tx in 0..tiling.tiles {
            let mut counts = [0.0f64; GREYS];
            for y in ty * tile_height..(ty + 1) * tile_height {
                let row = mirrored(y, tiling.height) * tiling.width;
                for x in tx * tile_width..(tx + 1) * tile_width {
                    counts[usize::from(grey[row + mirrored(x, tiling.width)])] += 1.0;
                }
            }
            let cut: f64 = counts.iter().map(|count| (count - limit).max(0.0)).sum();
            let mut sum = 0.0;
            for count in counts {
                sum += count.min(limit) + cut / GREYS as f64;
                curves.push((sum * 255.0 / area).min(255.0));
            }
        }
    }
    curves
}

/// A place behind the edge as that before it, without doubling the edge.
fn mirrored(at: usize, length: usize) -> usize {
    if at < length {
        return at;
    }
    let period = (2 * length - 2).max(1);
    let rest = at % period;
    if rest < length { rest } else { period - rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_become_black_and_white() {
        let pixels: Vec<u16> = (0..101).map(|n| n * 100).collect();
        let mut out = vec![7; 101];
        stretch(&pixels, 10.0, 90.0, &mut out);
        assert_eq!((out[0], out[10], out[50], out[90], out[100]), (0, 0, 128, 255, 255));
        assert_eq!(out[30], 64); // a quarter of 255, to the nearest
    }

    #[test]
    fn flat_and_empty_frames_are_black() {
        let mut out = vec![9; 4];
        stretch(&[500; 4], 1.0, 99.8, &mut out);
        assert_eq!(out, [0; 4]);
        stretch(&[], 1.0, 99.8, &mut []);
        clahe(&mut [], Tiling { width: 0, height: 0, tiles: 8 }, 2.0);
    }

    #[test]
    fn a_clip_of_one_leaves_a_ramp() {
        // All counts are cut to those of a flat histogram, and what is cut off makes it flat.
        let mut grey: Vec<u8> = (0..64 * 64).map(|n| (n % 64 * 4) as u8).collect();
        let before = grey.clone();
        clahe(&mut grey, Tiling { width: 64, height: 64, tiles: 1 }, 1.0);
        for (new, old) in grey.iter().zip(&before) {
            assert!(new.abs_diff(*old) <= 4, "{new} {old}");
        }
    }

    #[test]
    fn any_size_is_equalised_without_harm() {
        for (width, height, tiles) in [(1, 1, 8), (3, 2, 8), (17, 5, 4), (9, 31, 1)] {
            let mut grey: Vec<u8> = (0..width * height).map(|n| (n * 37) as u8).collect();
            clahe(&mut grey, Tiling { width, height, tiles }, f64::INFINITY);
        }
    }
}
