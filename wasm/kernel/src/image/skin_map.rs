//! Which pixels of a picture have the colour, or the brightness, of a hand.

use super::components::{ComponentFinder, Touching};
use super::morphology::Morphology;
use super::otsu::{split, split_in_three};
use super::skin_model::{Feature, SkinModel, CHROMA_BINS};
use super::smooth::gaussian;

/// What hands are found by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HandCue {
    /// Colours that are more frequent on what looks like skin than elsewhere, learnt from picture to picture.
    Color,
    /// The reddest, or brightest, of the classes that the picture itself falls into.
    Contrast,
}

impl HandCue {
    pub fn from_code(code: u32) -> Option<HandCue> {
        [HandCue::Color, HandCue::Contrast].get(code as usize).copied()
    }
}

/// Counts that are carried from picture to picture.
pub const MEMORY: usize = 2 * CHROMA_BINS;
/// What was learnt counts by this share one picture later.
const FADING: f32 = 0.85;
/// What a picture teaches counts this much beside what its own candidates say.
const LEARNT: f32 = 2.0;
/// Probability from which a pixel may belong to a hand, times 255.
const ENOUGH: u8 = 128;
/// Red difference of what is not red.
const NEUTRAL: u8 = 120;
/// Least share of the picture that the brightest of three classes must have.
const LEAST_CLASS: f32 = 0.004;

/// Learns the colours of hands.
#[derive(Default)]
pub struct SkinMap {
    /// Counts that are carried on; none before the first hand.
    memory: Option<SkinModel>,
    candidates: Vec<u8>,
    spare: Vec<u8>,
    components: ComponentFinder,
}

impl SkinMap {
    /// Writes what was learnt, `MEMORY` counts. Tells whether there was anything.
    pub fn save(&self, counts: &mut [f32]) -> bool {
        counts.fill(0.0);
        let Some(memory) = &self.memory else { return false };
        for (to, bins) in counts.chunks_exact_mut(MEMORY / 2).zip(&memory.bins) {
            to.copy_from_slice(bins);
        }
        true
    }

    /// Takes over what was saved; numbers that no picture can have left count as none.
    pub fn restore(&mut self, counts: &[f32]) {
        let mut memory = SkinModel::new(Feature::Chroma);
        for (bins, from) in memory.bins.iter_mut().zip(counts.chunks_exact(MEMORY / 2)) {
            let sane = |&count: &f32| if (0.0..1e12).contains(&count) { count } else { 0.0 };
            bins.iter_mut().zip(from).for_each(|(bin, count)| *bin = sane(count));
        }
        self.memory = Some(memory);
    }

    /// Marks the pixels of a picture that may belong to hands. `most` pixels are too many for one.
    pub fn mark(
        &mut self,
        rgb: &[u8],
        width: usize,
        cue: HandCue,
        most: f32,
        mask: &mut Vec<u8>,
        morphology: &mut Morphology,
    ) {
        mask.clear();
        if !is_colored(rgb) {
            mask.extend(pixels(rgb).map(luma));
            gaussian(mask, width, 1.0, &mut self.spare);
            return split_brightness(mask);
        }
        match cue {
            HandCue::Color => self.mark_colors(rgb, width, most, mask, morphology),
            HandCue::Contrast => {
                mask.extend(pixels(rgb).map(redness));
                gaussian(mask, width, 1.0, &mut self.spare);
                split_redness(mask);
            }
        }
    }

    fn mark_colors(
        &mut self,
        rgb: &[u8],
        width: usize,
        most: f32,
        mask: &mut Vec<u8>,
        morphology: &mut Morphology,
    ) {
        self.candidates.clear();
        self.candidates.extend(pixels(rgb).map(|pixel| if is_skin(pixel) { 255 } else { 0 }));
        morphology.open(&mut self.candidates, width, 1.5);
        self.drop_large(width, most);
        let mut model = self.memory.clone().unwrap_or_else(|| SkinModel::new(Feature::Chroma));
        model.fade(LEARNT);
        for (pixel, &candidate) in pixels(rgb).zip(&self.candidates) {
            model.add(pixel, candidate != 0);
        }
        let Some(ratios) = model.ratios() else { return mask.resize(rgb.len() / 3, 0) };
        mask.extend(pixels(rgb).map(|pixel| {
            if may_be_skin(pixel) { ratios[Feature::Chroma.bin(pixel)] } else { 0 }
        }));
        gaussian(mask, width, 1.0, &mut self.spare);
        mask.iter_mut().for_each(|byte| *byte = if *byte >= ENOUGH { 255 } else { 0 });
    }

