import type { Progress, ReportProgress } from "session-process";
import type { Terminal } from "../command.ts";
import { printable } from "./style.ts";

/** A progress line is redrawn at most this often. */
const REDRAW_MS = 100;

/** Shows progress as one line that is redrawn on a terminal, and as a line per task elsewhere. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #task = "";
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
    if (progress.task === this.#task && this.#now() - this.#drawnAt < REDRAW_MS) return;
    this.#task = progress.task;
    this.#drawnAt = this.#now();
    this.#shown = true;
    this.#terminal.err(`\r\x1b[2K${describe(progress)}`);
  };

  /** Clears the line. */
  end(): void {
    if (this.#shown) this.#terminal.err("\r\x1b[2K");
    this.#shown = false;
  }
}

function describe({ task, done, total, unit }: Progress): string {
  const name = printable(task);
  if (total === undefined || total === 0) return `${name}  ${done} ${unit ?? ""}`;
  return `${name}  ${Math.floor((100 * done) / total)} %`;
}
