import { createPublicKey, hash, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LeaverReceipt } from "../../src/contract/access/receipt.ts";
import { concat, fromHex } from "../../src/contract/proofs/bytes.ts";
import { formatVerifierKey } from "../../src/contract/proofs/note.ts";
import {
  verifyLeaversReceipt,
  type ReceiptStatement,
} from "../../src/contract/proofs/verify-leavers-receipt.ts";
import type { ProofCrypto } from "../../src/contract/proofs/verify-log.ts";
import { CountReader } from "../../src/record/completeness/count-reader.ts";
import { lastMapWithin } from "../../src/record/completeness/map-queries.ts";
import { addApp, addGrant, addMember, entriesOf, type OwnedApp } from "../builders/access.ts";
import { startLog, type LogBench } from "../builders/log.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { startHarness, type Harness, type Headers } from "../harness.ts";

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
let owner: Person;
let leaver: Person;
let shop: OwnedApp;
let blog: OwnedApp;
let removalId: string;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  owner = await addPerson(h, { displayName: "Olga Owner" });
  shop = await addApp(h, { owner, name: "Shop" });
  blog = await addApp(h, { owner, name: "Blog" });
  leaver = await addPerson(h, { displayName: "Lars Leaver" });
  await addGrant(h, { appId: shop.appId, role: "editor", person: leaver });
  await addGrant(h, { appId: blog.appId, role: "reporter", person: leaver });
  await h.call("GET", `/v1/apps/${shop.appId}`, { as: leaver.headers });
  await log.countUp();
  removalId = await remove(leaver);
});
afterAll(async () => {
  await log.close();
  await h.stop();
});

async function remove(person: Person): Promise<string> {
  const { status, body } = await h.call(
    "POST",
    `/v1/organisations/${shop.organisationId}/people/${person.accountId}/remove`,
    { as: owner.headers, body: { revokeKeys: true } },
  );
  expect(status).toBe(200);
  return body.removalId;
}

const receiptOf = (id: string, { as = owner.headers, query = "" } = {}) =>
  h.call("GET", `/v1/organisations/${shop.organisationId}/removals/${id}/receipt${query}`, { as });

async function readReceipt(id = removalId): Promise<LeaverReceipt> {
  const { status, body } = await receiptOf(id);
  expect(status).toBe(200);
  return body;
}

/** When the first entry of an action was written. */
const timeOf = async (action: string) => (await entriesOf(h, action))[0]?.at.toISOString();

const batchTimeOf = async (action: string) => {
  const { rows } = await log.owner.pool.query<{ at: Date }>(
    "select at from entry_batch where convert_from(payload, 'UTF8') like $1 order by number limit 1",
    [`%"${action}"%`],
  );
  return rows[0]?.at.toISOString();
};

const key = () => log.services.signer.verifierKey("sec.example.test/audit/1");

