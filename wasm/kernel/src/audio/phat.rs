//! Delay of one sound between two recordings: generalised cross-correlation with phase transform (Knapp and Carter
//! 1976), which an echo or another loudness does not move.

use super::sinc::Sinc;
use crate::fft::RealFft;
use core::f64::consts::{PI, TAU};

/// How far the spectrum is whitened: 1 for the phase alone, which noise between the tones of speech would rule.
const WHITENING: f64 = 0.75;
/// Lowest tone that counts, Hz: below are mains and handling.
const LOWEST: f64 = 120.0;
/// Quieter windows are silence: root mean square of a full scale of 1.
const QUIETEST: f64 = 3e-5;

/// How much more peaks scatter than the signal beside them lets expect: echoes raise both unevenly. From simulated rooms.
const ECHOES: f64 = 1.9;

/// A piece of a recording: where in it the window begins and how far apart its samples are taken, in samples.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    pub samples: &'a [f32],
    pub from: f64,
    pub step: f64,
}

/// What was found in a window. Times are samples of the window.
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    /// How much later the sound is in the second piece.
    pub delay: f64,
    pub sigma: f64,
    /// Height of the peak over the scatter beside it.
    pub height: f64,
    /// The peak over the next highest.
    pub ratio: f64,
    pub quiet: bool,
}

const NOTHING: Delay = Delay { delay: 0.0, sigma: f64::NAN, height: 0.0, ratio: 0.0, quiet: true };

/// Compares windows of one length.
pub struct Phat {
    fft: RealFft,
    sinc: Sinc,
    taper: Vec<f64>,
    window: [Vec<f64>; 2],
    lowest: usize,
}

impl Phat {
    /// For windows of a power of two of samples at a rate in Hz; none for other lengths.
    pub fn new(length: usize, rate: f64) -> Option<Phat> {
        let fft = RealFft::new(length.checked_mul(2)?)?;
        let taper = (0..length)
            .map(|index| {
                let edge = (index.min(length - 1 - index) as f64 + 0.5) / (length as f64 / 4.0);
                if edge < 1.0 { 0.5 - 0.5 * (PI * edge).cos() } else { 1.0 }
            })
            .collect();
        let lowest = (LOWEST / rate * fft.size() as f64) as usize;
        Some(Phat { sinc: Sinc::new(), taper, window: [vec![0.0; length], vec![0.0; length]], lowest, fft })
    }

    /// The delay within `search` samples.
    pub fn delay(&mut self, a: Piece, b: Piece, search: f64) -> Delay {
        for (piece, window) in [a, b].into_iter().zip(&mut self.window) {
            self.sinc.resample(piece.samples, piece.from, piece.step, window);
            let mean = window.iter().sum::<f64>() / window.len() as f64;
            for value in window.iter_mut() {
                *value -= mean;
            }
            let power = window.iter().map(|value| value * value).sum::<f64>() / window.len() as f64;
            if !(power.sqrt() > QUIETEST) {
                return NOTHING;
            }
            for (value, taper) in window.iter_mut().zip(&self.taper) {
                *value *= taper;
            }
        }
        let cross = self.cross();
        self.peak(&cross, search)
    }

    /// The whitened cross spectrum: real and imaginary parts.
    fn cross(&self) -> (Vec<f64>, Vec<f64>) {
        let bins = self.fft.bins();
        let (mut are, mut aim) = (vec![0.0; bins], vec![0.0; bins]);
        let (mut bre, mut bim) = (vec![0.0; bins], vec![0.0; bins]);
        self.fft.forward(&self.window[0], &mut are, &mut aim);
        self.fft.forward(&self.window[1], &mut bre, &mut bim);
        for k in 0..bins {
            let re = bre[k] * are[k] + bim[k] * aim[k];
            let im = bim[k] * are[k] - bre[k] * aim[k];
            let size = (re * re + im * im).sqrt();
            // Tones above nine tenths of half the rate are cut by either resampling.
            let counts = k >= self.lowest && k * 10 <= bins * 9 && size > 0.0;
            let weight = if counts { size.powf(-WHITENING) } else { 0.0 };
            are[k] = re * weight;
            aim[k] = im * weight;
        }
        (are, aim)
    }

    fn peak(&self, (re, im): &(Vec<f64>, Vec<f64>), search: f64) -> Delay {
        let size = self.fft.size();
        let mut signal = vec![0.0; size];
        let (mut copy_re, mut copy_im) = (re.clone(), im.clone());
        self.fft.inverse(&mut copy_re, &mut copy_im, &mut signal);
        let reach = (search.max(1.0) as isize).min(size as isize / 4);
        let at = |lag: isize| signal[lag.rem_euclid(size as isize) as usize];
        let lags = -reach..=reach;
        let best = lags.clone().max_by(|&x, &y| at(x).total_cmp(&at(y))).unwrap_or(0);
        let peak = at(best);
        // The peak is as wide as its band is narrow; what stands around it within a few samples belongs to it.
        let aside = |lag: isize| (lag - best).abs() > 24;
        // The scatter is taken from further than is searched, lest few lags tell it.
        let wide = reach.max(1000).min(size as isize / 4);
        let (mut squares, mut count, mut rival) = (0.0, 0.0, 0.0f64);
        for lag in (-wide..=wide).filter(|&lag| aside(lag)) {
            squares += at(lag) * at(lag);
            count += 1.0;
            if lag.abs() <= reach {
                rival = rival.max(at(lag));
            }
        }
        let noise = (squares / f64::max(count, 1.0)).sqrt().max(1e-300);
        let (delay, bend) = refine(re, im, best as f64, size);
        // A slope of the scatter shifts a peak by itself over the bend.
        let tone = (bend / peak).max(1e-12).sqrt();
        let sigma = ECHOES * noise / peak / tone;
        Delay { delay, sigma, height: peak / noise, ratio: peak / rival.max(1e-300), quiet: !(peak > 0.0) }
    }
}

/// The top of the peak between the samples, by Newton's method on the sum of tones, and its bend there.
fn refine(re: &[f64], im: &[f64], start: f64, size: usize) -> (f64, f64) {
    let mut lag = start;
    let mut bend = 0.0;
    for _ in 0..4 {
        let (slope, curve) = derivatives(re, im, lag, size);
        bend = -curve;
        if !(bend > 0.0) {
            return (start, bend.abs());
        }
        lag = (lag + slope / bend).clamp(start - 1.0, start + 1.0);
    }
    (lag, bend)
}

/// First and second derivative of the correlation at a lag.
fn derivatives(re: &[f64], im: &[f64], lag: f64, size: usize) -> (f64, f64) {
    let turn = TAU / size as f64;
    let (mut slope, mut curve) = (0.0, 0.0);
    // The rotation from tone to tone is multiplied up, and made anew every 64 tones.
    let (step_sin, step_cos) = (turn * lag).sin_cos();
    let (mut sin, mut cos) = (0.0, 1.0);
    for k in 0..re.len() {
        if k % 64 == 0 {
            (sin, cos) = (turn * lag * k as f64).sin_cos();
        }
        let tone = turn * k as f64;
        slope += tone * (-re[k] * sin - im[k] * cos);
        curve += tone * tone * (-re[k] * cos + im[k] * sin);
        (sin, cos) = (sin * step_cos + cos * step_sin, cos * step_cos - sin * step_sin);
    }
    let scale = 2.0 / size as f64;
    (slope * scale, curve * scale)
}
