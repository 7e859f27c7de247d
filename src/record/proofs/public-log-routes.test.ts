import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addBatches, startLog, type LogBench } from "../../../test/builders/log.ts";
import { newWitness } from "../../../test/builders/witness.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { parseCheckpoint } from "../../contract/proofs/checkpoint.ts";
import { formatVerifierKey, parseNote } from "../../contract/proofs/note.ts";
import { parsePolicy } from "../../contract/proofs/policy.ts";
import { TileTree, type ReadTile } from "../../contract/proofs/tile-tree.ts";
import { tilePath } from "../../contract/proofs/tiles.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { Memory, sequenceRound } from "../sequencer/sequence-round.ts";

let h: Harness;
let log: LogBench;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
});
afterAll(async () => {
  await log.close();
  await h.stop();
});

const get = async (path: string) => await h.app.inject({ method: "GET", url: `/audit/${path}` });

const checkpoint = async (path = "checkpoint") => {
  const found = parseCheckpoint(parseNote((await get(path)).body)?.text ?? "");
  if (found === null) throw new Error("no checkpoint");
  return found;
};

test("before anything was signed there is no log to read", async () => {
  for (const path of ["checkpoint", "tile/0/000.p/1", "1/checkpoint"])
    expect((await get(path)).statusCode).toBe(404);
});

describe("a log that was signed", () => {
  beforeAll(async () => {
    await addBatches(log.owner, h.services.keyRing, { count: 600 });
    await log.catchUp();
  });

  test("is read from its tiles with the root that was signed, by the present name and its own", async () => {
    for (const prefix of ["", "1/"]) {
      const found = await checkpoint(`${prefix}checkpoint`);
      const read: ReadTile = async (place) => (await get(prefix + tilePath(place))).rawPayload;
      const root = await new TileTree(sha256, found.size, read).root();
      expect(Buffer.from(root)).toEqual(Buffer.from(found.root));
    }
  });

  test("says nothing that no checkpoint covers, however far the tree has grown", async () => {
    const { size } = await checkpoint();
    await addBatches(log.owner, h.services.keyRing, { count: 300 });
    while ((await sequenceRound(log.services, new Memory())).hasMore);
    const width = size - 512;
    expect((await get(`tile/0/002.p/${width}`)).rawPayload).toHaveLength(32 * width);
    expect((await get(`tile/0/002.p/${width - 1}`)).rawPayload).toHaveLength(32 * (width - 1));
    for (const path of [
      `tile/0/002.p/${width + 1}`,
      "tile/0/002",
      "tile/entries/002",
      "tile/1/000.p/3",
      "tile/2/000.p/1",
    ])
      expect((await get(path)).statusCode, path).toBe(404);
  });

  test("names its witnesses once they have signed, as a policy that asks nothing", async () => {
    const key = (await get("key")).body.trim();
    expect((await get("witnesses")).body).toBe(`log ${key}\nquorum none\n`);
    const { key: witness } = newWitness();
    const text = formatVerifierKey(witness);
    await log.owner.pool.query(
      `insert into log_witness (epoch, verifier_key, name, size, cosigned_at)
       values (1, $1, 'notary', 1, now()), (1, 'silent', 'silent', 0, null)`,
      [text],
    );
    const { body } = await get("1/witnesses");
    expect(body).toBe(`log ${key}\nwitness notary ${text}\nquorum none\n`);
    expect(parsePolicy(sha256, body).witnesses.map(({ name }) => name)).toEqual(["notary"]);
  });

  test("may be kept for good but for its checkpoint, and leaves no entry", async () => {
    const before = (await h.entries()).length;
    expect((await get("checkpoint")).headers).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "public, max-age=1",
    });
    expect((await get("tile/0/000")).headers).toMatchObject({
      "content-type": "application/octet-stream",
      "cache-control": "public, max-age=31536000, immutable",
    });
    const bundle = (await get("tile/entries/000")).rawPayload;
    expect(bundle).toHaveLength(256 * (2 + 38));
    expect((await get("tile/entries/000.p/7")).rawPayload).toEqual(bundle.subarray(0, 7 * 40));
    expect((await h.entries()).length).toBe(before);
  });

  // Attack: ask for files as fast as one can; each costs the database a look.
  test("a network has 5,000 files at once, then waits; another has its own", async () => {
    const ask = async (remoteAddress: string) =>
      await h.app.inject({ method: "GET", url: "/audit/tile/none", remoteAddress });
    h.clock.freeze();
    for (let sent = 0; sent < 5_000; sent += 100)
      await Promise.all(Array.from({ length: 100 }, () => ask("203.0.113.9")));
    const refused = await ask("203.0.113.9");
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
    expect((await ask("203.0.113.10")).statusCode).toBe(404);
    h.clock.advance(1_000);
    expect((await ask("203.0.113.9")).statusCode).toBe(404);
  });

  test.each(["2/checkpoint", "0/checkpoint", "x/checkpoint", "tile/0/0", "tile/0/%2e%2e/000"])(
    "there is no %s",
    async (path) => {
      expect((await get(path)).statusCode).toBe(404);
    },
  );
});
