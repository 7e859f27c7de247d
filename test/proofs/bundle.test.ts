import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proofCrypto } from "../../cli/proof-crypto.ts";
import { toBase64 } from "../../src/contract/proofs/bytes.ts";
import { formatVerifierKey } from "../../src/contract/proofs/note.ts";
import {
  BundleFault,
  verifyBundle,
  type BundleToVerify,
} from "../../src/contract/proofs/verify-bundle.ts";
import { LogFault } from "../../src/contract/proofs/verify-log.ts";
import { addApp, addGrant, type OwnedApp } from "../builders/access.ts";
import { addBatches, startLog, type LogBench } from "../builders/log.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { cosign, newWitness } from "../builders/witness.ts";
import { startHarness, type Harness, type Headers } from "../harness.ts";
import { runToEnd } from "../support/run-to-end.ts";

// eslint-disable-next-line typescript/no-explicit-any -- lines of many shapes, which tests change as forgers do
type Line = any;

let h: Harness;
let log: LogBench;
let owner: Person;
let guest: Person;
let shop: OwnedApp;
let folder: string;
/** A checkpoint that somebody kept, before most of what follows. */
let kept: string;
/** The owner's bundle as it is exported. */
let honest: Line[];
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  folder = await mkdtemp(join(tmpdir(), "sallyport-bundle-"));
  owner = await addPerson(h, { displayName: "Olga Owner" });
  shop = await addApp(h, { owner, name: "Shop" });
  const { person, grantId } = await addGrant(h, { appId: shop.appId, role: "editor" });
  guest = person;
  await log.catchUp();
  kept = await checkpoint();
  // Others' batches in between, so that the log has several tiles.
  await addBatches(log.owner, h.services.keyRing, { count: 300 });
  await log.catchUp();
  for (let turn = 0; turn < 4; turn++)
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        h.call("GET", "/v1/account", { as: index % 2 === 0 ? owner.headers : guest.headers }),
      ),
    );
  await addBatches(log.owner, h.services.keyRing, { count: 300 });
  await h.call("PATCH", `/v1/apps/${shop.appId}`, { as: owner.headers, body: { name: "Store" } });
  await h.call("PATCH", `/v1/apps/${shop.appId}/grants/${grantId}`, {
    as: owner.headers,
    body: { role: "reporter" },
  });
  await log.catchUp();
  honest = await exported(owner.headers);
});
afterAll(async () => {
  await log.close();
  await h.stop();
  await rm(folder, { recursive: true });
});

const key = () => log.services.signer.verifierKey("sec.example.test/audit/1");
const checkpoint = async (): Promise<string> =>
  (await h.app.inject({ method: "GET", url: "/audit/checkpoint" })).body;

const exported = async (as: Headers, query = ""): Promise<Line[]> => {
  const { status, text } = await h.call("GET", `/v1/audit/export?format=bundle${query}`, { as });
  expect(status, text).toBe(200);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
};

async function* pieces(lines: readonly Line[]): AsyncGenerator<string[]> {
  for (const line of lines) yield [typeof line === "string" ? line : JSON.stringify(line)];
}

const check = async (lines: readonly Line[], given: Partial<BundleToVerify> = {}) =>
  await verifyBundle(proofCrypto, { keys: [key()], ...given, lines: pieces(lines) });

/** How a bundle is refused. */
const faultOf = async (lines: readonly Line[], given: Partial<BundleToVerify> = {}) =>
  await check(lines, given).then(
    () => null,
    (error: unknown) => {
      if (error instanceof BundleFault) return { fault: error.message, entry: error.entry };
      if (error instanceof LogFault) return { fault: error.message, entry: null };
      throw error;
    },
  );

