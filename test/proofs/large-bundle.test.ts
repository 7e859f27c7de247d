import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { proofCrypto, readKey } from "../../cli/proof-crypto.ts";
import { readLines } from "../../cli/read-lines.ts";
import { verifyBundle } from "../../src/contract/proofs/verify-bundle.ts";
import { writeBundle, type MadeBundle } from "../builders/bundle.ts";

const ENTRIES = process.env["SALLYPORT_TEST_LONG"] === "1" ? 1_000_000 : 12_000;

let folder: string;
let path: string;
let made: MadeBundle;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-bundle-"));
  path = join(folder, "large.bundle.ndjson");
  made = await writeBundle(path, { entries: ENTRIES });
}, 600_000);
afterAll(async () => rm(folder, { recursive: true }));

test("a large bundle is checked whole, and never held in memory", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const heapBytes = () => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = heapBytes();
  let most = 0;
  let pieces = 0;
  async function* watched(): AsyncGenerator<string[]> {
    for await (const lines of readLines(path, () => {})) {
      yield lines;
      if (pieces++ % 50 === 0) most = Math.max(most, heapBytes());
    }
  }
  const report = await verifyBundle(proofCrypto, { keys: [readKey(made.key)], lines: watched() });
  expect(report).toMatchObject({
    entries: ENTRIES,
    batches: made.batches,
    parts: { closed: 0 },
    altered: { entries: 0 },
    logs: [{ isTrusted: true, checkpoint: { size: made.batches } }],
  });
  // A piece of the file is 1 MB; all of it is 15 MB, in the long run more than a gigabyte.
  expect(most - before).toBeLessThan(30e6);
}, 600_000);
