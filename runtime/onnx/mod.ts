/**
 * Neural networks on ONNX Runtime: WebAssembly everywhere, WebGPU where the runtime has it.
 *
 * An export of its own, because it loads the runtime of the networks: 14 MB of WebAssembly from the installed
 * package. Nothing is fetched from a network.
 *
 * @module
 */
export { onnxBackend, type OnnxBackendName, type OnnxOptions } from "./backend.ts";
