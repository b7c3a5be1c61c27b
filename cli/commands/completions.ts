import { UsageError } from "session-process";
import {
  type Command,
  type CommandContext,
  EXIT,
  type ExitCode,
  type OptionSpec,
} from "../command.ts";
import { COMMON_OPTIONS } from "../arguments.ts";

/** `completions`: a script that lets a shell complete commands and options. */
export const completionsCommand: Command = {
  name: "completions",
  summary: "Print completions for a shell",
  usage: "bash|zsh|fish",
  arity: { min: 1, max: 1 },
  options: {},
  examples: [
    "session-process completions bash > ~/.local/share/bash-completion/completions/session-process",
    "session-process completions fish > ~/.config/fish/completions/session-process.fish",
  ],
  run: printCompletions,
};

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

function printCompletions({ args, terminal, commands }: CommandContext): Promise<ExitCode> {
  const [shell = ""] = args.positionals;
  if (!(shell in SHELLS)) {
    throw new UsageError(
      `No completions for "${shell}"`,
      `Use one of ${Object.keys(SHELLS).join(", ")}`,
    );
  }
  terminal.out(SHELLS[shell as keyof typeof SHELLS](commands));
  return Promise.resolve(EXIT.clean);
}

function allOptions(command: Command): [name: string, spec: OptionSpec][] {
  return Object.entries({ ...command.options, ...COMMON_OPTIONS });
}

function optionNames(command: Command): string[] {
  return allOptions(command).map(([name]) => `--${name}`);
}

function bashScript(commands: readonly Command[]): string {
  const cases = commands.map((command) =>
    `    ${command.name}) words="${optionNames(command).join(" ")}" ;;`
  );
  return [
    "_session_process() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" words=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$word"))`,
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    '  case "$word" in',
    '    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;',
    '    *) COMPREPLY=($(compgen -f -- "$word")) ;;',
    "  esac",
    "}",
    "complete -o filenames -F _session_process session-process",
    "",
  ].join("\n");
}

function zshScript(commands: readonly Command[]): string {
  const names = commands.map(({ name, summary }) =>
    `    '${name}:${summary.replaceAll(":", " -")}'`
  );
  const cases = commands.map((command) => {
    const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map((
      [name, { help }],
    ) => `'--${name}[${help.replaceAll(/[[\]':]/g, " ")}]'`);
    return `    ${command.name}) _arguments ${options.join(" ")} '*:file:_files' ;;`;
  });
  return [
    "#compdef session-process",
    "_session_process() {",
    "  local -a commands",
    "  commands=(",
    ...names,
    "  )",
    "  if (( CURRENT == 2 )); then _describe command commands; return; fi",
    '  case "${words[2]}" in',
    ...cases,
    "  esac",
    "}",
    "compdef _session_process session-process",
    "",
  ].join("\n");
}

function fishScript(commands: readonly Command[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap((command) => [
    `complete -c session-process -n __fish_use_subcommand -f -a ${command.name} -d ${
      quote(command.summary)
    }`,
    ...allOptions(command).map(([name, { help, type }]) =>
      `complete -c session-process -n ${
        quote(`__fish_seen_subcommand_from ${command.name}`)
      } -l ${name}` +
      `${type === "string" ? " -r" : ""} -d ${quote(help)}`
    ),
  ]);
  return `${lines.join("\n")}\n`;
}
