import { groupBy, type Issue, MISSING_NS, type TimeNs, type TimeSpan } from "../base/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { type ClockReadings, fitReadings, type ReadingsFit, stepIssues } from "./fit_clock.ts";
import type { ClockModel, ClockSegment, SeriesEvidence } from "./model.ts";
import { offsetAt, type Relation, widen } from "./relation.ts";
import type { UnseenStretch } from "./unseen_stretches.ts";
import { complete } from "./with_unseen.ts";

/** What {@linkcode seriesRelations} works with. */
interface SeriesContext {
  readonly kernel: Kernel;
  readonly spans: ReadonlyMap<string, TimeSpan>;
  readonly issues: Issue[];
}

/**
 * Fits series of readings of the same two clocks, one curve for each kind.
 *
 * Series of one kind are brought together: several streams of one computer share its clock, and each was probed by
 * itself.
 */
export function seriesRelations(
  series: readonly SeriesEvidence[],
  context: SeriesContext,
): Relation[] {
  const kinds = groupBy(series, ({ kind, from, to }) => [kind, from.id, to.id].join("\n"));
  return [...kinds.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : relationOf([first, ...rest], context)
  );
}

function relationOf(
  series: readonly [SeriesEvidence, ...SeriesEvidence[]],
  { kernel, spans, issues }: SeriesContext,
): Relation[] {
  const [{ from, to, kind }] = series;
  const span = spans.get(from.id);
  const options = { kind, clock: from, reference: to, ...(span === undefined ? {} : { span }) };
  const fitAlone = (one: SeriesEvidence) => {
    const { source, streamId = source, jumps } = one;
    const placing = jumps === undefined ? { source, streamId } : { source, streamId, jumps };
    return fitReadings(kernel, readingsOf(one), { ...options, ...placing });
  };
  if (series.length === 1) {
    const { model, issues: found } = fitAlone(series[0]);
    issues.push(...found.filter(({ code }) => code !== "CLOCK_NO_EVIDENCE"));
    return model.method === "none" ? [] : [asRelation(model, series)];
  }
  const fits = series.map(fitAlone);
  const alone = fits.map(({ model }) => model);
  const source = series.map((one) => one.source).join(", ");
  const { readings, places } = joined(series, alone);
  const joint = withStretchesOf(
    fits,
    fitReadings(kernel, readings, { ...options, source }),
    readings,
    places,
  );
  issues.push(...joint.issues.filter(({ code }) => code !== "CLOCK_NO_EVIDENCE"));
  if (joint.model.method === "none") return [];
  // Each stream by itself tells where its samples stand among the stretches; of one stretch all are.
  if (joint.model.segments.length === 1) return [asRelation(joint.model, series)];
  const segments = shareRows(joint.model, alone);
  return [asRelation({ ...joint.model, segments }, series)];
}

/** The scatter of readings does not show what they have in common: it is added to what they came to. */
function asRelation(
  { clock, reference: _, via: _via, loops: _loops, ...rest }: ClockModel,
  series: readonly [SeriesEvidence, ...SeriesEvidence[]],
): Relation {
  const relation: Relation = { ...rest, from: clock, to: series[0].to };
  const biasSigmaNs = Math.max(...series.map(({ commonSigmaNs = 0 }) => commonSigmaNs));
  return biasSigmaNs > 0 ? { ...widen(relation, biasSigmaNs), biasSigmaNs } : relation;
}

function readingsOf(
  { fromNs, toNs, sigmasNs, roundTripsNs, rows }: SeriesEvidence,
): ClockReadings {
  return {
    deviceNs: fromNs,
    referenceNs: toNs,
    ...(sigmasNs === undefined ? {} : { sigmasNs }),
    ...(roundTripsNs === undefined ? {} : { roundTripsNs }),
    ...(rows === undefined ? {} : { rows }),
  };
}

/** Offsets that are nearer to each other than this are of the same stretch, ns. */
const SAME_NS = 1e8;

/** Readings of several streams that are nearer than this were taken together, in ns. */
const TOGETHER_NS = 50_000_000n;

