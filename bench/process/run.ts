/**
 * Processes a session of two phones and two sensors, with this toolkit and with a script of pandas, NumPy and
 * SciPy that does the same work (`peer.py`), and compares time and memory.
 *
 * `deno run -A bench/process/run.ts [--seconds 1800] [--rounds 3]`
 *
 * Before anything is timed `check.py` compares the results: the number of samples and every value of every
 * stream, aligned times within three times their stated uncertainty, the ticks of the combined table and its
 * means of streams whose times are no estimates, and each MAT-file with the tables beside it. Each run is a
 * process of its own that begins at the recorded files; the fastest of each side counts.
 *
 * @module
 */
import { findPython } from "../../tests/support/oracles.ts";
import { option, output, print } from "../support/process.ts";
import { type Cost, local, measure, simulate, toolkit } from "./measure.ts";

interface Agreement {
  readonly streams: readonly {
    readonly stream: string;
    readonly samples: number;
    /** Largest distance of aligned times. */
    readonly worst_s: number;
    readonly sigma_s: number;
  }[];
  readonly combined: {
    readonly ticks: number;
    readonly columns: number;
    readonly equal_columns: number;
  };
}

/** Runs both sides once. Results of earlier runs are deleted, else ours would only look at them. */
function runBoth(python: string, folder: string, session: string): { ours: Cost; peer: Cost } {
  const [ours, peer] = [`${folder}/ours`, `${folder}/peer`];
  for (const path of [ours, peer]) {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return {
    ours: measure(python, toolkit("process", session, "--out", ours)),
    peer: measure(python, [python, local("peer.py"), session, peer]),
  };
}

function reportAgreement({ streams, combined }: Agreement): void {
  for (const { stream, samples, worst_s, sigma_s } of streams) {
    const times = `times differ by at most ${(worst_s * 1e3).toFixed(3)} ms`;
    const sigma = `our uncertainty ${(sigma_s * 1e3).toFixed(3)} ms`;
    print(`${stream}: ${samples} samples, values equal, ${times}, ${sigma}`);
  }
  const { ticks, columns, equal_columns } = combined;
  print(`combined: ${ticks} ticks x ${columns} columns, means of ${equal_columns} columns equal`);
}

function reportCosts(ours: readonly Cost[], peer: readonly Cost[]): void {
  const least = (costs: readonly Cost[], field: "seconds" | "cpuSeconds" | "peakBytes") =>
    Math.min(...costs.map((cost) => cost[field]));
  print("                wall s   cpu s  peak MB");
  for (const [name, costs] of [["session-process", ours], ["pandas script", peer]] as const) {
    const cells = [
      least(costs, "seconds").toFixed(2).padStart(6),
      least(costs, "cpuSeconds").toFixed(2).padStart(7),
      (least(costs, "peakBytes") / 1e6).toFixed(0).padStart(8),
    ];
    print(`${name.padEnd(15)} ${cells.join(" ")}`);
  }
  const ratio = (field: "seconds" | "cpuSeconds") =>
    (least(peer, field) / least(ours, field)).toFixed(2);
  print(`pandas script / ours: wall ${ratio("seconds")}, cpu ${ratio("cpuSeconds")}`);
}

function compare(python: string, folder: string): void {
  const [seconds, rounds] = [option("seconds", 1800), option("rounds", 3)];
  const session = simulate(folder, seconds);
  runBoth(python, folder, session);
  const agreement = output([python, local("check.py"), `${folder}/ours`, `${folder}/peer`]);
  reportAgreement(JSON.parse(agreement) as Agreement);
  const runs = Array.from({ length: rounds }, () => runBoth(python, folder, session));
  const cores = navigator.hardwareConcurrency;
  print(`\n${seconds} s, fastest of ${rounds} runs, Deno ${Deno.version.deno}, ${cores} cores`);
  reportCosts(runs.map(({ ours }) => ours), runs.map(({ peer }) => peer));
}

const python = findPython();
const folder = Deno.makeTempDirSync();
try {
  if (python !== undefined) compare(python, folder);
} finally {
  Deno.removeSync(folder, { recursive: true });
}
