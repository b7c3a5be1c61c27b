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
    /// Of the sample that is farthest off.
    farthest: f64,
}

impl Sums {
    #[inline(always)]
    fn add(&mut self, late: f64, place: i64) {
        self.count += 1.0;
        self.late += late;
        self.place += place as f64;
        self.squares += late * late;
        self.farthest = self.farthest.max(late.abs());
    }
}

/// Consecutive samples.
#[derive(Clone, Debug)]
pub struct Chunk {
    samples: Vec<Placed>,
    all: Sums,
}

impl Default for Chunk {
    fn default() -> Chunk {
        Chunk { samples: Vec::with_capacity(CHUNK), all: Sums::default() }
    }
}

impl Chunk {
    pub fn from(samples: impl IntoIterator<Item = Placed>) -> Chunk {
        let mut chunk = Chunk::default();
        chunk.extend(samples);
        chunk
    }

    #[inline]
    pub fn push(&mut self, sample: Placed) {
        self.extend([sample]);
    }

    #[inline(always)]
    pub fn extend(&mut self, samples: impl IntoIterator<Item = Placed>) {
        let (mut all, mut first) = (self.all, self.samples.first().map(|sample| sample.place));
        self.samples.extend(samples.into_iter().inspect(|sample| {
            let first = *first.get_or_insert(sample.place);
            all.add(sample.late, sample.place - first);
        }));
        self.all = all;
    }

    pub fn samples(&self) -> &[Placed] {
        &self.samples
    }

    pub fn len(&self) -> usize {
        self.samples.len()
    }

    pub fn clear(&mut self) {
        self.samples.clear();
        self.all = Sums::default();
    }

    /// Whether all samples are so near that they count.
    pub fn all_count(&self, counts: impl Fn(f64) -> bool) -> bool {
        counts(self.all.farthest)
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
