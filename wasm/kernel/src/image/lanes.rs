//! Several numbers at once: SIMD in WebAssembly, arrays elsewhere. Both give the same bits.

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32 as w;

/// Eight signed numbers.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy)]
pub struct I16x8(w::v128);

#[cfg(target_arch = "wasm32")]
impl I16x8 {
    #[inline(always)]
    pub fn splat(value: i16) -> I16x8 {
        I16x8(w::i16x8_splat(value))
    }

    #[inline(always)]
    pub fn load(from: &[i16; 8]) -> I16x8 {
        // SAFETY: the array has 16 bytes, and loads need no alignment.
        I16x8(unsafe { w::v128_load(from.as_ptr().cast()) })
    }

    #[inline(always)]
    pub fn store(self, to: &mut [i16; 8]) {
        // SAFETY: as for loads.
        unsafe { w::v128_store(to.as_mut_ptr().cast(), self.0) }
    }

    /// The numbers of eight bytes.
    #[inline(always)]
    pub fn from_bytes(from: &[u8; 8]) -> I16x8 {
        // SAFETY: the array has the eight bytes that are read.
        I16x8(unsafe { w::i16x8_load_extend_u8x8(from.as_ptr()) })
    }

    #[inline(always)]
    pub fn add(self, other: I16x8) -> I16x8 {
        I16x8(w::i16x8_add_sat(self.0, other.0))
    }

    #[inline(always)]
    pub fn subtract(self, other: I16x8) -> I16x8 {
        I16x8(w::i16x8_sub_sat(self.0, other.0))
    }

    #[inline(always)]
    pub fn shift_left(self, bits: u32) -> I16x8 {
        I16x8(w::i16x8_shl(self.0, bits))
    }

    #[inline(always)]
    pub fn shift_right(self, bits: u32) -> I16x8 {
        I16x8(w::i16x8_shr(self.0, bits))
    }

    /// Products divided by 2^15, rounded.
    #[inline(always)]
    pub fn multiply(self, other: I16x8) -> I16x8 {
        I16x8(w::i16x8_q15mulr_sat(self.0, other.0))
    }

    /// Each number twice.
    #[inline(always)]
    pub fn twice(self) -> [I16x8; 2] {
        [
            I16x8(w::i16x8_shuffle::<0, 0, 1, 1, 2, 2, 3, 3>(self.0, self.0)),
            I16x8(w::i16x8_shuffle::<4, 4, 5, 5, 6, 6, 7, 7>(self.0, self.0)),
        ]
    }
}

/// Writes three times eight numbers as pixels, each limited to 0 to 255.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn store_pixels(red: [I16x8; 2], green: [I16x8; 2], blue: [I16x8; 2], to: &mut [u8; 48]) {
    let bytes = |part: [I16x8; 2]| w::u8x16_narrow_i16x8(part[0].0, part[1].0);
    let (r, g, b) = (bytes(red), bytes(green), bytes(blue));
    // Red and green take their places first, then blue comes between.
    let first = w::i8x16_shuffle::<0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5>(r, g);
    let first = w::i8x16_shuffle::<0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15>(first, b);
    let second = w::i8x16_shuffle::<21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26>(r, g);
    let second = w::i8x16_shuffle::<0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15>(second, b);
    let third = w::i8x16_shuffle::<0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0>(r, g);
    let third = w::i8x16_shuffle::<26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31>(third, b);
    let pointer = to.as_mut_ptr();
    // SAFETY: the array has 48 bytes.
    unsafe {
        w::v128_store(pointer.cast(), first);
        w::v128_store(pointer.add(16).cast(), second);
        w::v128_store(pointer.add(32).cast(), third);
    }
}

/// Eight signed numbers.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
pub struct I16x8([i16; 8]);

#[cfg(not(target_arch = "wasm32"))]
impl I16x8 {
    #[inline(always)]
    pub fn splat(value: i16) -> I16x8 {
        I16x8([value; 8])
    }

    #[inline(always)]
    pub fn load(from: &[i16; 8]) -> I16x8 {
        I16x8(*from)
    }

