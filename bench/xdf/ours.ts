/**
 * Loads an XDF file with this toolkit: `dump FILE OUTPUT` writes times and values, `time FILE RUNS` measures.
 *
 * @module
 */
import { Kernel, type LoadedXdfStream, loadXdf, synchronizeXdf } from "../../mod.ts";
import { openFile } from "../../runtime/mod.ts";
import process from "node:process";
import { peakMemory, print } from "../support/process.ts";

async function load(path: string, raw: boolean): Promise<readonly LoadedXdfStream[]> {
  const kernel = new Kernel();
  const source = await openFile(path);
  const streams = await loadXdf(source, { kernel });
  await source.close();
  if (!raw) synchronizeXdf(kernel, streams);
  return streams;
}

/** Times in ns, then values channel by channel, stream by stream. */
async function dump(path: string, output: string, raw: boolean): Promise<void> {
  const file = await Deno.open(output, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  for (const { times, channels } of await load(path, raw)) {
    await writer.write(new Uint8Array(times.buffer));
    for (const values of channels) {
      await writer.write(new Uint8Array((values as Float32Array).buffer));
    }
  }
  await writer.close();
}

/** Seconds that the processor worked for this process, the system's share included. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Bytes of the arrays that loading leaves: times, uncertainties and values. */
function outputBytes(streams: readonly LoadedXdfStream[]): number {
  return streams.reduce((sum, { times, channels }) =>
    sum + 2 * times.byteLength +
    channels.reduce((bytes, values) => bytes + (values as Float32Array).byteLength, 0), 0);
}

const [command, path = "", last = ""] = Deno.args;
if (command === "time") {
  const idle = peakMemory();
  let [seconds, processor] = [Infinity, Infinity];
  let memory = NaN;
  let output = NaN;
  for (let run = 0; run < Number(last); run++) {
    const [started, worked] = [performance.now(), processorSeconds()];
    const streams = await load(path, false);
    seconds = Math.min(seconds, (performance.now() - started) / 1e3);
    processor = Math.min(processor, processorSeconds() - worked);
    if (run > 0) continue;
    memory = peakMemory();
    output = outputBytes(streams);
  }
  print(JSON.stringify({ seconds, processor, idle, memory, output }));
} else {
  await dump(path, last, command === "raw");
}
