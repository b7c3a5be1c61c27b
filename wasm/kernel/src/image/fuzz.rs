//! No bytes, sizes or numbers may stop anything.

use super::color::Matrix;
use super::components::{ComponentFinder, Touching};
use super::crop::{crop_tensor, scale_rgb, Bounds, CropBox, TensorForm};
use super::cut::{cut, shrink};
use super::draw::{draw_box, draw_hand, draw_mask, Paint};
use super::encode::{i420, i420_bytes};
use super::frame::Frame;
use super::hand_finder::{FinderLimits, HandFinder};
use super::hand_mask::{HandMasker, MaskMethod};
use super::morphology::Morphology;
use super::paste::{paste, Answer};
use super::runs::{decode, encode, Cover, Patch};
use super::skin_map::{HandCue, MEMORY};
use super::smooth::gaussian;
use super::source::{Format, Plane, Source};
use super::{coco, otsu};
use crate::testing::Random;

fn below(random: &mut Random, limit: usize) -> usize {
    (random.uniform() * limit as f64) as usize
}

/// Mostly small, sometimes 0 or 1, rarely larger.
fn extent(random: &mut Random) -> usize {
    match below(random, 10) {
        0 => 0,
        1 => 1,
        2 => below(random, 700),
        _ => below(random, 40),
    }
}

/// A number of every kind.
fn number(random: &mut Random) -> f64 {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 1e9, -1e9, 1e-300, 0.0];
    match below(random, 3) {
        0 => odd[below(random, odd.len())],
        1 => random.normal() * 30.0,
        _ => random.normal() * 1e4,
    }
}

fn bytes(random: &mut Random, length: usize) -> Vec<u8> {
    // Long stretches of one colour, so that there are parts of all sizes.
    let mut value = 0;
    (0..length)
        .map(|_| {
            if below(random, 20) == 0 {
                value = below(random, 256) as u8;
            }
            value
        })
        .collect()
}

fn frame(random: &mut Random) -> Frame {
    let (width, height) = (extent(random), extent(random));
    let data = bytes(random, 3 * width * height);
    let source = Source::new(Format::Rgb, (width, height), &data, [Plane { offset: 0, stride: 3 * width }; 3]);
    let mut frame = Frame::default();
    assert!(frame.load(&source.expect("planes fit"), Matrix::Bt601, true, 0));
    frame
}

fn landmarks(random: &mut Random, size: f64) -> Vec<f32> {
    let (x, y, scale) = (random.uniform() * size, random.uniform() * size, random.exponential() * size / 4.0);
    let wild = below(random, 4) == 0;
    let spot = |random: &mut Random, at: f64| if wild { number(random) } else { at + random.normal() * scale };
    (0..21).flat_map(|_| [spot(random, x) as f32, spot(random, y) as f32, 0.0]).collect()
}

/// Counts must sum to the pixels, and cover must tell what they hold.
fn check_mask(counts: &[u32], cover: &Cover, width: usize, height: usize) {
    assert_eq!(counts.iter().map(|&count| u64::from(count)).sum::<u64>(), (width * height) as u64);
    assert!(counts.iter().skip(1).all(|&count| count > 0) || counts.len() == 1);
    let mut bytes = vec![9; width * height];
    decode(counts, height, &mut bytes);
    let area = bytes.iter().filter(|&&byte| byte == 1).count();
    assert_eq!(cover.area, area as f64);
    let again = encode(&Patch { left: 0, top: 0, width, bytes: &bytes }, width, height, &mut Vec::new());
    assert_eq!(again, *cover);
}

#[test]
fn loads_pictures_of_any_layout() {
    let mut random = Random::new(1);
    let mut frame = Frame::default();
    for _ in 0..4000 {
        let format = Format::from_code(below(&mut random, 10) as u32).expect("a format");
        let size = (extent(&mut random) % 90, extent(&mut random) % 90);
        let length = below(&mut random, 30_000);
        let data = bytes(&mut random, length);
        let mut plane = || Plane {
            offset: [below(&mut random, 9000), usize::MAX][usize::from(below(&mut random, 30) == 0)],
            stride: [below(&mut random, 300), usize::MAX][usize::from(below(&mut random, 30) == 0)],
        };
        let planes = [plane(), plane(), plane()];
        let Some(source) = Source::new(format, size, &data, planes) else { continue };
        let matrix = Matrix::from_code(below(&mut random, 3) as u32).expect("a matrix");
        let quarters = below(&mut random, 4) as u32;
        assert!(frame.load(&source, matrix, below(&mut random, 2) == 0, quarters));
        assert_eq!(frame.rgb.len(), 3 * size.0 * size.1);
    }
}

#[test]
fn masks_any_landmarks() {
    let mut random = Random::new(2);
    let mut masker = HandMasker::default();
    for round in 0..400 {
        let frame = frame(&mut random);
        let points = landmarks(&mut random, frame.width.max(frame.height) as f64 + 1.0);
        let method = MaskMethod::from_code(round % 3).expect("a method");
        let cover = masker.mask(&frame, &points, method);
        check_mask(&masker.counts, &cover, frame.width, frame.height);
    }
}