    #[inline(always)]
    pub fn store(self, to: &mut [i16; 8]) {
        *to = self.0;
    }

    /// The numbers of eight bytes.
    #[inline(always)]
    pub fn from_bytes(from: &[u8; 8]) -> I16x8 {
        I16x8(from.map(i16::from))
    }

    #[inline(always)]
    fn pair(self, other: I16x8, with: impl Fn(i16, i16) -> i16) -> I16x8 {
        I16x8(core::array::from_fn(|lane| with(self.0[lane], other.0[lane])))
    }

    #[inline(always)]
    pub fn add(self, other: I16x8) -> I16x8 {
        self.pair(other, i16::saturating_add)
    }

    #[inline(always)]
    pub fn subtract(self, other: I16x8) -> I16x8 {
        self.pair(other, i16::saturating_sub)
    }

    #[inline(always)]
    pub fn shift_left(self, bits: u32) -> I16x8 {
        I16x8(self.0.map(|value| value << bits))
    }

    #[inline(always)]
    pub fn shift_right(self, bits: u32) -> I16x8 {
        I16x8(self.0.map(|value| value >> bits))
    }

    /// Products divided by 2^15, rounded.
    #[inline(always)]
    pub fn multiply(self, other: I16x8) -> I16x8 {
        self.pair(other, |a, b| {
            let product = (i32::from(a) * i32::from(b) + 0x4000) >> 15;
            product.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
        })
    }

    /// Each number twice.
    #[inline(always)]
    pub fn twice(self) -> [I16x8; 2] {
        [0, 4].map(|first| I16x8(core::array::from_fn(|lane| self.0[first + lane / 2])))
    }
}

/// Writes three times eight numbers as pixels, each limited to 0 to 255.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub fn store_pixels(red: [I16x8; 2], green: [I16x8; 2], blue: [I16x8; 2], to: &mut [u8; 48]) {
    for (index, pixel) in to.chunks_exact_mut(3).enumerate() {
        for (byte, part) in pixel.iter_mut().zip([red, green, blue]) {
            *byte = part[index / 8].0[index % 8].clamp(0, 255) as u8;
        }
    }
}

/// Blends four pixels of three bytes each: two that lie side by side, and two below; the last bytes do not count.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn blend(upper: &[u8; 8], lower: &[u8; 8], across: f32, down: f32) -> [f32; 4] {
    // SAFETY: the arrays have the eight bytes that are read.
    let (upper, lower) = unsafe {
        (w::v128_load64_zero(upper.as_ptr().cast()), w::v128_load64_zero(lower.as_ptr().cast()))
    };
    let zero = w::i8x16_splat(0);
    let left = |row| {
        w::f32x4_convert_i32x4(
            w::i8x16_shuffle::<0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 16, 16, 16, 16>(row, zero),
        )
    };
    let right = |row| {
        w::f32x4_convert_i32x4(
            w::i8x16_shuffle::<3, 16, 16, 16, 4, 16, 16, 16, 5, 16, 16, 16, 16, 16, 16, 16>(row, zero),
        )
    };
    let mix = |a, b, t| w::f32x4_add(a, w::f32x4_mul(w::f32x4_sub(b, a), t));
    let (across, down) = (w::f32x4_splat(across), w::f32x4_splat(down));
    let both = mix(mix(left(upper), right(upper), across), mix(left(lower), right(lower), across), down);
    let mut pixel = [0.0; 4];
    // SAFETY: the array has 16 bytes.
    unsafe { w::v128_store(pixel.as_mut_ptr().cast(), both) };
    pixel
}

/// Blends four pixels of three bytes each: two that lie side by side, and two below; the last bytes do not count.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub fn blend(upper: &[u8; 8], lower: &[u8; 8], across: f32, down: f32) -> [f32; 4] {
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let row = |row: &[u8; 8], k: usize| mix(f32::from(row[k]), f32::from(row[k + 3]), across);
    let at = |k: usize| mix(row(upper, k), row(lower, k), down);
    [at(0), at(1), at(2), 0.0]
}
