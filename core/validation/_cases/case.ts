import type { Issue, IssueCode } from "../../base/mod.ts";
import type { ProjectConfig } from "../config.ts";
import { type InputChanges } from "./clean.ts";
/** A change of the clean session and the codes it must raise, neither more nor fewer. */
export interface Case {
  readonly name: string;
  readonly change: InputChanges;
  readonly raises: readonly IssueCode[];
  readonly config?: ProjectConfig;
  /** Parameters of the first issue, those that matter. */
  readonly params?: Issue["params"];
}
