import assert from "node:assert/strict";
import { IssueLog } from "../base/mod.ts";
import { type JsonReading, readJson, type ReadJsonOptions } from "./json.ts";

function read(input: string | Uint8Array, options: ReadJsonOptions = {}) {
  const log = new IssueLog();
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const reading = readJson(bytes, { ...options, report: log.report });
  return { ...reading, issues: log.issues(), codes: log.issues().map(({ code }) => code) };
}

/** Small generator of pseudo-random values with a fixed start. */
function randomJson(seed: number): unknown {
  let state = seed;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  const make = (depth: number): unknown => {
    switch (next(depth > 4 ? 6 : 8)) {
      case 0:
        return null;
      case 1:
        return next(2) === 0;
      case 2:
        return (next(2_000_001) - 1_000_000) / [1, 7, 1e-9, 1e9][next(4)]!;
      case 3:
        return ["", 'a"b\\c', "é\u{1f600}\u2028", "\u0000\t\n/", "{a=1}"][next(5)];
      case 4:
        return next(1000);
      case 5:
        return `key ${next(10)}`;
      case 6:
        return Array.from({ length: next(5) }, () => make(depth + 1));
      default:
        return Object.fromEntries(
          Array.from({ length: next(5) }, () => [`k${next(9)}"\\`, make(depth + 1)]),
        );
    }
  };
  return { root: Array.from({ length: 8 }, () => make(0)), [`key ${seed}`]: make(1) };
}

Deno.test("valid JSON is read as the platform reads it", () => {
  let length = 0;
  for (let seed = 1; seed <= 2000; seed++) {
    const text = JSON.stringify(randomJson(seed), undefined, seed % 3);
    length += text.length;
    const { value, codes, complete } = read(text);
    assert.deepEqual(value, JSON.parse(text), text);
    assert.deepEqual(codes, []);
    assert.ok(complete);
  }
  assert.ok(length > 200_000, `the texts are too simple: ${length} characters`);
});

Deno.test("what no object may inherit is kept as a plain key", () => {
  const text = '{"__proto__": {"a": 1}, "constructor": 2, "toString": 3}';
  const { value, codes } = read(text);
  assert.deepEqual(value, JSON.parse(text));
  assert.deepEqual(codes, []);
});

Deno.test("integers that a float cannot hold stay exact", () => {
  const { value } = read(
    '{"ns": 1753967422123456789, "ms": 1753967422123, "big": -9007199254740993}',
  );
  assert.deepEqual(value, {
    ns: 1753967422123456789n,
    ms: 1753967422123,
    big: -9007199254740993n,
  });
});

Deno.test("a cut at any byte keeps a prefix and never throws", () => {
  const whole = JSON.stringify(
    {
      session: "séance_20250731_143022",
      events: [
        { event: "marker", label: 'a "b" \\ ☃', stim_time: "00:45.333", n: -1.5e-3 },
        { event: "stop_record", ok: true, none: null },
      ],
      devices: [{ id: "phone_1", capabilities: ["rgb_video", "thermal"] }],
    },
    undefined,
    2,
  );
  const bytes = new TextEncoder().encode(whole);
  const full = JSON.parse(whole);
  for (let length = 1; length < bytes.length; length++) {
    const { value, complete, codes } = read(bytes.slice(0, length));
    assert.ok(isPrefix(value, full), `cut at ${length}: ${JSON.stringify(value)}`);
    assert.ok(!complete);
    assert.ok(codes.includes("METADATA_TRUNCATED"), `cut at ${length}: ${codes}`);
  }
});

/** Whether a value is the other one with only its end missing. */
function isPrefix(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part) && Array.isArray(whole)) {
    return part.length <= whole.length && part.every((item, index) => isPrefix(item, whole[index]));
  }
  if (typeof part === "object" && part !== null && typeof whole === "object" && whole !== null) {
    const keys = Object.keys(whole);
    return Object.entries(part).every(([key, item], index) =>
      keys[index] === key && isPrefix(item, (whole as Record<string, unknown>)[key])
    );
  }
  return part === whole;
}

Deno.test("a cut says where it is and how much was kept", () => {
  const { issues } = read('{"files": {"webcam": [{"size": 1}, {"size": 2, "name": "ab');
  assert.deepEqual(issues.map(({ code, params }) => [code, params]), [
    ["METADATA_TRUNCATED", { inside: "files.webcam[1].name", kept: 3 }],
  ]);
});

