import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CancelledError, IssueError } from "../../core/base/mod.ts";
import { download, type DownloadOptions, type RemoteFile } from "./mod.ts";

const CONTENTS = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 5);
const SHA256 = createHash("sha256").update(CONTENTS).digest("hex");

/** What a server does with a request; `from` is the first byte that was asked for. */
type Answer = (response: ServerResponse, from: number, request: IncomingMessage) => void;

/** Sends the file from a byte on, as a server that knows ranges. */
const serve: Answer = (response, from) => {
  const rest = CONTENTS.subarray(from);
  const range = `bytes ${from}-${CONTENTS.length - 1}/${CONTENTS.length}`;
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? { "content-range": range } : {});
  response.end(rest);
};

/** Announces the whole file, sends a part of it and hangs up. */
const cutAfter = (length: number): Answer => (response, from) => {
  const range = `bytes ${from}-${CONTENTS.length - 1}/${CONTENTS.length}`;
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": CONTENTS.length - from,
    ...(from > 0 ? { "content-range": range } : {}),
  });
  response.write(CONTENTS.subarray(from, from + length), () => response.destroy());
};

interface Try {
  readonly path: string;
  readonly folder: string;
  readonly ranges: readonly (string | undefined)[];
  fetch(options?: DownloadOptions, file?: Partial<RemoteFile>): Promise<void>;
}

