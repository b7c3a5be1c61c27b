//! Pictures and their crops.

use crate::memory::slice;
use session_process_kernel::image::color::Matrix;
use session_process_kernel::image::crop::{crop_tensor, scale_rgb, Bounds, CropBox, TensorForm};
use session_process_kernel::image::cut::{cut, shrink};
use session_process_kernel::image::encode::{i420, i420_bytes};
use session_process_kernel::image::frame::{resize, Frame};
use session_process_kernel::image::source::{Format, Plane, Source};

/// A picture and the bytes it is read from.
#[derive(Default)]
pub struct ImageState {
    pub(crate) frame: Frame,
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

/// Copies an upright part; black where there is no picture.
///
/// # Safety
/// `state` came from [`sp_image_new`], `rgb` points to room for `3 * width * height` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_image_cut(
    state: *const ImageState,
    left: i32,
    top: i32,
    width: usize,
    height: usize,
    rgb: *mut u8,
) {
    let rgb = core::slice::from_raw_parts_mut(rgb, 3 * width * height);
    cut(&(*state).frame, i64::from(left), i64::from(top), width, rgb);
}

/// Puts a picture that is smaller by a whole factor in the place of one.
///
/// # Safety
/// `from` and `to` came from [`sp_image_new`] and are not the same.
#[no_mangle]
pub unsafe extern "C" fn sp_image_shrink(
    from: *const ImageState,
    to: *mut ImageState,
    factor: usize,
) {
    let to = &mut (*to).frame;
    (to.width, to.height) = shrink(&(*from).frame, factor, &mut to.rgb);
}

/// Columns of the picture.
///
/// # Safety
/// `state` came from [`sp_image_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_image_width(state: *const ImageState) -> usize {
    (*state).frame.width
}

/// Rows of the picture.
///
/// # Safety
/// `state` came from [`sp_image_new`].
#[no_mangle]
pub unsafe extern "C" fn sp_image_height(state: *const ImageState) -> usize {
    (*state).frame.height
}

/// Copies a region of x, y, width and height, scaled.
///
/// # Safety
/// `state` came from [`sp_image_new`], `region` points to four floats, `rgb` to room for `3 * columns * rows` bytes.
#[no_mangle]
pub unsafe extern "C" fn sp_image_scale(
    state: *const ImageState,
    region: *const [f64; 4],
    columns: usize,
    rows: usize,
    rgb: *mut u8,
) {
    let rgb = core::slice::from_raw_parts_mut(rgb, 3 * columns * rows);
    scale_rgb(&(*state).frame, *region, columns, rgb);
}

/// Writes a picture of red, green and blue as planes of luma and halved chroma.
///
/// # Safety
/// `rgb` points to `3 * width * height` bytes, `to` to room for the planes.
#[no_mangle]
pub unsafe extern "C" fn sp_rgb_i420(
    rgb: *const u8,
    width: usize,
    height: usize,
    matrix: u32,
    to: *mut u8,
) {
    let to = core::slice::from_raw_parts_mut(to, i420_bytes(width, height));
    let matrix = Matrix::from_code(matrix).unwrap_or(Matrix::Bt709);
    i420(slice(rgb, 3 * width * height), width, height, matrix, to);
}
