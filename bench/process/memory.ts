/**
 * Peak memory of processing a short and a long session of the same four devices: it should not grow.
 *
 * `deno run -A bench/process/memory.ts [--seconds 600,86400]`
 *
 * A day needs some 30 GB of disk and is refused as a MAT-file, which the exit code 3 says; each session is
 * therefore measured with and without its MAT-file. The results of each run are deleted.
 *
 * @module
 */
import { findPython } from "../../tests/support/oracles.ts";
import { print } from "../support/process.ts";
import { measure, simulate, toolkit } from "./measure.ts";

/** Exit codes: all is well, and some of the session is missing from the exports. */
const [CLEAN, LOSS] = [0, 3];

function durations(): number[] {
  const index = Deno.args.indexOf("--seconds");
  return (index < 0 ? "600,86400" : Deno.args[index + 1]!).split(",").map(Number);
}

function measureSession(python: string, folder: string, session: string, formats: string): number {
  const out = `${folder}/out`;
  const command = toolkit("process", session, "--out", out, "--formats", formats);
  const { code, seconds, cpuSeconds, peakBytes } = measure(python, command, [CLEAN, LOSS]);
  Deno.removeSync(out, { recursive: true });
  const cells = [
    formats.padEnd(17),
    `${(peakBytes / 1e6).toFixed(0).padStart(4)} MB`,
    `${seconds.toFixed(1).padStart(7)} s`,
    `${cpuSeconds.toFixed(1).padStart(7)} s cpu`,
    code === LOSS ? "MAT-file refused" : "",
  ];
  print(`  ${cells.join("  ").trimEnd()}`);
  return peakBytes;
}

const python = findPython();
const folder = Deno.makeTempDirSync();
try {
  const formats = ["csv,combined,mat", "csv,combined"];
  const peaks: number[][] = [];
  for (const seconds of python === undefined ? [] : durations()) {
    const session = simulate(folder, seconds);
    print(`${seconds} s`);
    peaks.push(formats.map((list) => measureSession(python!, folder, session, list)));
    Deno.removeSync(session, { recursive: true });
  }
  for (const [index, list] of formats.entries()) {
    const growth = (peaks.at(-1)?.[index] ?? NaN) / (peaks[0]?.[index] ?? NaN);
    print(`peak of the longest / shortest, ${list}: ${growth.toFixed(2)}`);
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
