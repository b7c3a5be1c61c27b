/** Where a path of the metadata leads. */
export interface ResolvedTarget {
  /** Path in the session, when such a file was found. */
  readonly path?: string;
  /** It leaves the session. Nothing is ever opened through it. */
  readonly unsafe: boolean;
}

/** Finds files of a session by paths that programs wrote relative to elsewhere. */
export class TargetResolver {
  readonly #paths: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();
  readonly #folderNames: ReadonlySet<string>;

  /**
   * @param paths All files of the session.
   * @param folderNames Names that the session folder has had: that on disk, the session id.
   */
  constructor(paths: readonly string[], folderNames: Iterable<string>) {
    this.#paths = new Set(paths);
    this.#folderNames = new Set(folderNames);
    for (const path of paths) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [path]);
      else same.push(path);
    }
  }

  /**
   * Resolves a path with either separator, absolute, or relative to the folder the recorder ran in. The end
   * of the path decides: `recordings\<id>\webcam.mp4` is the file `webcam.mp4` of the session.
   *
   * @param device Device that the file came from: received files carry its id before their name.
   */
  resolve(target: string, device = ""): ResolvedTarget {
    const { parts, isAbsolute, escapes } = splitTarget(target);
    if (escapes || target.includes("\0")) return { unsafe: true };
    const inSession = parts.findLastIndex((part) => this.#folderNames.has(part));
    if (isAbsolute && inSession < 0) return { unsafe: true };
    const path = this.#bySuffix(parts) ?? this.#byReceivedName(parts.at(-1), device);
    return { unsafe: false, ...(path !== undefined && { path }) };
  }

  #bySuffix(parts: readonly string[]): string | undefined {
    for (let from = 0; from < parts.length; from++) {
      const path = parts.slice(from).join("/");
      if (this.#paths.has(path)) return path;
    }
    const same = this.#byName.get(parts.at(-1) ?? "") ?? [];
    return same.length === 1 ? same[0] : undefined;
  }

  #byReceivedName(name: string | undefined, device: string): string | undefined {
    const same = this.#byName.get(`${device}_${name}`) ?? [];
    return same.length === 1 ? same[0] : undefined;
  }
}

function splitTarget(target: string) {
  const slashed = target.replaceAll("\\", "/");
  const isAbsolute = /^(\/|[A-Za-z]:|[A-Za-z][\w+.-]*:\/\/)/.test(slashed);
  const parts: string[] = [];
  let escapes = false;
  for (const part of slashed.replace(/^[A-Za-z][\w+.-]*:/, "").split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) escapes = true;
  }
  return { parts, isAbsolute, escapes };
}
