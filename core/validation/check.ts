import type { Issue, IssueCode } from "../base/mod.ts";
import type { ClockModel } from "../clock/mod.ts";
import type { Session } from "../session/mod.ts";
import type { ProjectConfig } from "./config.ts";
import type { StreamReport } from "./report.ts";

/** How far local wall time was ahead of UTC, and where that is known from. */
export interface UtcOffset {
  /** `utc = local - offset`, in ns. */
  readonly offsetNs: bigint;
  /** Such as `--timezone` or `the phone clock`. */
  readonly source: string;
  /** The user stated it: nothing was assumed. */
  readonly stated: boolean;
}

/** Everything that is known of a session once its files have been read once. */
export interface ValidationInput {
  readonly session: Session;
  readonly streams: readonly StreamReport[];
  /** Name of the session folder itself. */
  readonly folderName?: string;
  readonly utcOffset?: UtcOffset;
  /** How the clocks were placed, when they were. */
  readonly clocks?: readonly ClockModel[];
  /** Hash of the contents by path; files that are not in it are not compared. */
  readonly hashes?: ReadonlyMap<string, string>;
}

/** What a check is given. */
export interface CheckContext extends ValidationInput {
  readonly config: ProjectConfig;
}

/** One question asked of a session. Pure: same context, same issues, in the same order. */
export interface Check {
  /** Name in lower case with dashes, unique among the checks. */
  readonly name: string;
  /** Every code that it can raise. */
  readonly codes: readonly IssueCode[];
  check(context: CheckContext): Iterable<Issue>;
}
