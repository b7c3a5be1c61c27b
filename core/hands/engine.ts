import type { Picture } from "../base/mod.ts";
import type { HandMethod } from "./model.ts";

/** A network that results were made with. */
export interface UsedModel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly licence: string;
}

/** Holds the picture that is searched. */
export interface PictureHolder {
  load(picture: Picture): void;
  /** Size of the upright picture. */
  readonly width: number;
  readonly height: number;
}

/** A method with everything it runs on, for one recording at a time. */
export interface HandEngine {
  readonly image: PictureHolder;
  readonly method: HandMethod;
  readonly models: readonly UsedModel[];
  /** What runs the networks, when there are any. */
  readonly backend?: string;
  close(): Promise<void>;
}