describe("a bundle", () => {
  test("proves just the entries of the same export, to whoever has nothing but the key", async () => {
    for (const { headers } of [owner, guest]) {
      const { text } = await h.call("GET", "/v1/audit/export?format=ndjson", { as: headers });
      const ids = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).id as string);
      await log.catchUp();
      const lines = await exported(headers);
      const proven = lines.filter(({ type }) => type === "entry").map(({ id }) => id as string);
      // The export itself is on record, and newer than what is signed.
      const unproven = lines.filter(({ type }) => type === "unproven").flatMap((line) => line.ids);
      expect([...proven, ...unproven].toSorted()).toEqual(expect.arrayContaining(ids.toSorted()));
      expect(unproven.length).toBeLessThan(3);
      const report = await check(lines);
      expect(report).toMatchObject({
        entries: proven.length,
        unproven: unproven.length,
        altered: { entries: 0, first: null },
        logs: [{ isTrusted: true }],
      });
      expect(proven.length).toBeGreaterThan(50);
    }
  });

  test("shows its reader no more than the log does", async () => {
    const query = "&action=grant.*";
    const textOf = (lines: Line[]) =>
      lines
        .flatMap((line) => line.parts ?? [])
        .map((part) => part.text ?? "")
        .join("\n");
    const [own, seen] = [
      await exported(owner.headers, query),
      await exported(guest.headers, query),
    ];
    expect(textOf(own)).toContain(owner.sessionId);
    expect(textOf(seen)).not.toContain(owner.sessionId);
    const report = await check(seen);
    expect(report.parts.closed).toBeGreaterThan(0);
    // Neither the seed of a batch, with which closed parts could be tried.
    expect(JSON.stringify(seen)).not.toContain("seed");
  });

  test("tells a batch's place once for all its entries, and what leaves of a tile share once", async () => {
    const lines = honest;
    const count = (type: string) => lines.filter((line) => line.type === type).length;
    expect(count("batch")).toBeLessThan(count("entry"));
    expect(count("leaves")).toBeLessThan(count("batch"));
  });

  test("goes on from a checkpoint that was kept, and is refused where it does not", async () => {
    const size = kept.split("\n")[1];
    const lines = await exported(owner.headers, `&sinceSize=${size}`);
    const report = await check(lines, { since: kept });
    expect(report.logs.at(-1)?.goesOnFrom).toBe(Number(size));
    expect(await faultOf(await exported(owner.headers), { since: kept })).toMatchObject({
      fault: expect.stringContaining(`sinceSize=${size}`),
    });
    // Attack: the operator signs another history for whoever asks later.
    const { origin } = report.logs[0]?.checkpoint ?? { origin: "" };
    const root = createHash("sha256").update("x").digest("base64");
    const text = `${origin}\n${size}\n${root}\n`;
    const { signature, keyId } = log.services.signer.sign(origin, text);
    const other = `${text}\n\u2014 ${origin} ${toBase64(Buffer.concat([keyId, signature]))}\n`;
    expect(await faultOf(lines, { since: other })).toMatchObject({
      fault: expect.stringContaining("one was changed or taken out"),
    });
  });

  test("is not trusted for the key that it names itself", async () => {
    const lines = await exported(owner.headers, "&action=app.renamed");
    expect((await check(lines, { keys: [] })).logs).toMatchObject([{ isTrusted: false }]);
    const other = log.services.signer.verifierKey("other.example.test/audit/1");
    expect(await faultOf(lines, { keys: [other] })).toMatchObject({
      fault: expect.stringContaining("no key of that log was given"),
    });
  });

  test("is signed by the witnesses that are asked for, or refused; others are left alone", async () => {
    const [witness, stranger] = [newWitness(), newWitness()];
    const lines = structuredClone(honest);
    const [bundled] = lines[0].logs;
    bundled.checkpoint = cosign(stranger, bundled.checkpoint, 1_000);
    expect((await check(lines)).logs[0]?.witnessed).toBeNull();
    const asked = { witnesses: witness.policy };
    expect(await faultOf(lines, asked)).toMatchObject({
      fault: "Too few witnesses have signed the log's head.",
    });
    bundled.checkpoint = cosign(witness, bundled.checkpoint, 5_000);
    expect((await check(lines, asked)).logs[0]?.witnessed).toEqual({
      signed: [{ name: "one", at: new Date(5_000) }],
      forged: [],
      isMet: true,
    });
    bundled.checkpoint = cosign({ ...witness, secret: stranger.secret }, bundled.checkpoint, 6_000);
    expect(await faultOf(lines, asked)).toMatchObject({
      fault: expect.stringContaining("claims to be of one"),
    });
  });

  test("takes a part that was erased as its commitment alone", async () => {
    const lines = await exported(owner.headers, "&action=grant.*");
    const entry = find(lines, "entry");
    const { body: proof } = await h.call("GET", `/v1/audit/entries/${entry.id}/proof`, {
      as: guest.headers,
    });
    const closed: number = proof.parts.findIndex((part: Line) => "commitment" in part);
    entry.parts[closed] = { ...proof.parts[closed], erased: true };
    expect((await check(lines)).parts).toMatchObject({ closed: 1, erased: 1 });
  });
});

