import { matSession, writeMat } from "../exporters/mod.ts";
import { fileNameOf } from "./memory.ts";
import type { FittedSession, Run, StepResult } from "./run.ts";
import { withStores } from "./stores.ts";

/** Writes `exports/matlab/<session>.mat`; a file that would be too large is refused with an issue. */
export async function writeMatlab(run: Run, fitted: FittedSession): Promise<StepResult> {
  const { session, kernel, settings, output } = run;
  const path = `exports/matlab/${fileNameOf(session.id)}.mat`;
  return await withStores(run, fitted.scans, async (stores) => {
    const struct = await matSession(kernel, {
      sessionId: session.id,
      startNs: fitted.originNs,
      reference: fitted.referenceClock,
      issues: run.issues.issues(),
      metadata: metadataOf(run, fitted),
      streams: stores.map((columns, index) => ({
        columns,
        path: fitted.scans[index]!.stream.path,
        clock: fitted.models.get(columns.schema.clock.id),
      })),
    });
    const sink = await output.create(path);
    const { bytes, issues } = await writeMat(sink, { session: struct }, {
      compressed: settings.compressMat,
      signal: run.signal,
      progress: run.progress,
    });
    const placed = issues.map((issue) => ({ ...issue, where: { ...issue.where, path } }));
    return { written: bytes === 0 ? [] : [{ path, size: bytes }], issues: placed };
  });
}

function metadataOf({ session, version }: Run, { inputs }: FittedSession): unknown {
  const { id, name, status, variant, devices, events } = session;
  return {
    id,
    name,
    status: status ?? "",
    variant,
    devices: devices.map(({ id, type, capabilities }) => ({ id, type: type ?? "", capabilities })),
    events: events.length,
    version,
    inputs,
  };
}