describe("the receipt of a removal", () => {
  test("is there as soon as the log has counted it, and says so before", async () => {
    const { status, body, headers } = await receiptOf(removalId);
    expect([status, body.code, headers["retry-after"]]).toEqual([409, "not-proven-yet", "2"]);
    await log.countUp();
    const receipt = await receiptOf(removalId);
    expect(receipt.status).toBe(200);
    expect(receipt.headers["content-disposition"]).toMatch(
      /^attachment; filename="receipt-[\d-]+\.json"$/,
    );
    const [entry] = (await entriesOf(h, "access.receipt-read")).slice(-1);
    expect(entry?.targets).toEqual([
      { type: "account", id: leaver.accountId, accountId: leaver.accountId },
    ]);
  });

  test("says what they could reach, when it ended, when it was used last, and that nothing follows", async () => {
    // Tries that are refused are no acts: they do not change what the receipt says.
    for (const { appId } of [shop, blog])
      expect((await h.call("GET", `/v1/apps/${appId}`, { as: leaver.headers })).status).toBe(404);
    await log.countUp();
    const verified = await verifyLeaversReceipt(crypto, await readReceipt(), key());
    expect(verified.checks.filter(({ fault }) => fault !== null)).toEqual([]);
    expect(verified.isValid).toBe(true);
    expect(verified.said).toMatchObject({
      origin: "sec.example.test/audit/1",
      key: formatVerifierKey(key()),
      removal: {
        at: await timeOf("access.removed-from-everything"),
        organisation: { id: shop.organisationId },
        person: { id: leaver.accountId, name: "Lars Leaver", email: leaver.email },
        membership: null,
      },
      isFollowed: false,
      apps: [
        { name: "Blog", role: "reporter", lastUse: null, isUsedSince: false },
        { name: "Shop", role: "editor", isUsedSince: false },
      ],
    });
    expect(verified.said?.apps[1]?.lastUse?.at).toBe(await batchTimeOf("app.read"));
    expect(verified.said?.upTo).not.toBeNull();
  });

  test("does not say who removed them, nor from where", async () => {
    const text = JSON.stringify(await readReceipt());
    expect(text).not.toContain(owner.accountId);
    expect(text).not.toContain(owner.sessionId);
    expect(text).not.toContain(leaver.sessionId);
  });

  test("got later covers more, and tells when they came back and did something", async () => {
    const again = await addPerson(h, { displayName: "Rita Returning" });
    await addGrant(h, { appId: shop.appId, role: "editor", person: again });
    const id = await remove(again);
    await log.countUp();
    const first = await readReceipt(id);
    const since = h.clock.now().toISOString();
    await addGrant(h, { appId: shop.appId, role: "reporter", person: again });
    await h.call("GET", `/v1/apps/${shop.appId}`, { as: again.headers });
    await log.countUp();
    const later = await readReceipt(id);
    expect(later.map.covered).toBeGreaterThan(first.map.covered);
    const said = [first, later].map(
      async (receipt) => await verifyLeaversReceipt(crypto, receipt, key()),
    );
    expect((await said[0])?.said).toMatchObject({ isFollowed: false, acts: 0 });
    const followed = await said[1];
    expect(followed).toMatchObject({ isValid: true, said: { isFollowed: true } });
    expect((followed?.said?.lastAct?.at ?? "") > since).toBe(true);
  });

  test("of an owner names the apps that they used without a role", async () => {
    const partner = await addMember(h, { organisationId: shop.organisationId, role: "owner" });
    await h.call("PATCH", `/v1/apps/${blog.appId}`, {
      as: partner.headers,
      body: { name: "Blog" },
    });
    const id = await remove(partner);
    await log.countUp();
    const { isValid, said } = await verifyLeaversReceipt(crypto, await readReceipt(id), key());
    expect([isValid, said?.removal.membership]).toEqual([true, "owner"]);
    expect(said?.apps).toMatchObject([{ name: "Blog", role: null, lastUse: {} }]);
  });
});

describe("whose business it is", () => {
  test("the organisation's owners list removals and get receipts; nobody else does", async () => {
    const { organisationId } = shop;
    const list = (as: Headers) =>
      h.call("GET", `/v1/organisations/${organisationId}/removals`, { as });
    const { body } = await list(owner.headers);
    expect(body.removals.at(-1)).toMatchObject({
      id: removalId,
      account: { id: leaver.accountId, displayName: "Lars Leaver" },
      removedAt: expect.any(String),
    });
    const officer = await addMember(h, { organisationId, role: "officer" });
    const other = await addApp(h);
    for (const [as, status] of [
      [officer.headers, 403],
      [leaver.headers, 404],
      [other.owner.headers, 404],
      [{}, 401],
    ] as const) {
      expect((await list(as)).status).toBe(status);
      expect((await receiptOf(removalId, { as })).status).toBe(status);
    }
    const elsewhere = `/v1/organisations/${other.organisationId}/removals/${removalId}/receipt`;
    expect((await h.call("GET", elsewhere, { as: other.owner.headers })).status).toBe(404);
    expect((await receiptOf(removalId, { query: "?format=pdf" })).status).toBe(400);
  });
});

/** As a file that may be anything. */
async function holds(text: string): Promise<boolean> {
  try {
    return (await verifyLeaversReceipt(crypto, JSON.parse(text) as LeaverReceipt, key())).isValid;
  } catch {
    return false;
  }
}

