/** Runs a program; undefined when it cannot be started. */
function tryRun(command: string, args: readonly string[]): Deno.CommandOutput | undefined {
  try {
    return new Deno.Command(command, { args: [...args] }).outputSync();
  } catch {
    return undefined;
  }
}

/** Says that a program is missing; under `CI=true` that is an error. Returns undefined. */
function missing(what: string): undefined {
  if (Deno.env.get("CI") === "true") throw new Error(`Tests need ${what}, which is not installed`);
  // deno-lint-ignore no-console
  console.warn(`Skipped: ${what} is not installed`);
  return undefined;
}

/** A Python that has NumPy, SciPy and pandas; undefined, with a message, when there is none. */
export function findPython(): string | undefined {
  const probe = ["-c", "import numpy, scipy.io, pandas"];
  const found = ["python3", "/usr/bin/python3", "python"]
    .find((command) => tryRun(command, probe)?.success);
  return found ?? missing("Python with SciPy and pandas");
}

/** A Python that has pyxdf; undefined, with a message, when there is none. Debian has no package of it. */
export function findPyxdf(): string | undefined {
  const found = ["python3", "/usr/bin/python3", "python"]
    .find((command) => tryRun(command, ["-c", "import pyxdf"])?.success);
  // deno-lint-ignore no-console
  if (found === undefined) console.warn("Skipped: Python with pyxdf is not installed");
  return found;
}

/** A Python that has pycocotools; undefined, with a message, when there is none. Debian has no package of it. */
export function findPycocotools(): string | undefined {
  const found = ["python3", "/usr/bin/python3", "python"]
    .find((command) => tryRun(command, ["-c", "from pycocotools.coco import COCO"])?.success);
  // deno-lint-ignore no-console
  if (found === undefined) console.warn("Skipped: Python with pycocotools is not installed");
  return found;
}

/** GNU Octave; undefined, with a message, when it is not installed. */
export function findOctave(): string | undefined {
  return tryRun("octave", ["--version"])?.success ? "octave" : missing("GNU Octave");
}

function outputLines(command: string, args: readonly string[]): string[] {
  const output = tryRun(command, args);
  if (!output?.success) {
    throw new Error(`${command} failed: ${output && new TextDecoder().decode(output.stderr)}`);
  }
  return new TextDecoder().decode(output.stdout).split("\n").filter((line) => line !== "");
}

/** Runs a Python script and gives the lines that it prints. */
export function runPython(python: string, script: string, args: readonly string[] = []): string[] {
  return outputLines(python, ["-c", script, ...args]);
}

/** Runs an Octave script and gives the lines that it prints. */
export function runOctave(octave: string, script: string): string[] {
  const path = Deno.makeTempFileSync({ suffix: ".m" });
  try {
    Deno.writeTextFileSync(path, `1;\n${script}`);
    return outputLines(octave, ["--no-gui", "--quiet", "--norc", path]);
  } finally {
    Deno.removeSync(path);
  }
}

const OCTAVE_WALK = `
function walk(path, x)
  if isstruct(x)
    printf("%s|struct|%dx%d|\\n", path, rows(x), columns(x));
    for k = 1:numel(x)
      for [value, key] = x(k)
        walk(sprintf("%s(%d).%s", path, k, key), value);
      end
    end
  elseif iscell(x)
    printf("%s|cell|%dx%d|\\n", path, rows(x), columns(x));
    for k = 1:numel(x)
      walk(sprintf("%s{%d}", path, k), x{k});
    end
  elseif ischar(x)
    printf("%s|char||%s\\n", path, sprintf("%02x", uint8(x)));
  else
    y = x(:);
    if islogical(y) y = uint8(y); end
    if isempty(y) bytes = []; else bytes = typecast(y, "uint8"); end
    printf("%s|%s|%dx%d|%s\\n", path, class(x), rows(x), columns(x), sprintf("%02x", bytes));
  end
end
`;

/**
 * Reads a MAT-file with Octave. One line `path|class|size|bytes` for each array, the bytes little-endian in
 * hexadecimal, text as UTF-8 without its size.
 */
export function readMatWithOctave(octave: string, path: string): string[] {
  const main = `file = load("${path}");
for [value, key] = file
  walk(key, value);
end
`;
  return runOctave(octave, OCTAVE_WALK + main);
}

const SCIPY_WALK = `
import sys, numpy, scipy.io
CLASSES = {"float64": "double", "float32": "single", "bool": "logical"}
def walk(path, x):
    size = "%dx%d" % (x.shape + (1,))[:2]
    if x.dtype.names is not None or (x.dtype == object and x.size and isinstance(x.flat[0], numpy.void)):
        print("%s|struct|%s|" % (path, size))
        for k, one in enumerate(x.flatten("F")):
            for key in x.dtype.names:
                walk("%s(%d).%s" % (path, k + 1, key), one[key])
    elif x.dtype == object and x.size and x.flat[0] is None:
        # How SciPy gives a struct without fields.
        print("%s|struct|%s|" % (path, size))
    elif x.dtype == object:
        print("%s|cell|%s|" % (path, size))
        for k, one in enumerate(x.flatten("F")):
            walk("%s{%d}" % (path, k + 1), one)
    elif x.dtype.kind == "U":
        print("%s|char||%s" % (path, (x[0] if x.size else "").encode().hex()))
    else:
        name = CLASSES.get(x.dtype.name, x.dtype.name)
        print("%s|%s|%s|%s" % (path, name, size, x.flatten("F").tobytes().hex()))
for key, value in scipy.io.loadmat(sys.argv[1], mat_dtype=True).items():
    if not key.startswith("__"):
        walk(key, value)
`;

/** Reads a MAT-file with SciPy, in the same form as {@linkcode readMatWithOctave}. */
export function readMatWithSciPy(python: string, path: string): string[] {
  return runPython(python, SCIPY_WALK, [path]);
}
