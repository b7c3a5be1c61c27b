import type { InferenceBackend } from "../../base/mod.ts";
import type { LandmarksManifest, MediapipeModels } from "../manifest/mod.ts";
import { LANDMARK_COUNT, type PixelBox } from "../model.ts";
import { Network } from "../network.ts";
import { type HandRegion, type Palm, placeInRegion, regionBox, turnPoints } from "./geometry.ts";
import { decodePalms, PALM_VALUES, palmAnchors, probability } from "./palms.ts";
import type { NetworkPicture } from "./picture.ts";

/** What the landmark network says of a region. */
export interface HandReading {
  /** Probability that there is a hand, 0 to 1. */
  readonly presence: number;
  /** Probability of a right hand in a picture that is not mirrored; undefined where the network tells none. */
  readonly right: number | undefined;
  /** x, y, z of the 21 landmarks in pixels of the picture. */
  readonly landmarks: Float32Array;
  /** x, y, z in metres, along the picture. */
  readonly world: Float32Array | undefined;
}

/** The two networks of MediaPipe's hands, at work. */
export class HandNetworks {
  readonly #models: MediapipeModels;
  readonly #detector: Network;
  readonly #landmarks: Network;
  readonly #anchors: Float32Array;

  private constructor(models: MediapipeModels, detector: Network, landmarks: Network) {
    this.#models = models;
    this.#detector = detector;
    this.#landmarks = landmarks;
    const { anchors, input } = models.detector.manifest;
    this.#anchors = palmAnchors(anchors, input);
  }

  /** Loads both. Rejects with `IssueError` when one is not what its description says. */
  static async open(
    backend: InferenceBackend,
    models: MediapipeModels,
    threads: number,
  ): Promise<HandNetworks> {
    const detector = await Network.open(backend, models.detector, threads);
    try {
      const landmarks = await Network.open(backend, models.landmarks, threads);
      return new HandNetworks(models, detector, landmarks);
    } catch (error) {
      await detector.close();
      throw error;
    }
  }

  /** Palms in a part of the picture whose probability reaches a limit; one palm may be found several times. */
  async findPalms(picture: NetworkPicture, region: PixelBox, limit: number): Promise<Palm[]> {
    const { outputs: { boxes, scores } } = this.#models.detector.manifest;
    const { data, ...place } = picture.letterboxTensor(region, this.#detector.tensorOptions);
    const result = await this.#detector.run(data);
    const count = this.#anchors.length / 2;
    const output = {
      boxes: result.numbers(boxes.output, count * PALM_VALUES),
      scores: result.numbers(scores.output, count),
      isProbability: scores.activation !== "sigmoid",
    };
    return decodePalms(output, this.#anchors, { ...place, x: region.x, y: region.y }, limit);
  }

  /** Landmarks of the hand in a region, if there is one. */
  async readHand(picture: NetworkPicture, region: HandRegion): Promise<HandReading> {
    const { input, outputs, depthScale = 1 } = this.#models.landmarks.manifest;
    const options = this.#landmarks.tensorOptions;
    const result = await this.#landmarks.run(picture.cropTensor(regionBox(region), options));
    const values = 3 * LANDMARK_COUNT;
    const one = (output: LandmarksManifest["outputs"]["presence"]) => {
      const value = result.numbers(output.output, 1)[0]!;
      return output.activation === "sigmoid" ? probability(value) : value;
    };
    const landmarks = result.numbers(outputs.landmarks.output, values).slice();
    const world = outputs.world && result.numbers(outputs.world.output, values).slice();
    toUnits(landmarks, input.width, input.height, input.width * depthScale);
    placeInRegion(landmarks, region);
    if (world !== undefined) turnPoints(world, region);
    const right = outputs.handedness && one(outputs.handedness);
    return { presence: one(outputs.presence), right, landmarks, world };
  }

  async close(): Promise<void> {
    try {
      await this.#detector.close();
    } finally {
      await this.#landmarks.close();
    }
  }
}

function toUnits(points: Float32Array, width: number, height: number, depth: number): void {
  for (let at = 0; at < points.length; at += 3) {
    points[at]! /= width;
    points[at + 1]! /= height;
    points[at + 2]! /= depth;
  }
}
