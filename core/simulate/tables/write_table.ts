import {
  type ByteSink,
  type FolderSink,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/mod.ts";
import { BATCH_ROWS, SampleBatch } from "../delivery.ts";
import type { StreamJob, WrittenStream } from "../streams.ts";
import { writeFile } from "../write_file.ts";
import { ChannelWriter } from "./channels.ts";
import type { Sample, TableFormat } from "./format.ts";
import { motionTable } from "./motion.ts";
import { shimmerPcTable } from "./shimmer_pc.ts";
import { shimmerPhoneTable } from "./shimmer_phone.ts";
import { TextWriter } from "./text_writer.ts";

/** Writes a table of samples, batch by batch. */
export async function writeTable(
  job: StreamJob,
  folder: FolderSink,
  work: WorkOptions,
): Promise<WrittenStream> {
  const format = formatOf(job);
  const bytes = await writeFile(folder, job.path, async (sink) => {
    await sink.write(new TextEncoder().encode(headOf(job, format)));
    await writeRows(format, job, sink, work);
  });
  return { bytes, stamps: format.stamps };
}

/** How the rows of a stream are written. */
function formatOf({ stream, device, sensor, host, times, signals, clocks, sessionId }: StreamJob) {
  if (stream.kind === "motion") return motionTable(host, signals, stream.stampUnit);
  if (stream.kind !== "shimmer_phone" && stream.kind !== "shimmer_pc") {
    throw new TypeError(`Cannot write a table: stream is of kind ${stream.kind}`);
  }
  const channels = new ChannelWriter(signals, stream);
  if (stream.kind === "shimmer_pc") {
    const { pcUtc, pcLocal } = clocks;
    return shimmerPcTable({ deviceName: device.id, sessionId, pcUtc, pcLocal, channels });
  }
  const deviceName = `Shimmer_${device.id}`;
  return shimmerPhoneTable({ deviceName, sensor, phone: host, times, channels });
}

function headOf({ stream }: StreamJob, { header, fabricatedRow }: TableFormat): string {
  const made = stream.kind === "shimmer_phone" && stream.fabricatedRow ? fabricatedRow : undefined;
  return made === undefined ? `${header}\n` : `${header}\n${made}\n`;
}

async function writeRows(
  format: TableFormat,
  { id, delivery, times }: StreamJob,
  sink: ByteSink,
  { signal, progress }: WorkOptions,
): Promise<void> {
  const writer = new TextWriter(BATCH_ROWS * format.maxRowBytes);
  const batch = new SampleBatch();
  const total = times.rule.samples;
  while (delivery.next(batch)) {
    throwIfCancelled(signal);
    writer.clear();
    formatBatch(format, batch, writer);
    await sink.write(writer.written());
    progress?.({ task: `Write ${id}`, done: delivery.runs.rows, total, unit: "rows" });
  }
}

function formatBatch(format: TableFormat, batch: SampleBatch, writer: TextWriter): void {
  const sample: Sample = { index: 0, trueNs: 0, arrivalNs: 0 };
  for (let row = 0; row < batch.length; row++) {
    sample.index = batch.samples[row]!;
    sample.trueNs = batch.trueNs[row]!;
    sample.arrivalNs = batch.arrivalNs[row]!;
    format.writeRow(writer, sample);
  }
}