describe("a receipt that says something else is told which statement is false", () => {
  const text = (receipt: LeaverReceipt, from: string | RegExp, to: string) => {
    for (const part of receipt.removal.parts)
      if ("text" in part) part.text = part.text.replace(from, to);
  };
  const second = (receipt: LeaverReceipt) => receipt.apps[1] as LeaverReceipt["apps"][number];

  test.each<[string, ReceiptStatement[], (receipt: LeaverReceipt) => void]>([
    ["another person", ["removal", "acts", "app"], (r) => text(r, "Lars", "Nils")],
    ["another role", ["removal", "acts", "app"], (r) => text(r, '"editor"', '"reporter"')],
    ["another time", ["removal", "acts", "app"], (r) => text(r, '"at":"2', '"at":"1')],
    ["an app less", ["removal", "acts", "app"], (r) => void r.apps.pop()],
    ["another entry", ["removal", "acts", "app"], (r) => void (r.removal.entry += "1")],
    ["fewer counted", ["acts"], (r) => void ((r.acts.count.value ?? { count: 0 }).count -= 1)],
    ["nothing counted", ["acts"], (r) => void (r.acts.count.value = null)],
    [
      "an earlier last use",
      ["app"],
      (r) => void ((second(r).acts.count.value ?? { last: 0 }).last -= 1),
    ],
    [
      "no last use",
      ["app"],
      (r) => {
        second(r).acts.count.value = null;
        second(r).acts.last = null;
      },
    ],
    [
      "another time of the last use",
      ["app"],
      (r) => {
        const { last } = second(r).acts;
        if (last !== null) last.head.text = last.head.text.replace('"at":"2', '"at":"1');
      },
    ],
    ["another's last use", ["app"], (r) => void (second(r).acts.last = r.upTo)],
    ["a later end of counting", ["counts", "acts", "app"], (r) => void (r.map.covered += 1)],
    [
      "another time of the end",
      ["counts", "acts", "app"],
      (r) => {
        if (r.upTo !== null) r.upTo.head.text = r.upTo.head.text.replace('"at":"2', '"at":"1');
      },
    ],
    [
      "another signature",
      ["signature"],
      (r) => {
        r.removal.checkpoint = r.removal.checkpoint.replace(
          /(.)(.{9})\n$/,
          (_, one, rest) => `${one === "A" ? "B" : "A"}${rest}\n`,
        );
      },
    ],
    ["another key", ["signature"], (r) => void (r.key = r.key.replace(/..$/, "AA"))],
    ["another kind of file", ["signature"], (r) => void (r.format = "other" as never)],
    [
      "another head of the log",
      ["signature", "removal", "counts", "acts", "app"],
      (r) => {
        r.removal.checkpoint = r.removal.checkpoint.replace(
          /(\n\d+\n.{6})(.)/,
          (_, before, one) => `${before}${one === "A" ? "B" : "A"}`,
        );
      },
    ],
  ])("%s", async (_name, statements, change) => {
    const receipt = await readReceipt();
    change(receipt);
    const { isValid, checks } = await verifyLeaversReceipt(crypto, receipt, key());
    const faulty = [...new Set(checks.flatMap((c) => (c.fault === null ? [] : [c.statement])))];
    expect([isValid, faulty]).toEqual([false, statements]);
  });

  test("and so is one whose counts are from before the removal", async () => {
    const earlier = await readReceipt();
    const late = await addPerson(h);
    await addGrant(h, { appId: shop.appId, role: "editor", person: late });
    const id = await remove(late);
    await log.countUp();
    const receipt = await readReceipt(id);
    // An honest map of the same log, proven against the same head.
    const reader = await CountReader.open(h.db, null);
    const size = earlier.map.index + 1;
    const map = reader && (await lastMapWithin(h.db, { epoch: reader.log.epoch, size }));
    if (reader === null || map === null) throw new Error("there was an earlier map");
    expect(reader.log.checkpoint).toBe(receipt.removal.checkpoint);
    const old = { ...receipt, map: await reader.proveMap(map), upTo: null };
    const { checks } = await verifyLeaversReceipt(crypto, old, key());
    expect(checks.find(({ statement }) => statement === "counts")?.fault).toBe(
      "The counts are from before the removal.",
    );
  });

  test("every single byte of it counts", async () => {
    const whole = JSON.stringify(await readReceipt());
    const digits = [...whole.matchAll(/[A-Za-z0-9+/]/g)].map(({ index }) => index);
    // A step that shares nothing with the length of hashes, so that each kind of place comes by.
    for (let at = 0; at < digits.length; at += 97) {
      const index = digits[at] ?? 0;
      const was = whole[index];
      const changed = `${whole.slice(0, index)}${was === "A" ? "B" : "A"}${whole.slice(index + 1)}`;
      const isValid = await holds(changed);
      expect([whole.slice(index - 20, index + 5), isValid]).toEqual([
        whole.slice(index - 20, index + 5),
        false,
      ]);
    }
  });
});
