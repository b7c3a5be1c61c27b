//! Parts of a mask that hang together, by runs of rows and union-find.

/// One part; extents in pixels, sums over its pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Component {
    pub area: f64,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    /// Means of the columns and rows of its pixels.
    pub mean_x: f64,
    pub mean_y: f64,
}

/// A run of marked pixels in a row.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub row: usize,
    pub from: usize,
    pub to: usize,
    /// Index of its part once all is found.
    pub part: usize,
}

/// Which pixels touch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Touching {
    Edges,
    EdgesAndCorners,
}

/// Finds parts; its memory is used again for the next mask.
#[derive(Default)]
pub struct ComponentFinder {
    /// Runs, row after row.
    pub runs: Vec<Run>,
    /// Parts in the order of their first pixels, row after row.
    pub parts: Vec<Component>,
    parents: Vec<usize>,
}

impl ComponentFinder {
    /// Finds the parts of marks of `width` bytes a row; a pixel is marked where its byte is not 0.
    pub fn find(&mut self, bytes: &[u8], width: usize, touching: Touching) {
        self.runs.clear();
        self.parts.clear();
        self.parents.clear();
        if width == 0 {
            return;
        }
        let mut above = 0..0;
        for (row, line) in bytes.chunks_exact(width).enumerate() {
            let start = self.runs.len();
            push_runs(line, row, &mut self.runs);
            self.parents.extend(start..self.runs.len());
            self.join(above, start, touching);
            above = start..self.runs.len();
        }
        self.number();
    }

    /// Writes for each pixel the number of its part, from 1, and 0 for those of none.
    pub fn label(&self, labels: &mut [u32], width: usize) {
        labels.fill(0);
        for run in &self.runs {
            labels[run.row * width + run.from..run.row * width + run.to].fill(run.part as u32 + 1);
        }
    }

    /// Joins the runs from `start` on with those of the row above that they touch.
    fn join(&mut self, above: core::ops::Range<usize>, start: usize, touching: Touching) {
        let corner = usize::from(touching == Touching::EdgesAndCorners);
        let mut first = above.start;
        for run in start..self.runs.len() {
            let Run { from, to, .. } = self.runs[run];
            while first < above.end && self.runs[first].to + corner <= from {
                first += 1;
            }
            let mut other = first;
            while other < above.end && self.runs[other].from < to + corner {
                self.unite(other, run);
                other += 1;
            }
        }
    }

    fn root(&mut self, mut run: usize) -> usize {
        while self.parents[run] != run {
            // Halving paths keeps them short.
            self.parents[run] = self.parents[self.parents[run]];
            run = self.parents[run];
        }
        run
    }

    /// The earlier run stands for both.
    fn unite(&mut self, first: usize, second: usize) {
        let (first, second) = (self.root(first), self.root(second));
        self.parents[first.max(second)] = first.min(second);
    }

    fn number(&mut self) {
        for at in 0..self.runs.len() {
            let root = self.root(at);
            if root == at {
                self.runs[at].part = self.parts.len();
                self.parts.push(Component { x: f64::INFINITY, y: f64::INFINITY, ..Default::default() });
            } else {
                self.runs[at].part = self.runs[root].part;
            }
            let run = self.runs[at];
            add(&mut self.parts[run.part], &run);
        }
        self.parts.iter_mut().for_each(finish);
    }
}

/// Takes a run into a part; width and height are ends and means are sums until all are taken.
fn add(part: &mut Component, run: &Run) {
    let (row, from, to) = (run.row as f64, run.from as f64, run.to as f64);
    let length = to - from;
    part.area += length;
    part.x = part.x.min(from);
    part.y = part.y.min(row);
    part.width = part.width.max(to);
    part.height = part.height.max(row + 1.0);
    part.mean_x += length * (from + to - 1.0) / 2.0;
    part.mean_y += length * row;
}

fn finish(part: &mut Component) {
    part.width -= part.x;
    part.height -= part.y;
    part.mean_x /= part.area;
    part.mean_y /= part.area;
}

/// Lists the runs of a row. Eight bytes at a time are passed where all are alike.
fn push_runs(line: &[u8], row: usize, runs: &mut Vec<Run>) {
    let mut at = 0;
    while let Some(from) = next(line, at, true) {
        let to = next(line, from, false).unwrap_or(line.len());
        runs.push(Run { row, from, to, part: 0 });
        at = to;
    }
}

/// The first pixel from `at` on that is marked, or is not.
pub fn next(line: &[u8], at: usize, marked: bool) -> Option<usize> {
    let mut at = at;
    if !marked {
        return line[at..].iter().position(|&byte| byte == 0).map(|skip| at + skip);
    }
    while let Some(eight) = line.get(at..at + 8) {
        let word = u64::from_le_bytes(core::array::from_fn(|k| eight[k]));
        if word != 0 {
            return Some(at + word.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    line[at..].iter().position(|&byte| byte != 0).map(|skip| at + skip)
}