const find = (lines: Line[], type: string): Line => lines.find((line) => line.type === type);
const firstEntry = (lines: Line[]): string => find(lines, "entry").id;

describe("a bundle that was forged is refused, and the first bad entry named", () => {
  const changeText = (part: Line) => void (part.text = part.text.replace("20", "19"));
  test.each<[string, (lines: Line[]) => Line[] | void, ((lines: Line[]) => string) | null]>([
    ["a text", (lines) => changeText(find(lines, "entry").parts[0]), firstEntry],
    [
      "a salt",
      (lines) => void (find(lines, "entry").parts[0].salt = toBase64(new Uint8Array(32))),
      firstEntry,
    ],
    ["a part less", (lines) => void find(lines, "entry").parts.pop(), firstEntry],
    [
      "a part twice",
      (lines) => void find(lines, "entry").parts.push(find(lines, "entry").parts[0]),
      firstEntry,
    ],
    [
      "parts in another order",
      (lines) => void (find(lines, "entry").parts = find(lines, "entry").parts.toReversed()),
      firstEntry,
    ],
    ["another kind", (lines) => void (find(lines, "entry").parts[0].kind = 5), firstEntry],
    ["no parts", (lines) => void (find(lines, "entry").parts = []), firstEntry],
    [
      "a text hidden behind a made-up commitment",
      (lines) =>
        void (find(lines, "entry").parts[0] = {
          kind: 1,
          commitment: toBase64(new Uint8Array(32)),
          erased: true,
        }),
      firstEntry,
    ],
    [
      "an id",
      (lines) => void (find(lines, "entry").id = find(lines, "entry").id.replace(/\d+$/, "399")),
      (lines) =>
        `${JSON.parse(find(lines, "batch").head.text).day.replaceAll("-", "")}-${JSON.parse(find(lines, "batch").head.text).writer}-${JSON.parse(find(lines, "batch").head.text).number}-${find(lines, "batch").positions[0]}`,
    ],
    [
      "an entry's hash with it",
      (lines) => {
        changeText(find(lines, "entry").parts[0]);
        find(lines, "batch").hashes[1] = toBase64(new Uint8Array(32));
      },
      firstEntry,
    ],
    [
      "a batch's time",
      (lines) =>
        void (find(lines, "batch").head.text = find(lines, "batch").head.text.replace(
          '"at":"20',
          '"at":"19',
        )),
      firstEntry,
    ],
    [
      "a batch's root",
      (lines) => void (find(lines, "leaves").leaves[0].root = toBase64(new Uint8Array(32))),
      firstEntry,
    ],
    [
      "that a batch was altered",
      (lines) => void (find(lines, "leaves").leaves[0].verdict = 1),
      firstEntry,
    ],
    ["a batch's count", (lines) => void (find(lines, "leaves").leaves[0].count += 1), firstEntry],
    ["a leaf's place", (lines) => void (find(lines, "leaves").leaves[0].index -= 1), firstEntry],
    ["a tile's place", (lines) => void (find(lines, "leaves").tile += 1), firstEntry],
    [
      "the way to the root",
      (lines) => void (find(lines, "leaves").path = [toBase64(new Uint8Array(32))]),
      firstEntry,
    ],
    [
      "an entry taken out",
      (lines) =>
        lines.toSpliced(
          lines.findIndex(({ type }) => type === "entry"),
          1,
        ),
      null,
    ],
    [
      "an entry twice",
      (lines) =>
        lines.toSpliced(
          lines.findIndex(({ type }) => type === "entry"),
          0,
          find(lines, "entry"),
        ),
      null,
    ],
    [
      "a whole group twice",
      (lines) => {
        const end = lines.findLastIndex(({ type }) => type === "entry") + 1;
        const from = lines.findLastIndex(({ type }) => type === "leaves");
        return lines.toSpliced(end, 0, ...lines.slice(from, end));
      },
      (lines) =>
        lines
          .slice(lines.findLastIndex(({ type }) => type === "leaves"))
          .find(({ type }) => type === "entry").id,
    ],
    [
      "its end",
      (lines) => lines.slice(0, -1),
      (lines) => lines.findLast(({ type }) => type === "entry").id,
    ],
    [
      "its end after a failure",
      (lines) => [...lines.slice(0, -1), { error: { code: "internal" } }],
      (lines) => lines.findLast(({ type }) => type === "entry").id,
    ],
    [
      "its totals",
      (lines) => void (find(lines, "end").entries -= 1),
      (lines) => lines.findLast(({ type }) => type === "entry").id,
    ],
    [
      "lines behind its end",
      (lines) => [...lines, { type: "gaps", batches: [] }],
      (lines) => lines.findLast(({ type }) => type === "entry").id,
    ],
    [
      "a line cut off",
      (lines) => [...lines.slice(0, 3), JSON.stringify(lines[3]).slice(0, -5)],
      null,
    ],
    [
      "its head",
      (lines) =>
        void (lines[0].logs[0].checkpoint = lines[0].logs[0].checkpoint.replace(
          /\n\d+\n/,
          "\n7\n",
        )),
      null,
    ],
    ["its format", (lines) => void (lines[0].format = "sallyport-bundle/v2"), null],
    ["everything", () => [], null],
  ])("%s", async (_name, forge, named) => {
    const lines = structuredClone(honest);
    const forged = forge(lines) ?? lines;
    expect(await faultOf(forged)).toEqual({
      fault: expect.any(String),
      entry:
        named === null
          ? expect.toSatisfy((entry) => entry === null || typeof entry === "string")
          : named(honest),
    });
  });

  test("an entry moved to another batch, with what belongs to it", async () => {
    const lines = honest;
    const places = lines.flatMap(({ type }, at) => (type === "entry" ? [at] : []));
    const [first = 0, last = 0] = [places[0], places.at(-1)];
    const forged = lines.with(first, { ...lines[last], id: lines[first].id });
    expect(await faultOf(forged)).toMatchObject({ entry: lines[first].id });
  });
});

