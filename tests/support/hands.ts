import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cliCommand, type CliResult, runCli } from "./cli.ts";
import { snapshot } from "./folders.ts";
import { splitTable } from "./tables.ts";

const HANDS = fileURLToPath(new URL("../../../shared/data/hands", import.meta.url));
/** Folder of the networks that lie beside the repository. */
export const MODELS = join(HANDS, "models");
/** Everything: decoders of video are native, and networks run in threads. */
export const ALL: readonly string[] = ["-A"];

/** Runs `hands` on a recording, with results in a folder. */
export function runHands(
  recording: string,
  out: string,
  args: readonly string[] = ["--models", MODELS],
): Promise<CliResult> {
  return runCli(["hands", recording, "--out", out, ...args], { permissions: ALL });
}

/** A run of `hands` that can be signalled, and that says when it has begun to search. */
export function startHands(
  recording: string,
  out: string,
  args: readonly string[],
): Deno.ChildProcess {
  return cliCommand(["hands", recording, "--out", out, ...args], { permissions: ALL }).spawn();
}

/** Folder of the results of a recording. */
export function resultsOf(out: string, name: string): string {
  return join(out, "processing", "hand_segmentation", name);
}

/** A table of the results, as objects of text by column. */
export async function readRows(path: string): Promise<Record<string, string>[]> {
  const [header, ...rows] = splitTable(await readFile(path, "utf8"), ",");
  return rows.map((row) => Object.fromEntries(header!.map((name, index) => [name, row[index]!])));
}

/** Whatever JSON holds. */
// deno-lint-ignore no-explicit-any
export async function readJson(path: string): Promise<any> {
  return JSON.parse(await readFile(path, "utf8"));
}

/** All results but what differs from run to run: the timing, and what waits for a run that goes on. */
export async function resultBytes(out: string): Promise<Map<string, Uint8Array>> {
  const found = await snapshot(out, (path) => path.startsWith("processing/.work/"));
  for (const [path, bytes] of found) {
    if (!path.endsWith("processing_metadata.json")) continue;
    const { timing: _timing, ...rest } = JSON.parse(new TextDecoder().decode(bytes));
    found.set(path, new TextEncoder().encode(JSON.stringify(rest)));
  }
  return found;
}

/** Waits until something is there. */
export async function until(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20));
}
