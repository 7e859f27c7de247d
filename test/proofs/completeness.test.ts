import { createPublicKey, hash, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concat, fromHex } from "../../src/contract/proofs/bytes.ts";
import {
  compareExport,
  verifyCompleteness,
  type ExportedEntry,
} from "../../src/contract/proofs/verify-completeness.ts";
import { LogFault, type ProofCrypto } from "../../src/contract/proofs/verify-log.ts";
import type { CompletenessProof } from "../../src/contract/record/counts.ts";
import type { LogEntry } from "../../src/contract/record/entries.ts";
import { addApp, addGrant, addMember, type OwnedApp } from "../builders/access.ts";
import { startLog, type LogBench } from "../builders/log.ts";
import { addPerson } from "../builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../harness.ts";

const crypto: ProofCrypto = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  isSigned: async (publicKey, message, signature) => {
    const spki = Buffer.from(concat(fromHex("302a300506032b6570032100") ?? publicKey, publicKey));
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    return verify(null, message, key, signature);
  },
};

let h: Harness;
let log: LogBench;
let shop: OwnedApp;
let blog: OwnedApp;
/** Before anything was counted. */
let early: Reply;
/** Checkpoints' sizes after each of three parts of the story. */
const sizes: number[] = [];
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  shop = await addApp(h, { name: "Shop" });
  blog = await addApp(h, { name: "Blog", owner: shop.owner });
  const { person: guest } = await addGrant(h, { appId: shop.appId, role: "editor" });
  early = await read(shop.owner.headers);
  for (let part = 0; part < 3; part++) {
    for (let turn = 0; turn < 4; turn++) {
      await h.call("GET", `/v1/apps/${shop.appId}`, { as: guest.headers });
      await h.call("PATCH", `/v1/apps/${blog.appId}`, {
        as: shop.owner.headers,
        body: { name: `Blog ${part} ${turn}` },
      });
      await h.call("DELETE", `/v1/apps/${shop.appId}`, { as: guest.headers }); // refused
    }
    await log.countUp();
    const { body } = await read(shop.owner.headers);
    sizes.push(Number(body.checkpoint.split("\n")[1]));
  }
});
afterAll(async () => {
  await log.close();
  await h.stop();
});

const key = () => log.services.signer.verifierKey("sec.example.test/audit/1");

const read = (as: Headers, query = "") =>
  h.call("GET", `/v1/audit/completeness?organisationId=${shop.organisationId}${query}`, { as });

async function exported(): Promise<LogEntry[]> {
  const { text } = await h.call("GET", "/v1/audit/export?format=ndjson", {
    as: shop.owner.headers,
  });
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LogEntry);
}

const toExported = ({ id, app, targets }: LogEntry): ExportedEntry => ({
  id,
  apps: [
    ...(app === null ? [] : [app.id]),
    ...targets.filter(({ type }) => type === "app").map((target) => target.id),
  ],
});

/** What the export has and what the log counted, by app. */
async function compare(proof: CompletenessProof, entries: readonly LogEntry[]) {
  const counts = await verifyCompleteness(crypto, proof, key());
  const checks = await compareExport(proof, counts, entries.map(toExported));
  return Object.fromEntries(checks.map(({ app, counted, found }) => [app, { counted, found }]));
}

