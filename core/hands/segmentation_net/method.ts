import type { CropBox } from "../../../wasm/mod.ts";
import { boxOverlap } from "../boxes.ts";
import type { SegmentationManifest } from "../manifest/mod.ts";
import type {
  FrameFacts,
  FrameHands,
  Hand,
  HandMethod,
  PixelBox,
  RunLengthMask,
} from "../model.ts";
import type { Network } from "../network.ts";
import type { NetworkPicture } from "../mediapipe/mod.ts";
import { handProbabilities, type ProbabilityMap } from "./probabilities.ts";
import { largestSpots, type Spot } from "./spots.ts";

/** What numbers of a network show of a picture. */
export interface ProbabilityPlace {
  /** Numbers in a row, and rows. */
  readonly columns: number;
  readonly rows: number;
  /** Size of the picture. */
  readonly width: number;
  readonly height: number;
  /** The part of the picture that they show. */
  readonly box: CropBox;
  readonly threshold: number;
}

/** Makes masks of probabilities. */
export interface ProbabilityMasker {
  maskProbabilities(
    values: Float32Array,
    place: ProbabilityPlace,
  ): { readonly mask: RunLengthMask; readonly area: number; readonly box: PixelBox };
}

/** What the method works with. */
export interface SegmentationParts {
  readonly image: NetworkPicture;
  readonly masker: ProbabilityMasker;
  readonly network: Network;
  readonly manifest: SegmentationManifest;
  readonly maxHands: number;
  readonly threshold: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A hand of the picture before. */
interface KnownHand {
  readonly id: number;
  readonly box: PixelBox;
}

/** What the method carries from picture to picture. */
interface SegmentationState {
  readonly known: readonly KnownHand[];
  readonly nextId: number;
}

/** Least area of a hand where the description says none, of that of the picture. */
const MIN_AREA = 0.002;
/** A spot that shares at least this much of its box with a hand of the picture before is that hand. */
const SAME_HAND = 0.2;

/** Masks by a network of the user. */
export class SegmentationMethod implements HandMethod {
  readonly name = "model";
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly #parts: SegmentationParts;
  #known: readonly KnownHand[] = [];
  #nextId = 0;

  constructor(parts: SegmentationParts) {
    this.#parts = parts;
    this.parameters = parts.parameters;
  }

  async process({ index, timeNs }: FrameFacts): Promise<FrameHands> {
    const { image: { width, height }, masker, maxHands, threshold, manifest } = this.#parts;
    const { map, box } = await this.#probabilities();
    const perPlace = (box.width * box.height) / (map.columns * map.rows);
    const minSize = ((manifest.minArea ?? MIN_AREA) * width * height) / perPlace;
    const spots = largestSpots(map, threshold, { count: maxHands, minSize });
    const place = { columns: map.columns, rows: map.rows, width, height, box, threshold };
    const found = spots.map((spot) => ({
      spot,
      ...masker.maskProbabilities(spot.values, place),
    })).filter(({ area }) => area > 0);
    const hands = this.#name(found);
    return { frame: index, timeNs, width, height, hands, searched: true };
  }

  reset(): void {
    this.#known = [];
  }

  save(): SegmentationState {
    return { known: this.#known, nextId: this.#nextId };
  }

  /** @param state What `save` gave, perhaps through JSON. */
  restore(state: unknown): void {
    const { known, nextId } = state as SegmentationState;
    this.#known = known;
    this.#nextId = nextId;
  }

  async close(): Promise<void> {
    await this.#parts.network.close();
  }

  /** What the network says, and which part of the picture that is. */
  async #probabilities(): Promise<{ map: ProbabilityMap; box: CropBox }> {
    const { network, manifest } = this.#parts;
    const { data, box } = this.#cut();
    const result = await network.run(data);
    const { mask } = manifest.outputs;
    return { map: handProbabilities(result.tensor(mask.output), mask, manifest.fileName), box };
  }

  /** The picture as the network takes it, and the box that this shows. */
  #cut(): { data: Float32Array; box: CropBox } {
    const { image, network, manifest } = this.#parts;
    const { width, height } = image;
    const options = network.tensorOptions;
    const box = { centerX: width / 2, centerY: height / 2, width, height, angle: 0 };
    if (manifest.fit === "stretch") return { data: image.cropTensor(box, options), box };
    const { data, scale } = image.letterboxTensor({ x: 0, y: 0, width, height }, options);
    return { data, box: { ...box, width: options.width / scale, height: options.height / scale } };
  }

  /** Gives ids: that of the hand before whose box is shared most, or a new one. */
  #name(
    found: readonly { spot: Spot; mask: RunLengthMask; area: number; box: PixelBox }[],
  ): Hand[] {
    const pairs = found.flatMap((one, index) =>
      this.#known.map((known) => ({ index, id: known.id, shared: boxOverlap(one.box, known.box) }))
    ).filter(({ shared }) => shared >= SAME_HAND).sort((a, b) => b.shared - a.shared);
    const ids = new Map<number, number>();
    for (const { index, id } of pairs) {
      if (!ids.has(index) && ![...ids.values()].includes(id)) ids.set(index, id);
    }
    const hands = found.map(({ spot, mask, area, box }, index) => ({
      id: ids.get(index) ?? this.#nextId++,
      confidence: Math.min(1, spot.confidence),
      box,
      area,
      mask,
    })).sort((a, b) => a.id - b.id);
    this.#known = hands.map(({ id, box }) => ({ id, box }));
    return hands;
  }
}
