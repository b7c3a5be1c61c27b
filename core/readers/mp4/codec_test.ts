import assert from "node:assert/strict";
import { codecString } from "./codec.ts";

function viewOf(...bytes: readonly number[]): DataView {
  return new DataView(Uint8Array.from(bytes).buffer);
}

// Expected strings are the examples of RFC 6381, ISO/IEC 14496-15 annex E and the AV1 and VP bindings.
Deno.test("codec strings are those of the specifications", () => {
  assert.equal(codecString("avc1", "avcC", viewOf(1, 0x42, 0xe0, 0x1e)), "avc1.42e01e");
  const hevc = viewOf(1, 0x01, 0x60, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 93);
  assert.equal(codecString("hev1", "hvcC", hevc), "hev1.1.6.L93.b0");
  assert.equal(codecString("av01", "av1C", viewOf(0x81, 0x04, 0x40, 0)), "av01.0.04M.10");
  assert.equal(codecString("vp09", "vpcC", viewOf(1, 0, 0, 0, 2, 10, 0xa2)), "vp09.02.10.10");
  const esds = viewOf(0, 0, 0, 0, 3, 0x80, 0x80, 0x80, 27, 0, 1, 0, 4, 0x80, 0x80, 0x80, 13, 0x20);
  assert.equal(codecString("mp4v", "esds", esds), "mp4v.20");
  assert.equal(codecString("mjpg", "colr", viewOf()), "mjpg");
});

Deno.test("a configuration that is cut off is refused", () => {
  assert.throws(() => codecString("avc1", "avcC", viewOf(1, 0x42)), RangeError);
  assert.throws(() => codecString("mp4v", "esds", viewOf(0, 0, 0, 0, 9)), RangeError);
});
