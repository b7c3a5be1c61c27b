import type { LatticeSkip, LatticeSummary } from "../../wasm/mod.ts";

/** The lattice of a stream in the record; figures that are not known are null. */
export interface LatticeRecord {
  /** Why the stream has none: its times are the stamps as they were recorded. */
  readonly skipped: LatticeSkip | null;
  readonly rate_hz: number | null;
  /** Standard deviation of the stamps about the sampling times. */
  readonly stamp_sigma_ns: number | null;
  /** Samples that are missing between those that were recorded. */
  readonly dropped: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** Gaps of which the jitter of the stamps leaves the number of missing samples in doubt. */
  readonly uncertain_gaps: number;
}

/** What a record says of a lattice. */
export function latticeRecord(lattice: LatticeSummary): LatticeRecord {
  const { skipped = null, rateHz, stampSigmaNs, dropped, duplicates, reordered, gaps } = lattice;
  return {
    skipped,
    rate_hz: Number.isFinite(rateHz) ? rateHz : null,
    stamp_sigma_ns: Number.isFinite(stampSigmaNs) ? stampSigmaNs : null,
    dropped,
    duplicates,
    reordered,
    uncertain_gaps: gaps.filter(({ certain }) => !certain).length,
  };
}
