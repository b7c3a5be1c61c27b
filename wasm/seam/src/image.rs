//! Pictures, their crops and the masks of hands.

use crate::memory::slice;
use session_process_kernel::image::coco;
use session_process_kernel::image::color::Matrix;
use session_process_kernel::image::crop::{crop_tensor, Bounds, CropBox, TensorForm};
use session_process_kernel::image::frame::{resize, Frame};
use session_process_kernel::image::hand_mask::{HandMasker, MaskMethod};
use session_process_kernel::image::runs::Cover;
use session_process_kernel::image::source::{Format, Plane, Source};

/// A picture and the bytes it is read from.
#[derive(Default)]
pub struct ImageState {
    frame: Frame,
    input: Vec<u8>,
}

/// Layout of the bytes of a picture.
#[repr(C)]
pub struct PictureLayout {
    format: u32,
    width: u32,
    height: u32,
    matrix: u32,
    full_range: u32,
    quarters: u32,
    planes: [[u32; 2]; 3],
}

/// Makes room for pictures; give it back to [`sp_image_free`].
#[no_mangle]
pub extern "C" fn sp_image_new() -> *mut ImageState {
    Box::into_raw(Box::default())
}

/// Gives the room back.
///
/// # Safety
/// `state` came from [`sp_image_new`] and was not freed.
#[no_mangle]
pub unsafe extern "C" fn sp_image_free(state: *mut ImageState) {
    drop(Box::from_raw(state));
}

/// Where the bytes of the next picture go; null when memory is exhausted.
///
/// # Safety
/// `state` came from [`sp_image_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_image_input(state: *mut ImageState, bytes: usize) -> *mut u8 {
    let input = &mut (*state).input;
    if resize(input, bytes) { input.as_mut_ptr() } else { core::ptr::null_mut() }
}

/// Reads the picture from the bytes: 0, 1 where its planes do not lie within them, 2 where there is no room.
///
/// # Safety
/// `state` came from [`sp_image_new`], `layout` points to a layout.
#[no_mangle]
pub unsafe extern "C" fn sp_image_load(state: *mut ImageState, layout: *const PictureLayout) -> u32 {
    let (state, layout) = (&mut *state, &*layout);
    let (Some(format), Some(matrix)) =
        (Format::from_code(layout.format), Matrix::from_code(layout.matrix))
    else {
        return 1;
    };
    let planes = layout.planes.map(|[offset, stride]| Plane {
        offset: offset as usize,
        stride: stride as usize,
    });
    let size = (layout.width as usize, layout.height as usize);
    let Some(source) = Source::new(format, size, &state.input, planes) else { return 1 };
    let loaded = state.frame.load(&source, matrix, layout.full_range != 0, layout.quarters);
    if loaded { 0 } else { 2 }
}

/// The pixels: three bytes each, row after row.
///
/// # Safety
/// `state` came from [`sp_image_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_image_pixels(state: *mut ImageState) -> *mut u8 {
    (*state).frame.rgb.as_mut_ptr()
}

/// Writes a cut as a tensor; `region`, where it is not null, is x, y, width and height of what is not black.
///
/// # Safety
/// `state` came from [`sp_image_new`], the other pointers to what their types say, `tensor` to
/// `3 * columns * rows` floats.
#[no_mangle]
pub unsafe extern "C" fn sp_image_tensor(
    state: *const ImageState,
    cut: *const CropBox,
    region: *const [f64; 4],
    form: *const TensorForm,
    planar: u32,
    columns: usize,
    rows: usize,
    tensor: *mut f32,
) {
    let frame = &(*state).frame;
    let bounds =
        if region.is_null() { Bounds::of(frame) } else { Bounds::of_region(frame, *region) };
    let tensor = core::slice::from_raw_parts_mut(tensor, 3 * columns * rows);
    crop_tensor(frame, bounds, &*cut, &*form, planar != 0, columns, tensor);
}

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
