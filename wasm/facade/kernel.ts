import { KERNEL_WASM_BASE64 } from "../lib/kernel_wasm.ts";

/** The exports of the module: numbers in, numbers out. */
type KernelFunction = (...args: number[]) => number;

/** A buffer in the memory of the kernel. */
export interface KernelBuffer {
  readonly pointer: number;
  readonly bytes: number;
}

/**
 * One instance of the compiled kernel with its own memory.
 *
 * Instances share nothing. Make one for each piece of work, and let the last reference go to free it.
 * Views of its memory are valid until the next call that may allocate.
 */
export class Kernel {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Readonly<Record<string, unknown>>;

  constructor() {
    const module = new WebAssembly.Module(decodeBase64(KERNEL_WASM_BASE64));
    this.#exports = new WebAssembly.Instance(module, {}).exports;
    this.#memory = this.#exports["memory"] as WebAssembly.Memory;
  }

  /** Calls an export by name. Throws `TypeError` when there is none. */
  call(name: string, ...args: number[]): number {
    const found = this.#exports[name];
    if (typeof found !== "function") throw new TypeError(`Kernel has no function ${name}`);
    return (found as KernelFunction)(...args);
  }

  /** Reserves a buffer. Throws `RangeError` when the memory is exhausted. */
  alloc(bytes: number): KernelBuffer {
    const pointer = this.call("sp_alloc", bytes) >>> 0;
    if (pointer === 0) throw new RangeError(`Cannot reserve kernel memory: ${bytes} bytes`);
    return { pointer, bytes };
  }

  /** Gives a buffer back. */
  free(buffer: KernelBuffer): void {
    this.call("sp_free", buffer.pointer, buffer.bytes);
  }

  /** Runs a function with a buffer that is freed afterwards. */
  withBuffer<Result>(bytes: number, use: (buffer: KernelBuffer) => Result): Result {
    const buffer = this.alloc(bytes);
    try {
      return use(buffer);
    } finally {
      this.free(buffer);
    }
  }

  /** The bytes of a buffer. */
  u8({ pointer, bytes }: KernelBuffer): Uint8Array {
    return new Uint8Array(this.#memory.buffer, pointer, bytes);
  }

  /** A buffer as floats. */
  f64({ pointer, bytes }: KernelBuffer): Float64Array {
    return new Float64Array(this.#memory.buffer, pointer, bytes / 8);
  }

  /** A buffer as floats of half the length. */
  f32({ pointer, bytes }: KernelBuffer): Float32Array {
    return new Float32Array(this.#memory.buffer, pointer, bytes / 4);
  }

  /** A buffer as 64-bit integers. */
  i64({ pointer, bytes }: KernelBuffer): BigInt64Array {
    return new BigInt64Array(this.#memory.buffer, pointer, bytes / 8);
  }

  /** A buffer as 32-bit integers. */
  i32({ pointer, bytes }: KernelBuffer): Int32Array {
    return new Int32Array(this.#memory.buffer, pointer, bytes / 4);
  }

  /** A buffer as unsigned 32-bit integers. */
  u32({ pointer, bytes }: KernelBuffer): Uint32Array {
    return new Uint32Array(this.#memory.buffer, pointer, bytes / 4);
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("\n", ""));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
