/** Python as an oracle of tests. */

/** Runs Python on JSON; undefined where it or its packages are absent, which is an error in CI. */
export async function python(script: string, input: unknown): Promise<unknown> {
  try {
    const child = new Deno.Command("/usr/bin/python3", {
      args: ["-c", `import json, sys\ngiven = json.load(sys.stdin)\n${script}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(input)));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } catch (thrown) {
    if (Deno.env.get("CI") === "true") throw thrown;
    Deno.stderr.writeSync(new TextEncoder().encode(`skipped: ${thrown}\n`));
    return undefined;
  }
}
