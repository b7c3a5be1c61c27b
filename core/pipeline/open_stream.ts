import type { FolderSink, FolderSource, ReportIssue, StreamReader } from "../base/mod.ts";
import {
  openCsv,
  type OpenCsvOptions,
  openMp4,
  openThermal,
  openWav,
  openXdf,
} from "../readers/mod.ts";
import type { Session, Stream } from "../session/mod.ts";
import { matchesGlob, type ProjectConfig } from "../validation/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { eventReaders } from "./event_stream.ts";
import { handReaders } from "./hands/hand_streams.ts";

/** What {@linkcode openStream} needs. */
export interface OpenStreamOptions {
  readonly folder: FolderSource;
  readonly kernel: Kernel;
  readonly session: Session;
  readonly config: ProjectConfig;
  /** Where results lie that are read as streams. @default {none are} */
  readonly output?: FolderSink;
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the streams of one file of a session. Rejects when the file cannot be opened.
 *
 * @example
 * ```ts
 * import { faultySession, Kernel, openSession, openStream } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const opened = await openSession(folder);
 * const stream = opened.session.streams.find(({ format }) => format === "csv")!;
 * const [reader] = await openStream(stream, { ...opened, kernel: new Kernel() });
 * let rows = 0;
 * for await (const batch of reader!.batches()) rows += batch.times.length;
 * assert.ok(rows > 0);
 * await reader!.close();
 * ```
 */
export async function openStream(
  stream: Stream,
  options: OpenStreamOptions,
): Promise<readonly StreamReader[]> {
  if (stream.format === "events") return eventReaders(stream, options.session);
  if (stream.format === "hands") return await handReaders(stream, options.output);
  const source = await options.folder.open(stream.path);
  const { kernel, report, signal, config } = options;
  const { path, device, name, host } = stream;
  const common = { kernel, path, device, name, report, signal };
  try {
    switch (stream.format) {
      case "mp4":
        return await openMp4(source, common);
      case "thermal-dat":
        return await openThermal(source, {
          ...common,
          ...(config.thermalDivisor === undefined ? {} : { divisor: config.thermalDivisor }),
        });
      case "xdf":
        return await openXdf(source, {
          ...common,
          device: device === "unknown" ? "lsl" : device,
          suffix: xdfSuffix(stream, options.session),
        });
      case "wav":
        return await openWav(source, common);
      case "csv":
        return await openCsv(source, {
          ...common,
          hostDevice: host,
          ...sensorOf(stream, options.session),
          ...tableSettings(stream, options),
        });
    }
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** What tells the streams and clocks of a further XDF file of a session from those of the first. */
export function xdfSuffix({ id, name }: Stream, { streams }: Session): string {
  return streams.find(({ format }) => format === "xdf")?.id === id ? "" : name;
}

/**
 * Tables of one device and kind come from different sensors, each with a counter of its own: taken for one clock,
 * all but one would be placed by the counter of another. Tables of different kinds may well share a sensor.
 */
function sensorOf({ device, kind, id }: Stream, { streams }: Session): Partial<OpenCsvOptions> {
  const first = streams.find((stream) =>
    stream.format === "csv" && stream.device === device && stream.kind === kind
  );
  return first === undefined || first.id === id ? {} : { sensor: id };
}

/** What the session and the user's configuration say about a table. */
function tableSettings(
  { path }: Stream,
  { session: { start, end }, config }: OpenStreamOptions,
): Partial<OpenCsvOptions> {
  const timeColumn = config.timeColumns?.find((setting) => matchesGlob(setting.path, path));
  const units = config.columnUnits?.filter((setting) => matchesGlob(setting.path, path)) ?? [];
  return {
    ...(start === undefined ? {} : {
      sessionWindow: { startNs: start.ns, endNs: end?.ns ?? start.ns },
    }),
    ...(timeColumn === undefined ? {} : { timeColumn }),
    ...(units.length === 0 ? {} : {
      columnUnits: Object.fromEntries(units.map(({ column, unit }) => [column, unit])),
    }),
  };
}
