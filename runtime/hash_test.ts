import assert from "node:assert/strict";
import { hex } from "../tests/support/hex.ts";
import { sha256 } from "./mod.ts";

/** The hash as the web platform computes it. */
async function platformHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

Deno.test("the hash of no byte is that of FIPS 180-4", () => {
  assert.equal(
    sha256().hex(),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

Deno.test("bytes hash the same in whatever pieces they come", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7919) % 251);
  const expected = await platformHash(bytes);
  for (const size of [1, 55, 64, 65, 1000]) {
    const hash = sha256();
    for (let from = 0; from < bytes.length; from += size) {
      hash.update(bytes.subarray(from, from + size));
    }
    assert.equal(hash.hex(), expected, `pieces of ${size}`);
  }
});
