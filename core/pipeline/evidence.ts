import { type ClockRef, type TimeNs, type TimeSpan } from "../base/mod.ts";
import {
  type ClockEvidence,
  EVIDENCE_KINDS,
  type EvidenceKind,
  evidenceKindOf,
  type PointEvidence,
} from "../clock/mod.ts";
import type { Session, StreamAnchor } from "../session/mod.ts";
import { allManualEvidence, type ManualAnchor } from "./anchors.ts";
import { isPlausible } from "./plausible.ts";
import { chooseReference, type ClockUse, clockUses } from "./reference.ts";
import type { StreamScan } from "./scan.ts";
import { DEFAULT_WALL_CLOCK_SIGMA_S } from "./settings.ts";
import { inferZone, type Zone } from "./timezone.ts";

/** How far the nominal rate that a camera's file claims may be from the real one, one sigma. */
const NOMINAL_RATE_SIGMA = 0.05;

/** The same for webcams, whose recorder writes 30 frames per second whatever the camera delivers in poor light. */
const WEBCAM_RATE_SIGMA = 0.5;

/** Everything that is known of how the clocks of a session relate, before anything is fitted. */
export interface EvidencePlan {
  readonly reference: ClockRef;
  readonly clocks: readonly ClockRef[];
  readonly evidence: readonly ClockEvidence[];
  /** Span of times that were read from each clock, by its id. */
  readonly spans: ReadonlyMap<string, TimeSpan>;
  readonly zone: Zone | undefined;
}

/** What {@linkcode planEvidence} needs. */
export interface EvidenceOptions {
  readonly session: Session;
  readonly scans: readonly StreamScan[];
  /** UTC offset of naive times in ns, when the user states it. */
  readonly zoneOffsetNs?: bigint | undefined;
  /** Id of the reference clock, when the user chooses it. */
  readonly reference?: string | undefined;
  /** Kinds of evidence that may be used. @default {all} */
  readonly evidenceKinds?: readonly EvidenceKind[];
  /** Times that the user states. They are used whatever kinds are allowed. @default {[]} */
  readonly anchors?: readonly ManualAnchor[];
  /** How far clocks that claim UTC may be apart, one sigma; infinite to believe none. @default {0.5e9} */
  readonly wallClockSigmaNs?: number;
  /** What recordings of several clocks show together: movement, sound, flashes. @default {[]} */
  readonly shared?: readonly ClockEvidence[];
}

/**
 * Gathers the evidence that files, names, metadata and the user hold about the clocks of a session.
 *
 * Throws `UsageError` when the user names a clock that the session does not have.
 */
export function planEvidence(options: EvidenceOptions): EvidencePlan {
  const { session, scans, evidenceKinds = EVIDENCE_KINDS, anchors = [], shared = [] } = options;
  const uses = clockUses(session, scans);
  const reference = chooseReference(uses, options.reference);
  if (!uses.has(reference.id)) {
    uses.set(reference.id, { clock: reference, samples: 0, span: undefined, shownNs: undefined });
  }
  const zone = inferZone(uses, session, options.zoneOffsetNs);
  const sigmaNs = options.wallClockSigmaNs ?? DEFAULT_WALL_CLOCK_SIGMA_S * 1e9;
  const isAllowed = ({ kind }: ClockEvidence) => evidenceKinds.includes(evidenceKindOf(kind));
  const recorded = [
    ...scans.flatMap(({ evidence }) => evidence === undefined ? [] : [evidence]),
    ...scans.flatMap(({ series = [], points = [] }) => [...series, ...points]),
    ...session.clockPairs.map((pair): PointEvidence => ({ kind: "stored", ...pair })),
    ...shared,
    ...scans.flatMap(anchorEvidence),
    ...utcClaims(uses, reference, sigmaNs),
  ].filter(isAllowed);
  const evidence: ClockEvidence[] = [
    ...recorded,
    ...localClaims(uses, reference, { zone, sigmaNs }),
    ...allManualEvidence(anchors, { uses, scans, reference, zone }),
  ];
  evidence.push(...overlapEvidence({ uses, reference, scans, evidence }).filter(isAllowed));
  return {
    reference,
    clocks: [...uses.values()].map(({ clock }) => clock),
    evidence,
    spans: new Map([...uses].flatMap(([id, { span }]) => span === undefined ? [] : [[id, span]])),
    zone,
  };
}

