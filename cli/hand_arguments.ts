import { UsageError } from "session-process";
import { stringOption } from "./arguments.ts";
import type { Arguments } from "./command.ts";

/** A whole number from 1 on. Throws `UsageError` on anything else. */
export function countOption(args: Arguments, name: string): number | undefined {
  const text = stringOption(args, name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} needs a whole number from 1 on: current value is "${text}"`);
}

/** A probability. Throws `UsageError` on anything that is not from 0 to 1. */
export function probabilityOption(args: Arguments, name: string): number | undefined {
  const text = stringOption(args, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new UsageError(`--${name} needs a number from 0 to 1: current value is "${text}"`);
}

/** A time within a recording as seconds, `m:ss` or `h:mm:ss`. Throws `UsageError` on anything else. */
export function secondsOption(args: Arguments, name: string): number | undefined {
  const text = stringOption(args, name);
  if (text === undefined) return undefined;
  const parts = /^(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d+)?)$/.exec(text);
  const [hours = 0, minutes = 0, seconds = NaN] = (parts ?? []).slice(1).map((part) =>
    Number(part ?? 0)
  );
  if (Number.isFinite(seconds)) return 3600 * hours + 60 * minutes + seconds;
  throw new UsageError(
    `--${name} needs a time within the recording: current value is "${text}"`,
    "Give seconds such as 90 or 12.5, or minutes and seconds such as 1:30",
  );
}

/** One of some words. Throws `UsageError` on another. */
export function choiceOption<Choice extends string>(
  args: Arguments,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = stringOption(args, name);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError(`Unknown value of --${name}: "${text}"`, `Use one of ${choices.join(", ")}`);
}