    /// Candidates that are larger than any hand are walls and tables: their colours speak against hands.
    fn drop_large(&mut self, width: usize, most: f32) {
        self.components.find(&self.candidates, width, Touching::Edges);
        for run in &self.components.runs {
            if self.components.parts[run.part].area > f64::from(most) {
                self.candidates[run.row * width + run.from..run.row * width + run.to].fill(0);
            }
        }
    }

    /// Learns from what was taken for hands; learns nothing where nothing was.
    pub fn learn(&mut self, rgb: &[u8], taken: &[u8]) {
        if taken.iter().all(|&byte| byte == 0) || !is_colored(rgb) {
            return;
        }
        let memory = self.memory.get_or_insert_with(|| SkinModel::new(Feature::Chroma));
        memory.fade(FADING);
        for (pixel, &is_hand) in pixels(rgb).zip(taken) {
            memory.add(pixel, is_hand != 0);
        }
    }
}

fn pixels(rgb: &[u8]) -> impl Iterator<Item = [u8; 3]> + '_ {
    rgb.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]])
}

fn luma([red, green, blue]: [u8; 3]) -> u8 {
    ((19595 * u32::from(red) + 38470 * u32::from(green) + 7471 * u32::from(blue) + 32768) >> 16) as u8
}

/// Whether more than a few pixels are not gray.
fn is_colored(rgb: &[u8]) -> bool {
    let colored = pixels(rgb).filter(|&[red, green, blue]| {
        red.abs_diff(green).max(green.abs_diff(blue)) > 6
    });
    colored.count() * 300 > rgb.len()
}

/// Red and blue difference (ITU-T T.871).
fn chroma([red, green, blue]: [u8; 3]) -> (i32, i32) {
    let [red, green, blue] = [red, green, blue].map(i32::from);
    let cb = ((128 << 16) - 11059 * red - 21709 * green + 32768 * blue) >> 16;
    let cr = ((128 << 16) + 32768 * red - 27439 * green - 5329 * blue) >> 16;
    (cr, cb)
}

/// Ranges of Chai and Ngan (1999), and clearly more red than green.
fn is_skin(pixel: [u8; 3]) -> bool {
    let (cr, cb) = chroma(pixel);
    let [red, green, blue] = pixel.map(i32::from);
    (133..=173).contains(&cr) && (77..=127).contains(&cb) && red - green >= 12 && red > blue
}

/// Colours beyond never are skin, whatever was learnt.
fn may_be_skin(pixel: [u8; 3]) -> bool {
    let (cr, cb) = chroma(pixel);
    (130..=180).contains(&cr) && (70..=132).contains(&cb) && pixel[0] > 30
}

/// Red difference where blue is not stronger than red. All that is hardly red is alike, so that edges of hands
/// lie in the middle between both sides.
fn redness(pixel: [u8; 3]) -> u8 {
    let (cr, cb) = chroma(pixel);
    let red = if cb > 132 || pixel[0] < 30 { 0 } else { cr };
    red.clamp(i32::from(NEUTRAL), 255) as u8
}

fn histogram(bytes: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    bytes.iter().for_each(|&byte| counts[usize::from(byte)] += 1);
    counts
}

/// Marks the redder class; its limit is kept near that of skin.
fn split_redness(bytes: &mut [u8]) {
    let limit = split(&histogram(bytes)).clamp(132, 148) as u8;
    bytes.iter_mut().for_each(|byte| *byte = if *byte >= limit { 255 } else { 0 });
}

/// Marks the brightest of three classes, or of two where that is next to nothing.
fn split_brightness(bytes: &mut [u8]) {
    let counts = histogram(bytes);
    let (_, third) = split_in_three(&counts);
    let bright: u32 = counts[third..].iter().sum();
    let is_class = bright as f32 >= LEAST_CLASS * bytes.len() as f32;
    let limit = if is_class { third } else { split(&counts) };
    bytes.iter_mut().for_each(|byte| *byte = if usize::from(*byte) >= limit { 255 } else { 0 });
}
