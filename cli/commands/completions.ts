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
  choices: ["bash", "zsh", "fish"],
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
  const cases = commands.map((command) => {
    const choices = command.choices === undefined ? "" : ` choices="${command.choices.join("\n")}"`;
    return `    ${command.name}) words="${optionNames(command).join("\n")}"${choices} ;;`;
  });
  return [
    "_session_process() {",
    // Words are split at line ends alone, since names of files may hold spaces.
    "  local IFS=$'\\n' word=\"${COMP_WORDS[COMP_CWORD]}\" words= choices=",
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join("\n")}" -- "$word"))`,
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    '  case "$word" in',
    '    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;',
    '    *) if [ -n "$choices" ]; then COMPREPLY=($(compgen -W "$choices" -- "$word"))',
    '       else COMPREPLY=($(compgen -f -- "$word")); fi ;;',
    "  esac",
    "}",
    "complete -o filenames -F _session_process session-process",
    "",
  ].join("\n");
}

function zshScript(commands: readonly Command[]): string {
  const plain = (text: string) => text.replaceAll(/[[\]':]/g, " ");
  const names = commands.map(({ name, summary }) => `    '${name}:${plain(summary)}'`);
  const cases = commands.map((command) => {
    const options = allOptions(command).map(([name, { help, type, optional }]) =>
      `'--${name}${optional ? "=-" : ""}[${plain(help)}]${
        type === "string" ? `${optional ? "::" : ":"}value:_files` : ""
      }'`
    );
    const { choices } = command;
    const rest = choices === undefined ? "'*:file:_files'" : `'1:name:(${choices.join(" ")})'`;
    return `    ${command.name}) _arguments ${options.join(" ")} ${rest} ;;`;
  });
  return [
    "#compdef session-process",
    "_session_process() {",
    "  local -a commands",
    "  commands=(",
    ...names,
    "  )",
    "  if (( CURRENT == 2 )); then _describe command commands; return; fi",
    // What follows completes the arguments of the command as if it were a program.
    "  shift words; (( CURRENT-- ))",
    '  case "${words[1]}" in',
    ...cases,
    "  esac",
    "}",
    // As a file of the function path it is the function itself; otherwise it was sourced.
    'if [ "${funcstack[1]}" = "_session_process" ]; then _session_process "$@"',
    "else compdef _session_process session-process; fi",
    "",
  ].join("\n");
}

function fishScript(commands: readonly Command[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap((command) => {
    const within = `-n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
    const { name, summary, choices } = command;
    return [
      `-n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...(choices === undefined ? [] : [`${within} -f -a ${quote(choices.join(" "))}`]),
      ...allOptions(command).map(([option, { help, type, optional }]) =>
        `${within} -l ${option}${type === "string" && !optional ? " -r" : ""} -d ${quote(help)}`
      ),
    ];
  });
  return lines.map((line) => `complete -c session-process ${line}\n`).join("");
}
