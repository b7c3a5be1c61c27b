import type { FolderEntry } from "../../base/mod.ts";
import type { SimulationPlan } from "../plan.ts";
import type { FaultFiles } from "./fault_files.ts";

/** A tiny session that a fault is put into: what it holds. */
export type FaultBase = "motion" | "phones" | "sensor" | "video" | "webcam" | "thermal";

/** How one kind of trouble is made. */
export interface Fault {
  readonly base: FaultBase;
  /** Changes what is simulated. */
  readonly plan?: (plan: SimulationPlan) => SimulationPlan;
  /** Changes the files that were written. Sizes in the metadata are corrected afterwards. */
  readonly edit?: (files: FaultFiles) => void;
  /** Keeps the sizes that the metadata state. @default {false} */
  readonly keepSizes?: boolean;
  /** Name of the session folder, when it is not the session id. */
  readonly folder?: string;
  /** What a folder lists besides its files, such as a link. */
  readonly entries?: readonly FolderEntry[];
  /** Why the fault cannot be stored as plain files. */
  readonly memoryOnly?: string;
}
