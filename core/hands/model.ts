/** A point of a picture in pixels: x to the right, y down, the centre of the first pixel at (0.5, 0.5). */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** An upright box in pixels of the upright picture. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box in pixels that may be turned. */
export interface RotatedBox {
  readonly centerX: number;
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  /** Angle in radians, clockwise as seen. */
  readonly angle: number;
}

/**
 * Pixels of a hand as run lengths.
 *
 * As in COCO: column after column, beginning with the number of pixels that do not belong to it.
 * The counts sum to width times height.
 */
export interface RunLengthMask {
  readonly width: number;
  readonly height: number;
  readonly counts: Uint32Array;
}

/** Which hand of a person; of a picture that is not mirrored. */
export type Handedness = "left" | "right";

/** Number of landmarks of a hand: wrist, then four of each finger from the thumb on, as MediaPipe numbers them. */
export const LANDMARK_COUNT = 21;

/** A hand in one picture. All pixels are of the upright picture. */
export interface Hand {
  /** Stays the same for one hand from picture to picture while it is followed; from 0, never used again. */
  readonly id: number;
  /** Absent where the method cannot tell. */
  readonly handedness?: Handedness;
  /** Probability of `handedness`, 0.5 to 1. */
  readonly handednessScore?: number;
  /** How certain the method is that this is a hand, 0 to 1. */
  readonly confidence: number;
  /** Box about the mask, or about the landmarks where there is no mask. */
  readonly box: PixelBox;
  /** Pixels of the mask; 0 where there is none. */
  readonly area: number;
  /** x, y and depth of the 21 landmarks in pixels, 63 numbers; depth is relative to the wrist, nearer is less. */
  readonly landmarks?: Float32Array;
  /** x, y, z of the 21 landmarks in metres about the centre of the hand, 63 numbers. */
  readonly worldLandmarks?: Float32Array;
  readonly mask?: RunLengthMask;
}

/** The hands of one picture. */
export interface FrameHands {
  /** Index of the frame in its recording. */
  readonly frame: number;
  /** Time of the frame on its media clock, ns. */
  readonly timeNs: bigint | undefined;
  readonly width: number;
  readonly height: number;
  readonly hands: readonly Hand[];
  /** Whether the whole picture was searched for hands, or only those followed from the picture before. */
  readonly searched: boolean;
}

/** Ways to find hands. */
export type HandMethodName = "mediapipe" | "color_based" | "contour_based" | "model";

/** Finds the hands in pictures that come one after the other. */
export interface HandMethod {
  readonly name: HandMethodName;
  /** Parameters that results depend on, for the record: names as users know them, plain JSON. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Finds the hands of the picture that `image` holds now. */
  process(frame: FrameFacts): Promise<FrameHands>;
  /** Forgets what it followed, as after a gap in the recording. */
  reset(): void;
  /** Everything it carries from picture to picture, as plain JSON; `restore` makes it go on from there. */
  save(): unknown;
  restore(state: unknown): void;
  close(): Promise<void>;
}

/** What is known of the picture to be searched. */
export interface FrameFacts {
  readonly index: number;
  readonly timeNs: bigint | undefined;
}