/** Absolute times of the ends of a stream, for clocks that nothing else in the file ties down. */
function anchorEvidence(scan: StreamScan): PointEvidence[] {
  const { stream, schema, sampling, anchors = [], video } = scan;
  if (schema.clock.kind === "utc" || schema.clock.kind === "local") return [];
  const { minNs, maxNs } = sampling;
  if (schema.hostClock !== undefined || minNs === undefined || maxNs === undefined) return [];
  const rateSigma = stream.kind === "webcam_video" ? WEBCAM_RATE_SIGMA : NOMINAL_RATE_SIGMA;
  return [...stream.anchors, ...anchors].filter(({ time }) =>
    isPlausible({ startNs: time.ns, endNs: time.ns })
  )
    .map((anchor) => ({
      ...anchorPoint(schema.clock, anchor, { startNs: minNs, endNs: maxNs }),
      ...(video?.constantRate ? { skewSigma: rateSigma } : {}),
    }));
}

function anchorPoint(
  from: ClockRef,
  { at, time }: StreamAnchor,
  { startNs, endNs }: TimeSpan,
): PointEvidence {
  return {
    kind: "anchor",
    from,
    to: time.clock,
    fromNs: at === "start" ? startNs : endNs,
    toNs: time.ns,
    sigmaNs: time.sigmaNs,
    source: time.source,
  };
}

/** The UTC clock that the others are compared with: the reference, or the one that would be it by default. */
function wallHub(uses: ReadonlyMap<string, ClockUse>, reference: ClockRef): ClockUse | undefined {
  const hub = reference.kind === "utc" ? reference : chooseReference(uses);
  return hub.kind === "utc" ? uses.get(hub.id) : undefined;
}

/** Clocks that claim to show UTC agree with each other, as far as such claims are believed. */
function utcClaims(
  uses: ReadonlyMap<string, ClockUse>,
  reference: ClockRef,
  sigmaNs: number,
): PointEvidence[] {
  const target = wallHub(uses, reference);
  if (target === undefined || sigmaNs === Infinity) return [];
  return wallClocks(uses, target, "utc").map((use) => utcClaim(use, target, sigmaNs));
}

/** Local times are UTC moved by the zone, which is arithmetic within one host and a claim across hosts. */
function localClaims(
  uses: ReadonlyMap<string, ClockUse>,
  reference: ClockRef,
  { zone, sigmaNs }: { readonly zone: Zone | undefined; readonly sigmaNs: number },
): PointEvidence[] {
  const target = wallHub(uses, reference);
  if (zone === undefined || target === undefined) return [];
  return wallClocks(uses, target, "local").flatMap((use) => {
    const host = uses.get(use.clock.id.replace(/local$/, "utc")) ?? target;
    const claim = localClaim(use, host, zone, sigmaNs);
    return claim.sigmaNs === Infinity ? [] : [claim];
  });
}

/** The other clocks of a kind whose times can be dates. */
function wallClocks(
  uses: ReadonlyMap<string, ClockUse>,
  target: ClockUse,
  kind: "utc" | "local",
): ClockUse[] {
  return [...uses.values()].filter(({ clock, span }) =>
    clock.kind === kind && clock.id !== target.clock.id && isPlausible(span)
  );
}

/**
 * Claims hold at any time, but are stated where the clocks were read: decades away, the drift of a crystal would
 * make them worthless.
 */
