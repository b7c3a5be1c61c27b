import { secondsSince, spanOnReference, type StreamScan } from "session-process";
import { flagOption } from "../arguments.ts";
import { type Command, type CommandContext, EXIT, type ExitCode } from "../command.ts";
import { type ReadSession, readSession } from "../read_session.ts";
import { formatBytes, formatDuration, formatNumber } from "../render/format.ts";
import { countIssues } from "../render/issues.ts";
import { renderJson } from "../render/json.ts";
import { createStyle } from "../render/style.ts";
import { renderTable } from "../render/table.ts";
import { JSON_OPTION, TIMEZONE_OPTION } from "./options.ts";

/** `inspect`: what is in a session folder. */
export const inspectCommand: Command = {
  name: "inspect",
  summary: "Show what is in a session: devices, streams, rates, spans, sizes, clocks",
  usage: "SESSION...",
  arity: { min: 1, max: Infinity },
  options: { ...JSON_OPTION, ...TIMEZONE_OPTION },
  examples: [
    "session-process inspect recordings/session_20250731_143022",
    "session-process inspect pc/session_20250731_143022 phone/session_2025-07-31_14-30-25",
  ],
  run: inspect,
};

async function inspect(context: CommandContext): Promise<ExitCode> {
  const read = await readSession(context);
  const json = flagOption(context.args, "json");
  context.terminal.out(json ? renderJson(describe(read)) : renderText(read, context));
  return read.found.some(({ severity }) => severity === "error") ? EXIT.sessionErrors : EXIT.clean;
}

function describe(read: ReadSession): unknown {
  const { session, scans, fit } = read;
  const sizes = new Map(session.files.map(({ path, size }) => [path, size]));
  return {
    session: session.id,
    variant: session.variant,
    status: session.status ?? null,
    referenceClock: fit.referenceClock.id,
    startNs: fit.originNs,
    devices: session.devices,
    streams: scans.map((scan) => ({
      id: scan.schema.id,
      kind: scan.stream.kind,
      path: scan.stream.path,
      bytes: sizes.get(scan.stream.path) ?? null,
      samples: scan.table.rows,
      rateHz: Number.isFinite(scan.sampling.rateHz) ? scan.sampling.rateHz : null,
      span: spanOnReference(read.kernel, scan, read.fit) ?? null,
      clock: scan.schema.clock,
      hostClock: scan.schema.hostClock ?? null,
      columns: scan.schema.columns,
      video: scan.video ?? null,
    })),
    events: session.events.length,
    calibrations: session.calibrations,
    files: session.files,
  };
}

function renderText(read: ReadSession, { terminal }: CommandContext): string {
  const { session, scans, fit, found } = read;
  const style = createStyle(terminal.colour);
  const head = [
    `${style.bold(session.id)}  ${session.devices.length} devices, ${scans.length} streams, ` +
    `${session.events.length} events, metadata ${session.variant}, status ${
      session.status ?? "unknown"
    }`,
    `Times in seconds since the session start on ${fit.referenceClock.id}`,
  ];
  return `${head.join("\n")}\n\n${streamTable(read)}\n${
    countIssues(found)
  }: see session-process validate\n`;
}

function streamTable(read: ReadSession): string {
  const { session, scans } = read;
  const sizes = new Map(session.files.map(({ path, size }) => [path, size]));
  return renderTable(
    [
      { title: "STREAM" },
      { title: "KIND" },
      { title: "SAMPLES", align: "right" },
      { title: "RATE", align: "right" },
      { title: "START", align: "right" },
      { title: "LENGTH", align: "right" },
      { title: "SIZE", align: "right" },
      { title: "CLOCK" },
    ],
    scans.map((scan) => {
      const span = spanOnReference(read.kernel, scan, read.fit);
      return [
        scan.schema.id,
        scan.stream.kind,
        String(scan.table.rows),
        formatNumber(scan.sampling.rateHz, "Hz"),
        span === undefined ? "-" : secondsSince(span.startNs, read.fit.originNs).toFixed(3),
        lengthOf(scan, span),
        formatBytes(sizes.get(scan.stream.path) ?? 0),
        clockOf(scan),
      ];
    }),
  );
}

/** From the first sample to the last: on the reference, since a clock that was set tells no duration. */
function lengthOf(
  { sampling: { minNs, maxNs } }: StreamScan,
  span: ReturnType<typeof spanOnReference>,
): string {
  if (span !== undefined) return formatDuration(secondsSince(span.endNs, span.startNs));
  if (minNs === undefined || maxNs === undefined) return "-";
  return formatDuration(secondsSince(maxNs, minNs));
}

function clockOf({ schema }: StreamScan): string {
  return schema.hostClock === undefined
    ? schema.clock.id
    : `${schema.clock.id} > ${schema.hostClock.id}`;
}
