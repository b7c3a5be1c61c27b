import type { IssueDefinition } from "../issue.ts";

/** Issues of neural networks: their files, descriptions and contents. */
export const MODEL_ISSUES = {
  MODEL_MISSING: {
    severity: "warning",
    title: "A network is not on this machine",
    message: 'Network "{name}" is not in {folder}',
    remedy:
      "Fetch it with session-process models pull, copy the file there, or add a network of yours with session-process models add.",
  },
  MODEL_HASH_MISMATCH: {
    severity: "error",
    title: "A network is not the one its name says",
    message: "sha256 is {found}, that of {name} is {expected}; it was not used",
    remedy: "Delete the file and fetch it again with session-process models pull.",
  },
  MODEL_UNREADABLE: {
    severity: "error",
    title: "A file is no readable network",
    message: "Network cannot be loaded: {reason}",
    remedy: "Copy or fetch the file again; it must be a whole ONNX model.",
  },
  MODEL_UNSUPPORTED: {
    severity: "error",
    title: "A network uses what is not known",
    message: "Network cannot be computed: {reason}",
    remedy: "Export it again with standard operators of ONNX, opset 7 to 21.",
  },
  MODEL_SHAPE_MISMATCH: {
    severity: "error",
    title: "A network takes or gives other numbers than its description says",
    message: "{part} is {found}, the description says {expected}",
    remedy: "Correct the description, or use the network that it was written for.",
  },
  MODEL_DESCRIPTION_INVALID: {
    severity: "error",
    title: "The description of a network is wrong",
    message: "Description of the network is not understood: {reason}",
    remedy: "Correct it after docs/formats/models.md, or write it with session-process models add.",
  },
  MODEL_DOWNLOAD_FAILED: {
    severity: "error",
    title: "A network could not be fetched",
    message:
      "Cannot fetch {address}: {reason}. Copy the file into {folder} yourself; its sha256 must be {sha256}",
    remedy: "Try again where there is a network; what was received so far is gone on with.",
  },
} as const satisfies Record<string, IssueDefinition>;
