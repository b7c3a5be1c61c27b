import type { Progress, ReportProgress } from "session-process";
import type { Terminal } from "../command.ts";
import { formatDuration } from "./format.ts";
import { printable } from "./style.ts";

/** A progress line is redrawn at most this often. */
const REDRAW_MS = 100;

/** Shows progress as one line that is redrawn on a terminal, and as a line per task elsewhere. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #task = "";
  /** Where the task was when it was first heard of, and when that was. */
  #begun = { done: 0, at: 0 };
  #drawnAt = -Infinity;
  #shown = false;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** Bound, so that it can be passed on. */
  readonly report: ReportProgress = (progress) => {
    if (!this.#terminal.interactive) {
      if (progress.task !== this.#task) this.#terminal.err(`${printable(progress.task)}\n`);
      this.#task = progress.task;
      return;
    }
    const now = this.#now();
    if (progress.task !== this.#task) this.#begun = { done: progress.done, at: now };
    else if (now - this.#drawnAt < REDRAW_MS) return;
    this.#task = progress.task;
    this.#drawnAt = now;
    this.#shown = true;
    const perSecond = (progress.done - this.#begun.done) / (now - this.#begun.at) * 1e3;
    this.#terminal.err(`\r\x1b[2K${describe(progress, perSecond)}`);
  };

  /** Clears the line. */
  end(): void {
    if (this.#shown) this.#terminal.err("\r\x1b[2K");
    this.#shown = false;
  }
}

function describe({ task, done, total, unit }: Progress, perSecond: number): string {
  const name = printable(task);
  const speed = unit === "frames" && perSecond > 0 ? `  ${perSecond.toFixed(1)} frames/s` : "";
  if (total === undefined || total === 0) return `${name}  ${done} ${unit ?? ""}${speed}`;
  const left = speed === ""
    ? ""
    : `  ${formatDuration(Math.round((total - done) / perSecond))} left`;
  return `${name}  ${Math.floor((100 * done) / total)} %${speed}${left}`;
}
