import { UsageError } from "session-process";
import { stringOption } from "../arguments.ts";
import type { Arguments } from "../command.ts";

/** One of some words. */
export function wordOption<Word extends string>(
  args: Arguments,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = stringOption(args, name);
  const found = words.find((word) => word === value);
  if (value === undefined || found !== undefined) return found;
  throw new UsageError(`--${name} must be ${words.join(" or ")}: it is "${value}"`);
}

/** Numbers between commas; of a given count where there is one. */
export function numbersOption(
  args: Arguments,
  name: string,
  count?: number,
): number[] | undefined {
  const value = stringOption(args, name);
  if (value === undefined) return undefined;
  const numbers = value.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  const isWrong = numbers.some((number) => !Number.isFinite(number)) ||
    (count !== undefined && numbers.length !== count);
  if (!isWrong) return numbers;
  const wanted = count === undefined ? "numbers" : count === 1 ? "a number" : `${count} numbers`;
  throw new UsageError(`--${name} must be ${wanted}: it is "${value}"`);
}

/** `--size` as columns and rows. */
export function sizeOption(args: Arguments): { width?: number; height?: number } {
  const value = stringOption(args, "size");
  if (value === undefined) return {};
  const found = /^(\d{1,5})x(\d{1,5})$/.exec(value);
  if (found !== null) return { width: Number(found[1]), height: Number(found[2]) };
  throw new UsageError(`--size must be WIDTHxHEIGHT: it is "${value}"`);
}
