/** Turns by the numbers that Exif gives them; mirrored ones are not turned. */
const TURNS: Readonly<Record<number, 90 | 180 | 270>> = { 3: 180, 6: 90, 8: 270 };

/** Tag of the turn among the entries of the first directory. */
const ORIENTATION = 0x0112;

/** Degrees by which a JPEG file says that its picture is turned clockwise to be upright. */
export function exifRotation(jpeg: Uint8Array): 0 | 90 | 180 | 270 {
  try {
    const tiff = exifOf(new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.length));
    return tiff === undefined ? 0 : TURNS[orientationOf(tiff)] ?? 0;
  } catch (error) {
    // What is cut off says nothing.
    if (error instanceof RangeError) return 0;
    throw error;
  }
}

/** The segment of Exif, from its byte order on. */
function exifOf(view: DataView): DataView | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    // The scan follows: there are no more segments of facts.
    if (marker === 0xda) return undefined;
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
      return new DataView(view.buffer, view.byteOffset + at + 10, Math.max(0, length - 8));
    }
    at += 2 + length;
  }
  return undefined;
}

function orientationOf(tiff: DataView): number {
  const little = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, little);
  const count = tiff.getUint16(directory, little);
  for (let nth = 0; nth < count; nth++) {
    const entry = directory + 2 + 12 * nth;
    if (tiff.getUint16(entry, little) === ORIENTATION) return tiff.getUint16(entry + 8, little);
  }
  return 1;
}