/** A reading: of which series, which one of it, and what it shows. */
interface Place {
  readonly which: number;
  readonly index: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/**
 * Orders readings by the clock that read the others, which is the order of recording. Those that were taken
 * together are ordered by their own clock: their errors would order them otherwise, and would look like its drift.
 */
function inOrder(places: Place[]): Place[] {
  places.sort((a, b) => (a.toNs < b.toNs ? -1 : a.toNs > b.toNs ? 1 : 0));
  for (let next = 1; next < places.length; next++) {
    const place = places[next]!;
    let at = next;
    while (at > 0 && standsBehind(places[at - 1]!, place)) {
      places[at] = places[at - 1]!;
      at--;
    }
    places[at] = place;
  }
  return places;
}

function standsBehind(before: Place, place: Place): boolean {
  const back = before.fromNs - place.fromNs;
  if (back === 0n) return before.which > place.which;
  return back > 0n && back < TOGETHER_NS && place.toNs - before.toNs < TOGETHER_NS;
}

/**
 * All readings in the order in which they were recorded. What is garbage within its own series, such as copies of
 * one reading, loses its time: among the readings of others it would not be recognised.
 */
function joined(
  series: readonly SeriesEvidence[],
  alone: readonly ClockModel[],
): { readonly readings: ClockReadings; readonly places: readonly Place[] } {
  const isGarbage = ({ which, index }: Place) => {
    const audit = alone[which]!.audit?.[0];
    // What is only far off may be true, and all streams together show it.
    return audit?.verdicts[index] === "garbage" && Number.isNaN(audit.residualsNs[index]);
  };
  const places = inOrder(
    series.flatMap((one, which) =>
      Array.from(one.toNs, (toNs, index) => ({ which, index, fromNs: one.fromNs[index]!, toNs }))
    ),
  );
  const floats = (of: (one: SeriesEvidence) => Float64Array | undefined) =>
    Float64Array.from(places, ({ which, index }) => of(series[which]!)?.[index] ?? NaN);
  const readings = {
    deviceNs: BigInt64Array.from(places, ({ which, index }) => series[which]!.fromNs[index]!),
    referenceNs: BigInt64Array.from(
      places,
      (place) => isGarbage(place) ? MISSING_NS : place.toNs,
    ),
    sigmasNs: floats(({ sigmasNs }) => sigmasNs),
    roundTripsNs: floats(({ roundTripsNs }) => roundTripsNs),
  };
  return { readings, places };
}

/**
 * Adds the stretches behind those of all readings together that single streams show, whose stamps jump: for these a few
 * readings are enough. The stream that shows most of them places them.
 */
function withStretchesOf(
  fits: readonly ReadingsFit[],
  joint: ReadingsFit,
  { referenceNs }: ClockReadings,
  places: readonly Place[],
): ReadingsFit {
  const found = fits.map((fit) => laterStretches(fit, joint.model));
  const most = Math.max(...found.map(({ length }) => length));
  if (most === 0) return joint;
  const which = found.findIndex(({ length }) => length === most);
  const stretches = found[which]!.map((stretch) => ({
    ...stretch,
    readings: stretch.readings.map((at) =>
      places.findIndex((place) => place.which === which && place.index === at)
    ),
  }));
  const { model, assumed } = complete(joint.model, referenceNs, stretches, undefined);
  const steps = model.steps!.slice(joint.model.steps?.length ?? 0);
  return { model, stretches, issues: [...joint.issues, ...stepIssues(model, steps), ...assumed] };
}

/** Stretches of a stream behind the last of a model that holds for several. */
function laterStretches({ model, stretches }: ReadingsFit, joint: ClockModel): UnseenStretch[] {
  const count = joint.segments.length;
  const { segments, steps = [] } = model;
  const [last, same] = [joint.segments[count - 1], segments[count - 1]];
  if (last === undefined || same === undefined || segments.length === count) return [];
  const knot = same.knots[0]!;
  if (Math.abs(Number(offsetAt(last, knot.deviceNs).offsetNs - knot.offsetNs)) > SAME_NS) return [];
  const verdicts = model.audit![0]!.verdicts;
  return segments.slice(count).map((segment, index) => {
    const unseen = stretches.find((one) => one.segment.fromNs === segment.fromNs);
    if (unseen !== undefined) return unseen;
    const { deviceNs } = model.audit![0]!;
    const isInside = (time: TimeNs) => segment.fromNs <= time && time <= segment.toNs;
    const readings = verdicts.flatMap((verdict, at) =>
      verdict === "used" && isInside(deviceNs[at]!) ? [at] : []
    );
    const { changeNs } = steps[count - 1 + index]!;
    const sigmaNs = segment.knots[0]!.sigmaNs;
    return { segment, row: NaN, changeNs, jumpNs: -changeNs, sigmaNs, readings };
  });
}

/** Tells each stream at which of its samples the stretches begin, where it shows the same steps by itself. */
function shareRows({ segments }: ClockModel, models: readonly ClockModel[]): ClockSegment[] {
  const same = models.filter((model) => model.segments.length === segments.length);
  return segments.map((segment, index) => ({
    ...segment,
    firstRows: Object.assign({}, ...same.map((model) => model.segments[index]!.firstRows)),
  }));
}
