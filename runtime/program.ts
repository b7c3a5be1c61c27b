import { type ChildProcess, spawn } from "node:child_process";
import { CancelledError, reasonOf, UsageError } from "../core/base/mod.ts";

/** The variable that starting a program reads in Deno, although it is given none. */
const ASKED_FOR = "NODE_V8_COVERAGE";
/** The last words of the program that an error repeats. */
const WORDS = 300;

/** The program could be started but not decode. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** A program at work. */
export interface Run {
  readonly output: AsyncIterable<Uint8Array>;
  /** Hands bytes to a program that takes input, as fast as it takes them. */
  write(bytes: Uint8Array): Promise<void>;
  /** Tells the program that no more bytes come. */
  end(): void;
  stop(): void;
}

/** Options of {@linkcode start}. */
export interface StartOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether it takes input. @default {false} */
  readonly input?: boolean;
  /** Receives what the program says of its work, as it comes. */
  readonly onWords?: (words: string) => void;
}

/** Starts a program without a shell and without an environment. Throws `UsageError` when it cannot be run. */
export function start(
  program: string,
  args: readonly string[],
  { signal, onWords, input = false }: StartOptions = {},
): Run {
  const child = spawned(program, args, input);
  const decoder = new TextDecoder();
  let words = "";
  child.stderr?.on("data", (data: Uint8Array) => {
    const said = decoder.decode(data, { stream: true });
    onWords?.(said);
    words = (words + said).slice(-WORDS);
  });
  // A program that ended takes no more; its end says why.
  child.stdin?.on("error", () => {});
  const ended = new Promise<void>((resolve, reject) => {
    child.once(
      "error",
      (error) => reject(refusal(program, error)),
    );
    child.once(
      "close",
      (code) =>
        code === 0 ? resolve() : reject(new DecodeError(`${program} failed: ${words.trim()}`)),
    );
  });
  // Who stops early does not wait for the end.
  ended.catch(() => {});
  return {
    output: outputOf(child, ended, signal),
    write: (bytes) => writeTo(child, bytes),
    end: () => void child.stdin?.end(),
    stop: () => stop(child),
  };
}

/** Ends a program at once: asked politely, one that waits for its output to be read would wait for ever. */
function stop(child: ChildProcess): void {
  child.kill("SIGKILL");
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** Resolves when the program has taken the bytes, or nearly. */
function writeTo({ stdin }: ChildProcess, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stdin === null || !stdin.writable) return reject(new Error("The program takes no input"));
    stdin.write(bytes, (error) => error ? reject(error) : resolve());
  });
}

function spawned(program: string, args: readonly string[], input: boolean): ChildProcess {
  try {
    return spawn(program, [...args], {
      stdio: [input ? "pipe" : "ignore", "pipe", "pipe"],
      shell: false,
      env: {},
    });
  } catch (error) {
    throw refusal(program, error);
  }
}

function refusal(program: string, error: unknown): UsageError {
  return new UsageError(
    `Cannot run ${program} to decode: ${reasonOf(error)}`,
    `Give its path, and with Deno --allow-run=${program} --allow-env=${ASKED_FOR}`,
  );
}

async function* outputOf(
  child: ChildProcess,
  ended: Promise<void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const cancel = () => stop(child);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for await (const data of child.stdout ?? []) {
      if (signal?.aborted) throw new CancelledError();
      yield data as Uint8Array;
    }
    if (signal?.aborted) throw new CancelledError();
    await ended;
  } catch (error) {
    if (signal?.aborted) throw new CancelledError();
    // Of a program that could not be started the stream says less than its end.
    await ended;
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Bytes in blocks of whole pieces. */
export async function* whole(
  blocks: AsyncIterable<Uint8Array>,
  piece: number,
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const block of blocks) {
    const bytes = new Uint8Array(rest.length + block.length);
    bytes.set(rest);
    bytes.set(block, rest.length);
    const end = bytes.length - bytes.length % piece;
    if (end > 0) yield bytes.subarray(0, end);
    rest = bytes.slice(end);
  }
}

/** All that a program writes. */
export async function collect(program: string, args: readonly string[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of start(program, args).output) parts.push(part.slice());
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Bytes as text. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
