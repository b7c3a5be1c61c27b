/** What a network is for: finds palms, finds the landmarks of one hand, or tells the pixels of hands. */
export type ModelKind = "detector" | "landmarks" | "segmentation";

/** The kinds as words. */
export const MODEL_KINDS: readonly ModelKind[] = ["detector", "landmarks", "segmentation"];

/** The picture as a network takes it: value = (v / 255 - mean) / std of each channel. */
export interface ModelInput {
  /** Name of the input. Absent: the first one. */
  readonly name?: string;
  readonly width: number;
  readonly height: number;
  /** Whether the channels of a pixel lie together (`nhwc`) or each channel by itself (`nchw`). */
  readonly layout: "nhwc" | "nchw";
  /** Order of the channels. @default {"rgb"} */
  readonly channels?: "rgb" | "bgr";
  /** @default {[0, 0, 0]} */
  readonly mean?: readonly [number, number, number];
  /** @default {[1, 1, 1]} */
  readonly std?: readonly [number, number, number];
}

/** One of a network's outputs, by its name or by its place from 0. */
export interface ModelOutput {
  readonly output: string | number;
  /** What makes probabilities of its numbers; `none` where they are that already. @default {"none"} */
  readonly activation?: "none" | "sigmoid";
}

/** Candidates of a detector: so many on each place of a grid. */
export interface AnchorGrid {
  /** Pixels of the input from one place to the next. */
  readonly stride: number;
  readonly each: number;
}

/** Which file a network is, and where it comes from. */
export interface ModelFile {
  /** What it is called, such as `mediapipe-lite-palm`. */
  readonly name: string;
  readonly version: string;
  /** Networks of one family are used together. */
  readonly family: string;
  readonly fileName: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** SPDX name of the licence, or what its owner says of it. */
  readonly licence: string;
  /** Page on which it is described. */
  readonly source: string;
  /** Addresses from which this very file can be fetched, best first; none where there is none. */
  readonly downloads: readonly string[];
}

/**
 * A palm detector after MediaPipe's: of each candidate a box (centre, width, height) and seven points in pixels of
 * the input and relative to the candidate's place, and a score.
 */
export interface DetectorManifest extends ModelFile {
  readonly kind: "detector";
  readonly input: ModelInput;
  readonly anchors: readonly AnchorGrid[];
  readonly outputs: { readonly boxes: ModelOutput; readonly scores: ModelOutput };
}

/** A landmark network after MediaPipe's: 21 points in pixels of the input, and whether there is a hand. */
export interface LandmarksManifest extends ModelFile {
  readonly kind: "landmarks";
  readonly input: ModelInput;
  readonly outputs: {
    /** 63 numbers: x, y, z of the 21 landmarks in pixels of the input. */
    readonly landmarks: ModelOutput;
    readonly presence: ModelOutput;
    /** Probability of a right hand in a picture that is not mirrored. */
    readonly handedness?: ModelOutput;
    /** 63 numbers in metres. */
    readonly world?: ModelOutput;
  };
  /** z of the landmarks is divided by this, so that it has the scale of x. @default {1} */
  readonly depthScale?: number;
}

/** How a segmentation network's numbers become a mask. */
export interface MaskOutput {
  readonly output: string | number;
  readonly layout: "nhwc" | "nchw";
  /** What makes probabilities of the numbers. @default {"none"} */
  readonly activation?: "none" | "sigmoid" | "softmax";
  /** Channels, from 0, whose pixels are hands; their probabilities add up. @default {[0]} */
  readonly channels?: readonly number[];
  /** A pixel whose probability is above this belongs to a hand. @default {0.5} */
  readonly threshold?: number;
}

/** A network that tells the pixels of hands: picture in, mask out. */
export interface SegmentationManifest extends ModelFile {
  readonly kind: "segmentation";
  readonly input: ModelInput;
  /** Whether the picture keeps its aspect, with a black border, or is stretched to the input. @default {"letterbox"} */
  readonly fit?: "letterbox" | "stretch";
  readonly outputs: { readonly mask: MaskOutput };
  /** Least area of a hand, of that of the picture. @default {0.002} */
  readonly minArea?: number;
}

/** Everything that must be known of a network to use it. */
export type ModelManifest = DetectorManifest | LandmarksManifest | SegmentationManifest;

/** A network that was read, and whose hash was checked. */
export interface LoadedModel<Manifest extends ModelManifest = ModelManifest> {
  readonly manifest: Manifest;
  readonly contents: Uint8Array;
}

/** The two networks of the method `mediapipe`. */
export interface MediapipeModels {
  readonly detector: LoadedModel<DetectorManifest>;
  readonly landmarks: LoadedModel<LandmarksManifest>;
}
