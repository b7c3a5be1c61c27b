import assert from "node:assert/strict";
import { detectEncoding, Utf8Transcoder } from "./encoding.ts";
import { readTable } from "./_support.ts";

const TEXT =
  "timestamp_ms,device_id,ecg_mV\r\n1753842118000,é中😀,1.5\r\n1753842118008,é中😀,1.75\r\n";

function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer((text.length + Number(mark)) * 2));
  if (mark) view.setUint16(0, 0xfeff, littleEndian);
  for (let at = 0; at < text.length; at++) {
    view.setUint16((at + Number(mark)) * 2, text.charCodeAt(at), littleEndian);
  }
  return new Uint8Array(view.buffer);
}

Deno.test("UTF-16 tables are read with and without a byte-order mark", async () => {
  for (const littleEndian of [true, false]) {
    for (const mark of [true, false]) {
      const table = await readTable(utf16(TEXT, littleEndian, mark));
      assert.deepEqual(table.times, [1753842118000000000n, 1753842118008000000n]);
      assert.deepEqual(table.values["device_id"], ["é中😀", "é中😀"]);
      assert.deepEqual(table.values["ecg"], [1.5, 1.75]);
      const issue = table.issues.find(({ code }) => code === "CSV_ENCODING");
      const order = littleEndian ? "little" : "big";
      const suffix = mark ? " with a byte-order mark" : "";
      assert.equal(issue?.params["encoding"], `UTF-16 (${order}-endian)${suffix}`);
    }
  }
});

Deno.test("A byte-order mark of UTF-8 is no part of the first name", async () => {
  const table = await readTable(`\ufeff${TEXT}`);
  assert.deepEqual(Object.keys(table.values), ["timestamp", "device_id", "ecg"]);
  assert.equal(table.reader.schema.columns[0]?.recordedAs, "timestamp_ms");
  assert.deepEqual(table.codes, ["CSV_ENCODING"]);
});

Deno.test("Bytes that are not UTF-8 are read as Windows-1252", async () => {
  const bytes = Uint8Array.from(
    "time_s,temperature (\xb0C),device_id\n0.5,21.5,Ger\xe4t\n1,22,Ger\xe4t\n",
    (char) => char.charCodeAt(0),
  );
  const table = await readTable(bytes);
  assert.equal(table.units["temperature"], "degC");
  assert.deepEqual(table.values["device_id"], ["Gerät", "Gerät"]);
  assert.ok(table.codes.includes("CSV_ENCODING"));
});

Deno.test("A rare strange byte is damage, not another encoding", async () => {
  const rows = Array.from({ length: 60 }, (_, n) => `${1753842118000 + n},s1,${n}\n`).join("");
  const bytes = new TextEncoder().encode(`timestamp_ms,device_id,ecg\n${rows}`);
  bytes[bytes.lastIndexOf(0x73)] = 0xff;
  const table = await readTable(bytes);
  assert.deepEqual(table.codes, ["CSV_ENCODING_INVALID"]);
  assert.equal(table.values["device_id"]?.at(-1), "\ufffd1");
  const mixed = new TextEncoder().encode("timestamp_s,device_id\n0.5,é\n1.0,x\n1.5,é\n");
  mixed[mixed.indexOf(0x78)] = 0xe9;
  assert.equal(detectEncoding(mixed).encoding, "utf-8");
});

Deno.test("detectEncoding takes no block of NUL bytes for UTF-16", () => {
  assert.equal(detectEncoding(new Uint8Array(64)).encoding, "utf-8");
  const cut = new TextEncoder().encode("a,b\n1,é").subarray(0, -1);
  assert.equal(detectEncoding(cut).encoding, "utf-8");
});

Deno.test("Utf8Transcoder gives the same bytes however the input is cut", () => {
  const input = utf16(TEXT, true, false);
  const expected = new TextEncoder().encode(TEXT);
  for (let cut = 0; cut <= input.length; cut++) {
    const transcoder = new Utf8Transcoder("utf-16le");
    const parts = [
      ...transcoder.push(input.subarray(0, cut)),
      ...transcoder.push(input.subarray(cut)),
      ...transcoder.end(),
    ];
    assert.deepEqual(Uint8Array.from(parts), expected);
  }
});
