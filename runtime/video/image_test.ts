import assert from "node:assert/strict";
import { hasProgram, runProgram } from "../../tests/support/ffmpeg.ts";
import { decodeImage, encodePng } from "./mod.ts";

const ignore = !hasProgram("ffmpeg");

/** A colourful picture written by ffmpeg, and its pixels as ffmpeg reads them. */
async function withPicture(
  name: string,
  args: readonly string[],
  pixelFormat: string,
  test: (file: Uint8Array, pixels: Uint8Array) => void,
  size = "61x37",
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/${name}`;
  try {
    const source = ["-f", "lavfi", "-i", `testsrc=d=1:s=${size}:r=1`, "-frames:v", "1"];
    runProgram("ffmpeg", ["-v", "error", ...source, ...args, path]);
    const raw = ["-sws_flags", "neighbor+accurate_rnd+full_chroma_int", "-pix_fmt", pixelFormat];
    const output = [...raw, "-f", "rawvideo", "-"];
    test(
      await Deno.readFile(path),
      runProgram("ffmpeg", ["-v", "error", "-noautorotate", "-i", path, ...output]),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (
  const [kind, args, pixelFormat, format] of [
    ["rgb24", [], "rgb24", "RGB"],
    ["rgba", [], "rgba", "RGBA"],
    ["gray", [], "gray", "GRAY8"],
    ["monob", [], "gray", "GRAY8"],
    ["pal8", [], "rgba", "RGBA"],
    ["rgb24", ["-pred", "mixed"], "rgb24", "RGB"],
    ["rgb24", ["-flags", "+ilme"], "rgb24", "RGB"],
  ] as const
) {
  Deno.test({
    name: `pixels of PNG ${kind} ${args.join(" ")} are those of ffmpeg`,
    ignore,
    fn: () =>
      withPicture("a.png", ["-pix_fmt", kind, ...args], pixelFormat, (file, pixels) => {
        const image = decodeImage(file);
        assert.ok(typeof image !== "string", String(image));
        assert.deepEqual([image.width, image.height], [61, 37]);
        if (image.format === format) assert.deepEqual(image.data, Uint8Array.from(pixels));
        else assert.deepEqual(withoutAlpha(image.data, image.format), withoutAlpha(pixels, format));
      }),
  });
}

function withoutAlpha(data: Uint8Array, format: string): number[] {
  return [...data].filter((_, at) => format !== "RGBA" || at % 4 !== 3);
}

Deno.test({
  name: "PNG with 16 bits keeps the upper 8",
  ignore,
  fn: () =>
    withPicture("a.png", ["-pix_fmt", "gray16be"], "gray16be", (file, pixels) => {
      const image = decodeImage(file);
      assert.ok(typeof image !== "string");
      assert.deepEqual([...image.data], [...pixels].filter((_, at) => at % 2 === 0));
    }),
});

// ffmpeg stretches the thinned chroma of odd sizes by another factor than two.
for (const [pixelFormat, size] of [["yuvj444p", "61x37"], ["yuvj420p", "62x38"]] as const) {
  Deno.test({
    name: `pixels of JPEG ${pixelFormat} are those of ffmpeg but for rounding`,
    ignore,
    fn: () =>
      withPicture("a.jpg", ["-pix_fmt", pixelFormat, "-q:v", "2"], "rgb24", (file, pixels) => {
        const image = decodeImage(file);
        assert.ok(typeof image !== "string");
        assert.deepEqual(`${image.width}x${image.height} ${image.format}`, `${size} RGB`);
        const errors = image.data.map((value, at) => Math.abs(value - pixels[at]!));
        assert.ok(Math.max(...errors) <= 4);
        assert.ok(errors.reduce((sum, error) => sum + error, 0) / pixels.length < 0.5);
      }, size),
  });
}

/** A JPEG file that says how it is turned. */
function turned(jpeg: Uint8Array, orientation: number, little: boolean): Uint8Array {
  const exif = new DataView(new ArrayBuffer(36));
  exif.setUint16(0, 0xffe1);
  exif.setUint16(2, 34);
  exif.setUint32(4, 0x45786966);
  exif.setUint16(10, little ? 0x4949 : 0x4d4d);
  exif.setUint16(12, 42, little);
  exif.setUint32(14, 8, little);
  exif.setUint16(18, 1, little);
  exif.setUint16(20, 0x0112, little);
  exif.setUint16(22, 3, little);
  exif.setUint32(24, 1, little);
  exif.setUint16(28, orientation, little);
  return Uint8Array.from([
    ...jpeg.subarray(0, 2),
    ...new Uint8Array(exif.buffer),
    ...jpeg.subarray(2),
  ]);
}

Deno.test({
  name: "the turn that a JPEG file states is told",
  ignore,
  fn: () =>
    withPicture("a.jpg", ["-pix_fmt", "yuvj420p"], "rgb24", (file) => {
      for (const little of [true, false]) {
        const turns = [1, 3, 6, 8, 77].map((n) => decodeImage(turned(file, n, little)));
        assert.deepEqual(
          turns.map((image) => typeof image === "string" ? image : image.rotation),
          [0, 180, 90, 270, 0],
        );
      }
    }),
});

Deno.test({
  name: "damaged images are refused or decoded, and never thrown on",
  ignore,
  async fn() {
    for (const name of ["a.png", "a.jpg"]) {
      await withPicture(name, [], "rgb24", (file) => {
        assert.equal(typeof decodeImage(file.subarray(0, file.length >> 1)), "string");
        for (let at = 0; at < file.length; at += 7) {
          decodeImage(file.subarray(0, at));
          const damaged = file.slice();
          damaged[at] = damaged[at]! ^ 0x55;
          decodeImage(damaged);
        }
      });
    }
  },
});

Deno.test("a PNG file that claims too many pixels is refused", () => {
  const png = encodePng({ format: "GRAY8", width: 1, height: 1, data: Uint8Array.of(0) });
  new DataView(png.buffer, png.byteOffset).setUint32(16, 1 << 30);
  assert.match(String(decodeImage(png)), /claims 1073741824 x 1 pixels/);
});

Deno.test({
  name: "PNG files that were written are read by ffmpeg",
  ignore,
  async fn() {
    const path = await Deno.makeTempFile({ suffix: ".png" });
    try {
      for (
        const [format, name, channels] of [["RGB", "rgb24", 3], ["RGBA", "rgba", 4], [
          "GRAY8",
          "gray",
          1,
        ]] as const
      ) {
        const data = Uint8Array.from(
          { length: 13 * 7 * channels },
          (_, at) => (at * 73 + (at >> 3)) & 255,
        );
        await Deno.writeFile(path, encodePng({ format, width: 13, height: 7, data }));
        const output = ["-pix_fmt", name, "-f", "rawvideo", "-"];
        const read = runProgram("ffmpeg", ["-v", "error", "-i", path, ...output]);
        assert.deepEqual(Uint8Array.from(read), data);
      }
      const few = { format: "RGB", width: 2, height: 2, data: new Uint8Array(3) } as const;
      assert.throws(() => encodePng(few), /2 x 2 pixels need 12 bytes and there are 3/);
    } finally {
      await Deno.remove(path);
    }
  },
});
