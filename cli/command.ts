/** What a command needs of the terminal it runs in. */
export interface Terminal {
  /** Writes results. */
  out(text: string): void;
  /** Writes diagnostics. */
  err(text: string): void;
  /** Results go to a person's terminal that shows colour. */
  readonly colour: boolean;
  /** Diagnostics go to a person's terminal, so that a progress line can be redrawn. */
  readonly interactive: boolean;
}

/** An option of a command. */
export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** Several values may be given. */
  readonly multiple?: boolean;
  /** The value may be left out; one that is given follows an equals sign. The option then reads as an empty text. */
  readonly optional?: boolean;
  /** Stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** Options and arguments as the user gave them. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** What a command runs with. */
export interface CommandContext {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Version of the toolkit. */
  readonly version: string;
  /** All commands, for those that describe them. */
  readonly commands: readonly Command[];
}

/** The exit codes of every command. */
export const EXIT = {
  clean: 0,
  couldNotRun: 1,
  usage: 2,
  loss: 3,
  sessionErrors: 4,
  cancelled: 130,
} as const;

/** One of {@linkcode EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Positional arguments as shown in the usage line. */
  readonly usage: string;
  /** How many positional arguments it takes. */
  readonly arity: { readonly min: number; readonly max: number };
  /** What the positional argument may be. @default folders */
  readonly choices?: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Command lines a user can try. */
  readonly examples: readonly string[];
  /** The command's code is loaded only when it runs. */
  run(context: CommandContext): Promise<ExitCode>;
}