Deno.test("documents that follow each other are a list", () => {
  for (const text of ['{"a":1}{"a":2}', '{"a":1}\n{"a":2}\n', '{"a":1},{"a":2},']) {
    const { value, codes } = read(text);
    assert.deepEqual(value, [{ a: 1 }, { a: 2 }]);
    assert.deepEqual(codes, ["METADATA_CONCATENATED"]);
  }
});

Deno.test("byte order marks and UTF-16 are read", () => {
  const text = '{"név": "é☃"}';
  const utf16 = (littleEndian: boolean, mark: boolean) => {
    const content = (mark ? "\ufeff" : "") + text;
    const view = new DataView(new ArrayBuffer(content.length * 2));
    for (let i = 0; i < content.length; i++) {
      view.setUint16(2 * i, content.charCodeAt(i), littleEndian);
    }
    return new Uint8Array(view.buffer);
  };
  const inputs = ["\ufeff" + text, utf16(true, true), utf16(false, true), utf16(true, false)];
  for (const input of inputs) {
    const { value, codes } = read(input);
    assert.deepEqual(value, { név: "é☃" });
    assert.deepEqual(codes, []);
  }
});

Deno.test("NUL padding, duplicate keys and bytes that are no text are reported", () => {
  assert.deepEqual(read('{"a":1}\0\0\0').value, { a: 1 });
  assert.deepEqual(read('{"a":1}\0\0\0').codes, ["METADATA_UNREADABLE"]);
  assert.deepEqual(read('{"a":1,"a":2}').value, { a: 2 });
  assert.deepEqual(read('{"a":1,"a":2}').codes, ["METADATA_KEY_DUPLICATE"]);
  const latin = read(new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d]));
  assert.deepEqual([latin.value, latin.codes], [{ a: "\ufffd" }, ["METADATA_UNREADABLE"]]);
  for (const blank of ["", "  \n", "\0\0\0\0"]) {
    assert.deepEqual([read(blank).value, read(blank).codes], [undefined, ["METADATA_UNREADABLE"]]);
  }
});

Deno.test("a defect in the middle keeps what is before it and names the line", () => {
  const { value, issues } = read('{"a": 1,\n "b": [1, 2],\n "c": oops, "d": 4}');
  assert.deepEqual(value, { a: 1, b: [1, 2] });
  assert.deepEqual(issues.map(({ code, where }) => [code, where.line]), [
    ["METADATA_UNREADABLE", 3],
  ]);
});

Deno.test("Kotlin maps are read, as a whole file and quoted inside values", () => {
  const map = "{a=1, b=[x, y], c={d=2.5, e=hello, world}, f=null, g=true}";
  const expected = { a: 1, b: ["x", "y"], c: { d: 2.5, e: "hello, world" }, f: null, g: true };
  assert.deepEqual([read(map).value, read(map).codes], [expected, ["METADATA_KOTLIN_MAP"]]);
  const quoted = read(JSON.stringify({ session_metadata: map }), { expandKotlinMaps: true });
  assert.deepEqual(quoted.value, { session_metadata: expected });
  assert.deepEqual(quoted.issues.map(({ params }) => params.key), ["session_metadata"]);
  assert.deepEqual(read(JSON.stringify({ label: "{a=1}" })).value, { label: "{a=1}" });
});

Deno.test("hostile texts neither exhaust the stack nor hang", () => {
  const texts = [
    "[".repeat(100_000),
    "[".repeat(100_000) + "]".repeat(100_000),
    '{"a":'.repeat(100_000),
    '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000),
    "{a=".repeat(100_000),
    "{a=[".repeat(100_000),
    `"${"x".repeat(10_000_000)}"`,
    `"${"x".repeat(10_000_000)}`,
    `"${"\\".repeat(10_000_000)}`,
    `[${"9".repeat(10_000_000)}]`,
    "{a=" + ",".repeat(1_000_000),
  ];
  for (const text of texts) assert.ok(read(text).documents >= 0);
  assert.equal(read(texts[6]!).value, "x".repeat(10_000_000));
  assert.deepEqual(read(texts[1]!).codes, ["METADATA_UNREADABLE"]);
});

Deno.test("lines of objects are known", () => {
  const reading: JsonReading = read('{\n "events": [\n  {"a": 1},\n\n  {"a": 2}\n ]\n}');
  const { events } = reading.value as { events: { a: number }[] };
  assert.deepEqual(events.map((event) => reading.lineOf(event)), [3, 5]);
  assert.equal(reading.lineOf(reading.value!), 1);
});
