//! Masks of hands and of pictures.

use crate::image::ImageState;
use crate::memory::slice;
use session_process_kernel::image::coco;
use session_process_kernel::image::components::{Component, ComponentFinder, Touching};
use session_process_kernel::image::crop::CropBox;
use session_process_kernel::image::hand_mask::{HandMasker, MaskMethod};
use session_process_kernel::image::morphology::Morphology;
use session_process_kernel::image::paste::{paste, Answer};
use session_process_kernel::image::runs::{decode, encode, Cover, Patch};

/// Makes room for masks; give it back to [`sp_masker_free`].
#[no_mangle]
pub extern "C" fn sp_masker_new() -> *mut HandMasker {
    Box::into_raw(Box::default())
}

/// Gives the room back.
///
/// # Safety
/// `masker` came from [`sp_masker_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_masker_free(masker: *mut HandMasker) {
    drop(Box::from_raw(masker));
}

/// Masks a hand and returns the number of its run lengths.
///
/// # Safety
/// The pointers came from their makers, `landmarks` points to `length` floats, `cover` to room for one.
#[no_mangle]
pub unsafe extern "C" fn sp_masker_mask(
    masker: *mut HandMasker,
    state: *const ImageState,
    landmarks: *const f32,
    length: usize,
    method: u32,
    cover: *mut Cover,
) -> usize {
    let method = MaskMethod::from_code(method).unwrap_or(MaskMethod::Adaptive);
    let masker = &mut *masker;
    cover.write(masker.mask(&(*state).frame, slice(landmarks, length), method));
    masker.counts.len()
}

/// The run lengths of the last mask.
///
/// # Safety
/// `masker` came from [`sp_masker_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_masker_counts(masker: *const HandMasker) -> *const u32 {
    (*masker).counts.as_ptr()
}

/// Room of [`sp_coco_encode`] for `count` counts.
const COCO_BYTES: usize = 7;

/// Writes counts as the text of COCO and returns its length.
///
/// # Safety
/// `counts` points to `count` numbers, `text` to room for seven bytes each.
#[no_mangle]
pub unsafe extern "C" fn sp_coco_encode(counts: *const u32, count: usize, text: *mut u8) -> usize {
    let mut bytes = Vec::new();
    coco::encode(slice(counts, count), &mut bytes);
    let room = core::slice::from_raw_parts_mut(text, COCO_BYTES * count);
    room[..bytes.len()].copy_from_slice(&bytes);
    bytes.len()
}

/// Reads the text of COCO and returns the number of counts, or -1 where it is broken.
///
/// # Safety
/// `text` points to `length` bytes, `counts` to room for as many numbers.
#[no_mangle]
pub unsafe extern "C" fn sp_coco_decode(text: *const u8, length: usize, counts: *mut u32) -> i32 {
    let mut found = Vec::new();
    if !coco::decode(slice(text, length), &mut found) {
        return -1;
    }
    let room = core::slice::from_raw_parts_mut(counts, length);
    room[..found.len()].copy_from_slice(&found);
    found.len() as i32
}

/// Turns bytes of a picture, row after row, into the run lengths of the masker, and returns their number.
///
/// # Safety
/// `masker` came from [`sp_masker_new`], `bytes` points to `width * height` bytes, `cover` to room for one.
#[no_mangle]
pub unsafe extern "C" fn sp_mask_encode(
    masker: *mut HandMasker,
    bytes: *const u8,
    width: usize,
    height: usize,
    cover: *mut Cover,
) -> usize {
    let patch = Patch { left: 0, top: 0, width, bytes: slice(bytes, width * height) };
    let counts = &mut (*masker).counts;
    cover.write(encode(&patch, width, height, counts));
    counts.len()
}

/// Writes run lengths as bytes of a picture, row after row: 1 or 0.
///
/// # Safety
/// `counts` points to `count` numbers, `bytes` to room for `width * height` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_mask_decode(
    counts: *const u32,
    count: usize,
    width: usize,
    height: usize,
    bytes: *mut u8,
) {
    decode(slice(counts, count), height, core::slice::from_raw_parts_mut(bytes, width * height));
}

/// Marks the pixels of a picture where the numbers of a network reach a threshold.
///
/// # Safety
/// `values` points to `columns * rows` floats, `cut` to a box, `bytes` to room for `width * height` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_mask_paste(
    values: *const f32,
    columns: usize,
    rows: usize,
    cut: *const CropBox,
    threshold: f32,
    bytes: *mut u8,
    width: usize,
    height: usize,
) {
    let values = slice(values, columns * rows);
    let answer = Answer { values, columns, cut: *cut, threshold };
    paste(&answer, width, core::slice::from_raw_parts_mut(bytes, width * height));
}

/// Changes marks of a picture by a disc: 0 dilates, 1 erodes, 2 opens, 3 closes.
///
/// # Safety
/// `bytes` points to `length` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_mask_morph(
    bytes: *mut u8,
    length: usize,
    width: usize,
    operation: u32,
    radius: f32,
) {
    let bytes = core::slice::from_raw_parts_mut(bytes, length);
    let mut morphology = Morphology::default();
    match operation {
        0 => morphology.dilate(bytes, width, radius),
        1 => morphology.erode(bytes, width, radius),
        2 => morphology.open(bytes, width, radius),
        _ => morphology.close(bytes, width, radius),
    }
}

/// Finds the parts of marks and returns what is given back to [`sp_components_free`].
///
/// # Safety
/// `bytes` points to `length` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_components_find(
    bytes: *const u8,
    length: usize,
    width: usize,
    corners: u32,
) -> *mut ComponentFinder {
    let mut finder = ComponentFinder::default();
    let touching = if corners != 0 { Touching::EdgesAndCorners } else { Touching::Edges };
    finder.find(slice(bytes, length), width, touching);
    Box::into_raw(Box::new(finder))
}

/// Number of parts.
///
/// # Safety
/// `finder` came from [`sp_components_find`].
#[no_mangle]
pub unsafe extern "C" fn sp_components_count(finder: *const ComponentFinder) -> usize {
    (*finder).parts.len()
}

/// The parts, seven floats each.
///
/// # Safety
/// `finder` came from [`sp_components_find`].
#[no_mangle]
pub unsafe extern "C" fn sp_components_parts(finder: *const ComponentFinder) -> *const Component {
    (*finder).parts.as_ptr()
}

/// Writes the number of its part, from 1, for each pixel; 0 for those of none.
///
/// # Safety
/// `finder` came from [`sp_components_find`], `labels` points to room for all pixels, `width` a row.
#[no_mangle]
pub unsafe extern "C" fn sp_components_labels(
    finder: *const ComponentFinder,
    labels: *mut u32,
    length: usize,
    width: usize,
) {
    (*finder).label(core::slice::from_raw_parts_mut(labels, length), width);
}

/// Gives the parts back.
///
/// # Safety
/// `finder` came from [`sp_components_find`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_components_free(finder: *mut ComponentFinder) {
    drop(Box::from_raw(finder));
}
