import {
  type ByteSink,
  createIssue,
  type Issue,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/mod.ts";
import { MI, tag, TAG_BYTES } from "./layout.ts";
import { type ByteTransform, writeParts, writeTransformed } from "./output.ts";
import { type MatPart, type MatPlan, planVariables } from "./plan.ts";
import type { MatValue } from "./values.ts";

/** A variable, or a file that is not compressed, must be smaller than this: 2 GiB. */
export const MAT_LIMIT_BYTES = 2 ** 31;

const HEADER_BYTES = 128;
const DESCRIPTION_BYTES = 116;

/** Options of {@linkcode writeMat}. Progress counts bytes before compression. */
export interface WriteMatOptions extends WorkOptions {
  /** Compress each variable, as MATLAB's `-v7` does. @default {false} */
  readonly compressed?: boolean;
  /**
   * Text at the start of the file, cut to 116 ASCII characters. Written without a date, so that equal data
   * give equal files. @default {"MATLAB 5.0 MAT-file, written by session-process"}
   */
  readonly description?: string;
  /**
   * Makes the zlib compressor of each variable. Its output, hence the file, may differ between platforms;
   * the contents do not. @default {() => new CompressionStream("deflate")}
   */
  readonly deflate?: () => ByteTransform;
}

/** What {@linkcode writeMat} did. */
export interface WriteMatResult {
  /** Size of the file; 0 when it was refused. */
  readonly bytes: number;
  /** Names that were changed; `MAT_TOO_LARGE` when the file was refused. */
  readonly issues: readonly Issue[];
}

/**
 * Writes a MAT-file of level 5 ("MAT-File Format", The MathWorks, chapter 1), little-endian, that MATLAB,
 * GNU Octave and SciPy read.
 *
 * Streamed columns are never held: memory does not grow with their length. The file is committed at the
 * end. A file that would exceed 2 GiB is refused before a byte is written: the sink is aborted and the
 * issue `MAT_TOO_LARGE` returned. When a column yields more or less than it declared the sink is aborted
 * and the promise rejects with `RangeError`; what a column throws is passed on in the same way.
 *
 * @param sink Takes the file; it must be empty.
 * @param variables The contents of the file. Names that MATLAB does not accept are changed and reported.
 *
 * @example
 * ```ts
 * import { type ByteSink, writeMat } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const parts: Uint8Array[] = [];
 * const sink: ByteSink = {
 *   get position() {
 *     return parts.reduce((sum, part) => sum + part.length, 0);
 *   },
 *   write: (bytes) => Promise.resolve(void parts.push(bytes.slice())),
 *   writeAt: () => Promise.resolve(),
 *   commit: () => Promise.resolve(),
 *   abort: () => Promise.resolve(),
 * };
 * const { bytes, issues } = await writeMat(sink, {
 *   rate: 128,
 *   device: { kind: "struct", fields: [["id", "shimmer_40AC"], ["gsr", Float64Array.of(1, 2)]] },
 * });
 * assert.equal(bytes, sink.position);
 * assert.deepEqual(issues, []);
 * ```
 */
export async function writeMat(
  sink: ByteSink,
  variables: Readonly<Record<string, MatValue>>,
  options: WriteMatOptions = {},
): Promise<WriteMatResult> {
  try {
    const issues: Issue[] = [];
    const plans = planVariables(variables, (issue) => issues.push(issue));
    const tooLarge = refusal(plans, options.compressed ?? false);
    if (tooLarge !== undefined) {
      await sink.abort();
      return { bytes: 0, issues: [...issues, tooLarge] };
    }
    await writeFile(sink, trackedParts(plans, options), options);
    await sink.commit();
    return { bytes: sink.position, issues };
  } catch (reason) {
    await sink.abort();
    throw reason;
  }
}

function refusal(plans: readonly MatPlan[], compressed: boolean): Issue | undefined {
  const largest = Math.max(0, ...plans.map(({ bytes }) => bytes));
  const whole = HEADER_BYTES + plans.reduce((sum, { bytes }) => sum + bytes, 0);
  const size = compressed ? largest : whole;
  if (size < MAT_LIMIT_BYTES) return undefined;
  return createIssue("MAT_TOO_LARGE", { size, limit: MAT_LIMIT_BYTES });
}

/** The parts of each variable, which stop when cancelled and tell how far they are. */
function trackedParts(
  plans: readonly MatPlan[],
  { signal, progress }: WorkOptions,
): readonly MatPart[][] {
  const total = plans.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const advance = (bytes: number) => {
    throwIfCancelled(signal);
    done += bytes;
    progress?.({ task: "Write MAT-file", done, total, unit: "bytes" });
  };
  const track = (part: MatPart): MatPart => {
    if (part instanceof Uint8Array) return part;
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of part.chunks()) {
        advance(chunk.length);
        yield chunk;
      }
    };
    return { bytes: part.bytes, chunks };
  };
  return plans.map(({ parts }) => parts.map(track));
}

async function writeFile(
  sink: ByteSink,
  variables: readonly MatPart[][],
  {
    compressed = false,
    description = "MATLAB 5.0 MAT-file, written by session-process",
    deflate = () => new CompressionStream("deflate"),
  }: WriteMatOptions,
): Promise<void> {
  const write = (bytes: Uint8Array) => sink.write(bytes);
  await write(fileHeader(description));
  if (!compressed) return await writeParts(variables.flat(), write);
  for (const parts of variables) {
    const start = sink.position;
    await write(tag(MI.compressed, 0));
    await writeTransformed(parts, deflate(), write);
    await sink.writeAt(start, tag(MI.compressed, sink.position - start - TAG_BYTES));
  }
}

/** Description, version 0x0100 and the mark of little-endian files. */
function fileHeader(description: string): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES).fill(0x20, 0, DESCRIPTION_BYTES);
  const ascii = description.replace(/[^\x20-\x7e]/g, "?").slice(0, DESCRIPTION_BYTES);
  header.set(new TextEncoder().encode(ascii));
  header.set([0x00, 0x01, 0x49, 0x4d], HEADER_BYTES - 4);
  return header;
}