#[test]
fn cuts_anything() {
    let mut random = Random::new(3);
    for _ in 0..400 {
        let frame = frame(&mut random);
        let mut any = || number(&mut random);
        let region = [any(), any(), any(), any()];
        let cut_box = CropBox { center_x: any(), center_y: any(), width: any(), height: any(), angle: any() };
        let form = TensorForm { scale: [1.0; 3], shift: [0.0; 3] };
        let mut tensor = vec![0.0; 3 * 9 * 7];
        for bounds in [Bounds::of(&frame), Bounds::of_region(&frame, region)] {
            crop_tensor(&frame, bounds, &cut_box, &form, true, 9, &mut tensor);
            assert!(tensor.iter().all(|value| (-0.01..=255.01).contains(value)));
        }
        let mut rgb = vec![0; 3 * 5 * 4];
        scale_rgb(&frame, region, 5, &mut rgb);
        cut(&frame, region[0] as i64, region[1] as i64, 5, &mut rgb);
        let mut small = Vec::new();
        let (width, height) = shrink(&frame, below(&mut random, 50), &mut small);
        assert_eq!(small.len(), 3 * width * height);
        let mut planes = vec![0; i420_bytes(frame.width, frame.height)];
        i420(&frame.rgb, frame.width, frame.height, Matrix::Bt709, &mut planes);
    }
}

#[test]
fn draws_anything() {
    let mut random = Random::new(4);
    for _ in 0..200 {
        let mut frame = frame(&mut random);
        let paint = Paint { color: [255, 0, 9], alpha: random.uniform() as f32 };
        let counts: Vec<u32> = (0..below(&mut random, 20)).map(|_| number(&mut random) as u32).collect();
        draw_mask(&mut frame, &counts, paint);
        let points = landmarks(&mut random, 100.0);
        draw_hand(&mut frame, &points, number(&mut random) as f32, paint);
        let edges = [0; 4].map(|_| number(&mut random) as f32);
        draw_box(&mut frame, edges, number(&mut random) as f32, paint);
    }
}

#[test]
fn changes_masks_of_any_size() {
    let mut random = Random::new(5);
    let mut morphology = Morphology::default();
    let mut finder = ComponentFinder::default();
    for _ in 0..300 {
        let (width, height) = (extent(&mut random), extent(&mut random));
        let mut mask = bytes(&mut random, width * height);
        let radius = number(&mut random) as f32;
        match below(&mut random, 3) {
            0 => morphology.open(&mut mask, width, radius),
            1 => morphology.close(&mut mask, width, radius),
            _ => gaussian(&mut mask, width, radius, &mut Vec::new()),
        }
        finder.find(&mask, width, Touching::EdgesAndCorners);
        let area: f64 = finder.parts.iter().map(|part| part.area).sum();
        assert_eq!(area, mask.iter().filter(|&&byte| byte != 0).count() as f64);
        let values: Vec<f32> = (0..35).map(|_| number(&mut random) as f32).collect();
        let mut any = || number(&mut random);
        let cut = CropBox { center_x: any(), center_y: any(), width: any(), height: any(), angle: any() };
        paste(&Answer { values: &values, columns: 5, cut, threshold: any() as f32 }, width, &mut mask);
        let text = bytes(&mut random, 30);
        coco::decode(&text, &mut Vec::new());
    }
}

#[test]
fn finds_hands_in_anything() {
    let mut random = Random::new(6);
    let mut finder = HandFinder::default();
    for round in 0..300 {
        let frame = frame(&mut random);
        let limits = FinderLimits {
            min_area: number(&mut random) as f32,
            max_area: number(&mut random) as f32,
            min_confidence: number(&mut random) as f32,
            max_hands: below(&mut random, 5) as u32,
        };
        finder.find(&frame, HandCue::from_code(round % 2).expect("a cue"), &limits);
        for hand in &finder.found {
            check_mask(&hand.counts, &hand.cover, frame.width, frame.height);
        }
        if round % 20 == 0 {
            let counts: Vec<f32> = (0..MEMORY).map(|_| number(&mut random) as f32).collect();
            finder.map.restore(&counts);
        }
    }
}

#[test]
fn splits_where_the_classes_are() {
    // Three heaps: between them lie the limits.
    let mut histogram = [0u32; 256];
    for (middle, count) in [(40, 500), (120, 200), (200, 50)] {
        for spread in 0..11 {
            histogram[middle - 5 + spread] = count;
        }
    }
    let (second, third) = otsu::split_in_three(&histogram);
    assert!((46..=115).contains(&second) && (126..=195).contains(&third));
    assert!((46..=115).contains(&otsu::split(&histogram)));
    otsu::split(&[0; 256]);
    otsu::split_in_three(&[0; 256]);
}
