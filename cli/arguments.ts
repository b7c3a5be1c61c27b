import { parseArgs } from "node:util";
import { nearestName, UsageError } from "session-process";
import type { Arguments, Command, OptionSpec } from "./command.ts";

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  help: { type: "boolean", short: "h", help: "Show this help" },
} as const satisfies Record<string, OptionSpec>;

/** Reads the arguments of a command. Throws `UsageError` on an unknown option or a wrong number. */
export function readArguments(command: Command, argv: readonly string[]): Arguments {
  const options = { ...command.options, ...COMMON_OPTIONS };
  const parsed = parse(command, argv, options);
  if (parsed.values["help"] === true) return parsed;
  const { min, max } = command.arity;
  const given = parsed.positionals.length;
  if (given < min) {
    throw new UsageError(`${command.name} needs ${command.usage}`, helpHint(command));
  }
  if (given > max) {
    const extra = parsed.positionals[max];
    throw new UsageError(
      `${command.name} takes no further argument: "${extra}"`,
      helpHint(command),
    );
  }
  return parsed;
}

function parse(
  command: Command,
  argv: readonly string[],
  options: Readonly<Record<string, OptionSpec>>,
): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: argv.map((argument) => withValue(argument, options)),
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, short, multiple }]) => [name, {
          type,
          multiple: multiple ?? false,
          ...(short === undefined ? {} : { short }),
        }]),
      ),
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Arguments["values"], positionals };
  } catch (error) {
    throw new UsageError(explain(error, Object.keys(options)), helpHint(command));
  }
}

/** An option whose value is left out has an empty one. */
function withValue(
  argument: string,
  options: Readonly<Record<string, OptionSpec>>,
): string {
  const name = argument.startsWith("--") ? argument.slice(2) : "";
  return options[name]?.optional ? `${argument}=` : argument;
}

function explain(error: unknown, names: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = message.match(/Unknown option '(-[^']+)'/)?.[1];
  if (unknown === undefined) return message.split("\n")[0] ?? message;
  const near = nearestName(unknown.replace(/^-+/, ""), names);
  return `Unknown option ${unknown}${near === undefined ? "" : `; did you mean --${near}?`}`;
}

function helpHint({ name }: Command): string {
  return `See session-process ${name} --help`;
}

/** A string option, or undefined when it was not given. Throws `UsageError` when it is empty. */
export function stringOption(args: Arguments, name: string): string | undefined {
  const value = optionalOption(args, name);
  if (value?.trim() === "") throw new UsageError(`--${name} needs a value: current value is empty`);
  return value;
}

/** A string option whose value may be left out, and then is empty; undefined when it was not given. */
export function optionalOption({ values }: Arguments, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** A string option that may be given several times, each time with one value. */
export function textsOption({ values }: Arguments, name: string): readonly string[] | undefined {
  const value = values[name];
  if (value === undefined || typeof value === "boolean") return undefined;
  return typeof value === "string" ? [value] : value;
}

/**
 * A string option that may be given several times or as a list with commas. Throws `UsageError` when it is given without
 * anything in it: a variable of the shell that is not set must not mean nothing, nor everything.
 */
export function listOption(
  args: Arguments,
  name: string,
  remedy: string,
): readonly string[] | undefined {
  const given = textsOption(args, name)?.flatMap((part) => part.split(","))
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (given?.length === 0) throw new UsageError(`--${name} names nothing`, remedy);
  return given;
}

/** A positive number option. Throws `UsageError` on anything else. */
export function numberOption(args: Arguments, name: string): number | undefined {
  const text = optionalOption(args, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`--${name} needs a positive number: current value is "${text}"`);
  }
  return value;
}

/** A switch. */
export function flagOption({ values }: Arguments, name: string): boolean {
  return values[name] === true;
}