function utcClaim(
  { clock, span, shownNs }: ClockUse,
  target: ClockUse,
  sigmaNs: number,
): PointEvidence {
  const atNs = span?.startNs ?? shownNs ?? target.shownNs ?? 0n;
  const distance = span === undefined || target.span === undefined
    ? 0n
    : gapBetween(span, target.span);
  return {
    kind: "anchor",
    from: clock,
    to: target.clock,
    fromNs: atNs,
    toNs: atNs,
    // Clocks that are further apart than their sessions allow are wrong by at least that much.
    sigmaNs: sigmaNs + Number(distance),
    source: "both clocks claim UTC",
  };
}

/** How evidence from a UTC offset is named. */
export function zoneRule(zone: Zone): string {
  return `time zone from ${zone.source}`;
}

function localClaim(
  { clock, span, shownNs }: ClockUse,
  host: ClockUse,
  zone: Zone,
  sigmaNs: number,
): PointEvidence {
  const atNs = span?.startNs ?? shownNs ?? 0n;
  const sameHost = host.clock.id === clock.id.replace(/local$/, "utc");
  return {
    kind: "anchor",
    from: clock,
    to: host.clock,
    fromNs: atNs,
    toNs: atNs - zone.offsetNs,
    sigmaNs: sameHost ? 1e3 : sigmaNs,
    source: zoneRule(zone),
  };
}

/** What {@linkcode overlapEvidence} works from. */
interface OverlapOptions {
  readonly uses: ReadonlyMap<string, ClockUse>;
  readonly reference: ClockRef;
  readonly scans: readonly StreamScan[];
  readonly evidence: readonly ClockEvidence[];
}

/**
 * Clocks that nothing ties to the reference are placed so that their recordings begin with the session, each group of
 * clocks that are tied to each other by the busiest of them. The uncertainty is the length of the longest
 * recording: somewhere in there it must have run.
 */
function overlapEvidence(
  { uses, reference, scans, evidence }: OverlapOptions,
): PointEvidence[] {
  const target = uses.get(reference.id)!.span;
  const longest = scans.reduce((most, { sampling: { minNs = 0n, maxNs = 0n } }) => {
    return Math.max(most, Number(maxNs - minNs));
  }, 1e9);
  return looseClocks(uses, reference, evidence).map(({ clock, startNs }) => ({
    kind: "anchor",
    from: clock,
    to: reference,
    fromNs: startNs,
    toNs: target?.startNs ?? startNs,
    sigmaNs: longest,
    source: "assumption that all recordings of a session overlap",
  }));
}

/** Of each group of clocks that no evidence ties to the reference, the one that stamps most. */
function looseClocks(
  uses: ReadonlyMap<string, ClockUse>,
  reference: ClockRef,
  evidence: readonly ClockEvidence[],
): { clock: ClockRef; startNs: TimeNs }[] {
  const tied = new Set([reference.id]);
  spread(tied, evidence);
  const busiest = [...uses.values()].sort((a, b) => b.samples - a.samples);
  return busiest.flatMap(({ clock, samples, span }) => {
    if (samples === 0 || span === undefined || tied.has(clock.id)) return [];
    tied.add(clock.id);
    spread(tied, evidence);
    return [{ clock, startNs: span.startNs }];
  });
}

/** Adds every clock that evidence ties to one that is in the set. */
function spread(tied: Set<string>, evidence: readonly ClockEvidence[]): void {
  for (let before = -1; before < tied.size;) {
    before = tied.size;
    for (const { from, to } of evidence) {
      if (tied.has(from.id)) tied.add(to.id);
      else if (tied.has(to.id)) tied.add(from.id);
    }
  }
}

/** Distance between two spans, zero when they overlap. */
function gapBetween(a: TimeSpan, b: TimeSpan): TimeNs {
  if (a.startNs > b.endNs) return a.startNs - b.endNs;
  return b.startNs > a.endNs ? b.startNs - a.endNs : 0n;
}
