//! Samples that are looked at together, with sums over them.

use super::tracker::Placed;

/// Samples whose mean corrects the line.
pub const CHUNK: usize = 64;

/// Sums over samples of a chunk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    pub count: f64,
    pub late: f64,
    /// Of places behind the first one.
    pub place: f64,
    pub squares: f64,
}

impl Sums {
    #[inline(always)]
    fn add(&mut self, late: f64, place: i64) {
        self.count += 1.0;
        self.late += late;
        self.place += place as f64;
        self.squares += late * late;
    }
}

/// Consecutive samples.
#[derive(Clone, Debug)]
pub struct Chunk {
    samples: Vec<Placed>,
    all: Sums,
    /// How far the farthest sample is off.
    farthest: f64,
}

impl Default for Chunk {
    fn default() -> Chunk {
        Chunk { samples: Vec::with_capacity(CHUNK), all: Sums::default(), farthest: 0.0 }
    }
}

impl Chunk {
    pub fn from(samples: impl IntoIterator<Item = Placed>) -> Chunk {
        let mut chunk = Chunk::default();
        samples.into_iter().for_each(|sample| chunk.push(sample));
        chunk
    }

    pub fn push(&mut self, sample: Placed) {
        let first = self.samples.first().unwrap_or(&sample).place;
        self.all.add(sample.late, sample.place - first);
        self.farthest = self.farthest.max(sample.late.abs());
        self.samples.push(sample);
    }

    /// Adds samples on consecutive rows and places.
    #[inline]
    pub fn extend(&mut self, row: i64, place: i64, times: &[i64], lates: &[f64]) {
        let behind = place - self.samples.first().map_or(place, |first| first.place);
        let places = (row..).zip(place..).zip(times.iter().zip(lates));
        self.samples.extend(places.map(|((row, place), (&time, &late))| Placed { row, place, time, late }));
        let (mut all, mut farthest) = (self.all, self.farthest);
        for &late in &lates[..times.len()] {
            all.late += late;
            all.squares += late * late;
            if late.abs() > farthest {
                farthest = late.abs();
            }
        }
        let count = times.len() as i64;
        all.count += count as f64;
        all.place += (count * behind + count * (count - 1) / 2) as f64;
        (self.all, self.farthest) = (all, farthest);
    }

    pub fn samples(&self) -> &[Placed] {
        &self.samples
    }

    pub fn len(&self) -> usize {
        self.samples.len()
    }

    pub fn clear(&mut self) {
        self.samples.clear();
        (self.all, self.farthest) = (Sums::default(), 0.0);
    }

    /// Whether all samples are so near that they count.
    pub fn all_count(&self, counts: impl Fn(f64) -> bool) -> bool {
        counts(self.farthest)
    }

    /// Sums over the samples that are near enough to count.
    pub fn sums(&self, counts: impl Fn(f64) -> bool) -> Sums {
        if self.all_count(&counts) {
            return self.all;
        }
        let mut sums = Sums::default();
        for sample in self.samples.iter().filter(|sample| counts(sample.late)) {
            sums.add(sample.late, sample.place - self.samples[0].place);
        }
        sums
    }
}