test("what the log itself found altered is told, with its first entry", async () => {
  const person = await addPerson(h);
  const { headers } = await h.call("PATCH", "/v1/account", {
    as: person.headers,
    body: { displayName: "Ann" },
  });
  const id = String(headers["audit-id"]);
  const [, writer, number] = id.split("-");
  const list = async (organisation: string, how: string) =>
    await log.owner.pool.query(
      `update entry_batch set organisations = ${how}(organisations, $1::uuid) where writer = $2 and number = $3`,
      [organisation, writer, number],
    );
  // Altered when the log took it, and put back so that it is shown at all: the log knows better.
  await list(person.accountId, "array_append");
  await log.catchUp();
  await list(person.accountId, "array_remove");
  const lines = await exported(person.headers, "&action=account.renamed");
  expect((await check(lines)).altered).toEqual({ entries: 1, first: id });
});

test("verify reads a bundle of the disk, says what it proves and ends as it should", async () => {
  const path = join(folder, "log.bundle.ndjson");
  const lines = structuredClone(honest);
  const write = (some: Line[]) =>
    writeFile(path, some.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const verify = (...args: string[]) => runToEnd({}, ["cli/main.ts", "verify", path, ...args]);
  await write(lines);
  const vkey = formatVerifierKey(key());
  const proven = await verify("--key", vkey);
  expect([proven.code, proven.errors]).toEqual([0, ""]);
  expect(proven.output).toContain("Each stands in the log and says what was committed to.");
  const entry = find(lines, "entry");
  entry.parts[0].text = "{}";
  await write(lines);
  expect(await verify("--key", vkey)).toMatchObject({
    code: 1,
    output: "",
    errors: `${entry.id} does not say what was signed.\n`,
  });
});