/** Runs a test against a server on this machine whose answers come in turn, the last one for ever. */
async function withServer(answers: readonly Answer[], use: (tried: Try) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "session-process-download-"));
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)]!;
    ranges.push(request.headers.range);
    answer(response, Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0), request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
  const path = join(folder, "models", "a.onnx");
  const remote = { name: "a.onnx", downloads: [address], bytes: CONTENTS.length, sha256: SHA256 };
  try {
    await use({
      path,
      folder: join(folder, "models"),
      ranges,
      fetch: (options = {}, file = {}) => download({ ...remote, ...file }, path, options),
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
}

async function assertWhole({ path, folder }: Try): Promise<void> {
  assert.deepEqual(new Uint8Array(await readFile(path)), CONTENTS);
  assert.deepEqual(await readdir(folder), ["a.onnx"]);
}

/** The message of the issue with which fetching fails. */
async function failure(fetching: Promise<void>): Promise<string> {
  try {
    await fetching;
  } catch (error) {
    assert.ok(error instanceof IssueError, String(error));
    assert.equal(error.issue.code, "MODEL_DOWNLOAD_FAILED");
    return error.message;
  }
  throw new Error("Fetching did not fail");
}

Deno.test("a file is fetched, and progress says how far it is", () =>
  withServer([serve], async (tried) => {
    const done: number[] = [];
    await tried.fetch({ progress: (progress) => void done.push(progress.done) });
    await assertWhole(tried);
    assert.equal(done.at(-1), CONTENTS.length);
    assert.deepEqual(tried.ranges, [undefined]);
  }));

Deno.test("what was cut off is kept and gone on with", () =>
  withServer([cutAfter(100_000), cutAfter(50_000), serve], async (tried) => {
    await failure(tried.fetch());
    const kept = await readdir(tried.folder);
    assert.deepEqual(kept, ["a.onnx.partial"]);
    await failure(tried.fetch());
    await tried.fetch();
    await assertWhole(tried);
    const starts = tried.ranges.map((range) => Number(/\d+/.exec(range ?? "0")?.[0]));
    assert.ok(starts[1]! > 0 && starts[2]! > starts[1]!, starts.join());
  }));

Deno.test("a server that knows no ranges sends all of it anew", () =>
  withServer([cutAfter(100_000), (response) => serve(response, 0, undefined!)], async (tried) => {
    await failure(tried.fetch());
    await tried.fetch();
    await assertWhole(tried);
  }));

Deno.test("a part of another file is thrown away and all is fetched anew", () =>
  withServer([serve], async (tried) => {
    await failure(tried.fetch({}, { downloads: ["http://127.0.0.1:1/"] }));
    await writeFile(`${tried.path}.partial`, new Uint8Array(1000));
    await tried.fetch();
    await assertWhole(tried);
    assert.deepEqual(tried.ranges, ["bytes=1000-", undefined]);
  }));

Deno.test("contents with another hash never appear", () =>
  withServer([serve], async (tried) => {
    const message = await failure(tried.fetch({}, { sha256: "0".repeat(64) }));
    assert.match(message, new RegExp(`its sha256 is ${SHA256}`));
    assert.match(message, /sha256 must be 0{64}/);
    assert.deepEqual(await readdir(tried.folder), []);
  }));

Deno.test("a server that sends more than the file is stopped", () =>
  withServer([serve], async (tried) => {
    assert.match(await failure(tried.fetch({}, { bytes: 1000 })), /more than 1000 bytes/);
  }));

Deno.test("a missing file and a server's fault are told", async () => {
  await withServer([(response) => response.writeHead(404).end("no")], async (tried) => {
    assert.match(await failure(tried.fetch()), /answered 404/);
  });
  await withServer([(response) => response.writeHead(503).end()], async (tried) => {
    assert.match(await failure(tried.fetch()), /answered 503/);
  });
});

Deno.test("redirects are followed on safe ways only", async () => {
  const redirect: Answer = (response) => response.writeHead(302, { location: "/other" }).end();
  await withServer([redirect, serve], async (tried) => {
    await tried.fetch();
    await assertWhole(tried);
  });
  await withServer([serve], async (tried) => {
    const downloads = ["http://example.org/a", "ftp://example.org/a"];
    assert.match(await failure(tried.fetch({}, { downloads })), /only https: is used/);
    assert.deepEqual(tried.ranges, []);
  });
});

Deno.test("the next address is tried when one fails", () =>
  withServer([serve], async (tried) => {
    const { port } = new URL(await addressOf(tried));
    await tried.fetch({}, {
      downloads: ["http://127.0.0.1:1/nobody", `http://127.0.0.1:${port}/file`],
    });
    await assertWhole(tried);
  }));

/** The address of a server, from what fetching a file that is none says of it. */
async function addressOf(tried: Try): Promise<string> {
  const message = await failure(tried.fetch({}, { sha256: "0".repeat(64) }));
  return /http:\S+/.exec(message)![0];
}

Deno.test("without a network the message says what to copy where", () =>
  withServer([serve], async (tried) => {
    const message = await failure(tried.fetch({}, { downloads: ["http://127.0.0.1:1/a.onnx"] }));
    assert.match(message, /Cannot fetch http:\/\/127\.0\.0\.1:1\/a\.onnx: /);
    assert.ok(message.includes(`Copy the file into ${tried.folder} yourself`));
    assert.ok(message.includes(SHA256));
    const none = await failure(tried.fetch({}, { downloads: [] }));
    assert.match(none, /no address has it/);
  }));

Deno.test("a connection that sends nothing more is given up", () =>
  withServer([(response) => void response.write(CONTENTS.subarray(0, 10))], async (tried) => {
    assert.match(await failure(tried.fetch({ patienceSeconds: 0.3 })), /nothing came for 0.3 s/);
  }));

Deno.test("cancelling keeps what was received, and the next attempt goes on from there", async () => {
  const slowly: Answer = (response) => void response.write(CONTENTS.subarray(0, 90_000));
  await withServer([slowly, serve], async (tried) => {
    const controller = new AbortController();
    const fetching = tried.fetch({ signal: controller.signal, progress: () => controller.abort() });
    await assert.rejects(fetching, CancelledError);
    assert.deepEqual(await readdir(tried.folder), ["a.onnx.partial"]);
    await tried.fetch();
    await assertWhole(tried);
    assert.match(tried.ranges[1]!, /^bytes=[1-9]/);
  });
});
