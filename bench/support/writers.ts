import { output, peakMemory, print } from "./process.ts";

/** What writing a file has cost. */
export interface Answer {
  readonly seconds: number;
  /** Most memory of the process in MiB. */
  readonly peak: number;
}

/** Two programs that write the same data, each in a process of its own. */
export interface Contest {
  readonly runs: number;
  readonly folder: string;
  /** Name of the peer in the results. */
  readonly peer: string;
  /** The written files are `ours` and `peer` with this ending. */
  readonly ending: string;
  runOurs(): Answer;
  runPeer(): Answer;
  /** Tells whether a file holds the data, bit by bit. */
  holdsData(path: string): boolean;
}

/** Answer of this process, from when it began to write. */
export function answerSince(started: number): Answer {
  return { seconds: (performance.now() - started) / 1000, peak: peakMemory() / 2 ** 20 };
}

/** Runs a benchmark's own module again as a process that writes, and returns its answer. */
export function runAgain(module: string, ...args: readonly string[]): Answer {
  const command = [Deno.execPath(), "run", "-A", "--no-check", module, "--write", ...args];
  return JSON.parse(output(command)) as Answer;
}

/** The arguments behind `--write`; undefined when this is not the process that writes. */
export function writeArguments(): string[] | undefined {
  const index = Deno.args.indexOf("--write");
  return index < 0 ? undefined : Deno.args.slice(index + 1);
}

/** Checks that both write the same data, and only then times them in turn. */
export function compareWriters(contest: Contest): void {
  const { runs, folder, peer, ending } = contest;
  const [ourPath, peerPath] = [`${folder}/ours.${ending}`, `${folder}/peer.${ending}`];
  contest.runOurs();
  contest.runPeer();
  for (const path of [ourPath, peerPath]) {
    if (!contest.holdsData(path)) throw new Error(`Cannot compare: ${path} does not hold the data`);
  }
  const ours: Answer[] = [];
  const theirs: Answer[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(contest.runOurs());
    theirs.push(contest.runPeer());
  }
  print(`  ${"ours".padEnd(peer.length)}  ${summary(ours, ourPath)}`);
  print(`  ${peer.padEnd(4)}  ${summary(theirs, peerPath)}`);
  print(`  ${peer} / ours = ${(medianSeconds(theirs) / medianSeconds(ours)).toFixed(2)}`);
}

function summary(answers: readonly Answer[], path: string): string {
  const size = (Deno.statSync(path).size / 1e6).toFixed(1);
  const peak = Math.max(...answers.map((answer) => answer.peak)).toFixed(0);
  return `${medianSeconds(answers).toFixed(2)} s, ${size} MB, peak ${peak} MiB`;
}

function medianSeconds(answers: readonly Answer[]): number {
  return answers.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[answers.length >> 1]!;
}