describe("an export between any two maps", () => {
  test("has as many entries of each app as the log counted", async () => {
    const entries = await exported();
    for (const query of [
      "",
      `&to=${sizes[0]}`,
      `&from=${sizes[0]}&to=${sizes[1]}`,
      `&from=${sizes[1]}`,
    ]) {
      const { status, body } = await read(shop.owner.headers, query);
      expect([query, status]).toEqual([query, 200]);
      const found = await compare(body, entries);
      for (const app of [shop.appId, blog.appId])
        expect([query, found[app]?.found]).toEqual([query, found[app]?.counted]);
      expect(found[shop.appId]?.counted).toBeGreaterThanOrEqual(8);
    }
  });

  test("of which an entry was left out is missing it", async () => {
    const entries = await exported();
    const { body } = await read(shop.owner.headers, `&from=${sizes[0]}&to=${sizes[1]}`);
    const between = entries.filter(({ action }) => action === "app.deleted");
    for (const gone of between.slice(4, 6)) {
      const found = (
        await compare(
          body,
          entries.filter((entry) => entry !== gone),
        )
      )[shop.appId];
      expect(found).toEqual({ counted: 8, found: 7 });
    }
    // One that is there twice stands in for none.
    const first = between[4] as LogEntry;
    const twice = entries.filter(({ id }) => id !== between[5]?.id).concat(first);
    expect((await compare(body, twice))[shop.appId]).toEqual({ counted: 8, found: 7 });
  });

  test("may be asked for by instants: the nearest maps around them are taken", async () => {
    const past = await read(
      shop.owner.headers,
      "&from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00Z",
    );
    expect([past.status, past.body.from]).toEqual([200, null]);
    expect(past.body.to.covered).toBeGreaterThan(sizes[1] ?? 0);
  });
});

describe("whose business it is", () => {
  test("owners and officers are told, others learn nothing", async () => {
    const officer = await addMember(h, { organisationId: shop.organisationId, role: "officer" });
    const { person: admin } = await addGrant(h, { appId: shop.appId, role: "admin" });
    const stranger = await addPerson(h);
    expect((await read(officer.headers)).status).toBe(200);
    expect((await read(admin.headers)).status).toBe(404);
    expect((await read(stranger.headers)).status).toBe(404);
    expect((await read({})).status).toBe(401);
  });

  test("what is asked for wrongly is named", async () => {
    const faults = async (query: string) =>
      (await read(shop.owner.headers, query)).body.errors?.map(
        ({ pointer, code }: { pointer: string; code: string }) => [pointer, code],
      );
    expect(await faults("&from=yesterday&to=-1")).toEqual([
      ["/from", "not-a-log-place"],
      ["/to", "not-a-log-place"],
    ]);
    expect(await faults(`&from=${sizes[2]}&to=1`)).toEqual([["/to", "end-before-beginning"]]);
  });

  test("before anything is counted there is nothing to prove, and it says when to ask again", async () => {
    expect([early.status, early.body.code, early.headers["retry-after"]]).toEqual([
      409,
      "not-proven-yet",
      "60",
    ]);
  });
});

describe("a file that says something else", () => {
  const middle = async (): Promise<CompletenessProof> =>
    (await read(shop.owner.headers, `&from=${sizes[0]}&to=${sizes[1]}`)).body;

  test.each<[string, (proof: CompletenessProof) => void]>([
    ["fewer entries", ({ subjects }) => void ((subjects[0]?.to.value ?? { count: 0 }).count -= 1)],
    [
      "more at the beginning",
      ({ subjects }) => void ((subjects[0]?.from?.value ?? { count: 0 }).count += 1),
    ],
    ["nothing at the beginning", ({ subjects }) => void (subjects[0] && (subjects[0].from = null))],
    ["another beginning", (proof) => void (proof.from = null)],
    [
      "beginning and end exchanged",
      (proof) => {
        const { from, to } = proof;
        if (from !== null) Object.assign(proof, { from: to, to: from });
      },
    ],
    ["that less is counted in the map", ({ to }) => void (to.covered -= 1)],
    ["another map", ({ to }) => void (to.index -= 1)],
    [
      "another organisation",
      ({ subjects }) => {
        const [first, second] = subjects;
        if (first && second) first.subject = second.subject;
      },
    ],
    [
      "another head of the log",
      (proof) => void (proof.checkpoint = proof.checkpoint.replace("\n", "x\n")),
    ],
  ])("%s: is refused", async (_name, change) => {
    const proof = await middle();
    await verifyCompleteness(crypto, proof, key());
    change(proof);
    await expect(verifyCompleteness(crypto, proof, key())).rejects.toThrow(LogFault);
  });
});
