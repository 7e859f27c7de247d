import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertApp, insertKey } from "../../../test/builders/gateways.ts";
import { addOperator, addOperatorKey, type OperatorKey } from "../../../test/builders/operator.ts";
import type { Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { systemContext } from "../../context.ts";
import { provisionAccount } from "../provisioning/provision-account.ts";
import { reportEntry } from "../reports/report-entry.ts";

let h: Harness;
let operator: Person;
let count = 0;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  operator = await addOperator(h);
});
afterAll(async () => h.stop());

const create = (body: object) =>
  h.call("POST", "/v1/operator/keys", { as: operator.headers, body });

/** A call that any good key of scope `report` may make. */
const report = (headers: Record<string, string>, from = "127.0.0.1") =>
  h.call("POST", "/v1/audit/entries", {
    as: headers,
    from,
    body: { id: `r-${count++}`, action: "order.placed", actor: { name: "Pat" } },
  });

const revoke = (id: string, reason = "key_compromise") =>
  h.call("DELETE", `/v1/operator/keys/${id}`, { as: operator.headers, body: { reason } });

const listed = async (id: string) => {
  const { body } = await h.call("GET", "/v1/operator/keys", { as: operator.headers });
  return body.keys.find((key: { id: string }) => key.id === id);
};

const inMinutes = (minutes: number) =>
  new Date(h.clock.now().getTime() + minutes * 60_000).toISOString();

describe("making", () => {
  test("shows the key once; neither the log nor the table nor the list holds it", async () => {
    const { status, body } = await create({
      name: "Billing",
      scopes: ["provision", "report"],
      addresses: ["192.0.2.7", "2001:db8::/32", "192.0.2.7/32"],
    });
    expect([status, body.key]).toEqual([
      201,
      expect.stringMatching(`^sally_op_${body.id}_[0-9A-Za-z]{49}$`),
    ]);
    expect(await listed(body.id)).toMatchObject({
      name: "Billing",
      scopes: ["provision", "report"],
      addresses: ["192.0.2.7/32", "2001:db8::/32"],
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    const secret = body.key.slice(-49);
    const row = await h.db
      .selectFrom("operator_key")
      .selectAll()
      .where("id", "=", body.id)
      .execute();
    const entries = (await h.entries()).filter((entry) => entry.targets?.[0]?.id === body.id);
    expect(entries).toMatchObject([{ action: "operator.key-created", outcome: "done" }]);
    expect(JSON.stringify([row, entries, await listed(body.id)])).not.toContain(secret);
  });

  test("names every field at fault", async () => {
    const schema = await create({ name: "", scopes: ["all"], addresses: [] });
    expect(schema.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(
      expect.arrayContaining(["/name", "/scopes/0", "/addresses"]),
    );
    const rules = await create({
      name: "X",
      scopes: ["report"],
      addresses: ["192.0.2.1", "192.0.2.1/24", "010.0.0.1"],
      expiresAt: inMinutes(-1),
    });
    expect(rules.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      "/addresses/1",
      "/addresses/2",
      "/expiresAt",
    ]);
  });
});

async function deletedKey(): Promise<string> {
  const key = await addOperatorKey(h, operator);
  await h.db.deleteFrom("operator_key").where("id", "=", key.id).execute();
  return key.text;
}

describe("using", () => {
  test("works from its addresses alone", async () => {
    const key = await addOperatorKey(h, operator, { addresses: ["127.0.0.2", "::1"] });
    expect((await report(key.headers, "127.0.0.2")).status).toBe(201);
    expect((await report(key.headers, "::ffff:127.0.0.2")).status).toBe(201);
    const elsewhere = await report(key.headers, "127.0.0.3");
    expect([elsewhere.status, elsewhere.body.code]).toEqual([403, "address-not-allowed"]);
    const refusal = (await h.entries()).findLast(({ outcome }) => outcome === "refused");
    expect(refusal).toMatchObject({
      reason: "address-not-allowed",
      targets: [{ type: "operator-key", id: key.id }],
    });
  });

  test("an unknown id, a wrong secret, an ended and a revoked key are one answer, from anywhere", async () => {
    const good = await addOperatorKey(h, operator);
    const ended = await addOperatorKey(h, operator, { expiresAt: inMinutes(5) });
    const revoked = await addOperatorKey(h, operator);
    await revoke(revoked.id);
    expect((await report(ended.headers)).status).toBe(201);
    h.clock.advance(5 * 60_000);
    const other = await insertKey(h, await insertApp(h));
    const answers = [];
    for (const text of [
      // Well-formed keys that were never stored: one more made and deleted.
      await deletedKey(),
      good.text.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      ended.text,
      revoked.text,
      other.text.replace("sally_key_", "sally_op_"),
    ])
      for (const from of ["127.0.0.1", "192.0.2.99"]) {
        const { status, body } = await report({ authorization: `Bearer ${text}` }, from);
        const { requestId: _, ...rest } = body;
        answers.push(JSON.stringify({ status, ...rest }));
      }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"code":"not-signed-in"');
    operator = await addOperator(h);
  });

  test("notes its last use, at most once a minute", async () => {
    const key = await addOperatorKey(h, operator);
    const used = async () => (await listed(key.id)).lastUsedAt;
    await report(key.headers);
    await expect.poll(used).not.toBeNull();
    const first = await used();
    h.clock.advance(30_000);
    await report(key.headers);
    expect(await used()).toBe(first);
    h.clock.advance(31_000);
    await report(key.headers);
    await expect.poll(used).not.toBe(first);
  });

  test("decides within its scope: any app, and refused without the scope", async () => {
    const app = await insertApp(h);
    const key = await insertKey(h, app);
    const ask = (as: OperatorKey) =>
      h.call("POST", "/v1/decisions", {
        as: as.headers,
        body: { credential: key.text, action: "app:read", appId: app.appId, address: "192.0.2.1" },
      });
    const asker = await addOperatorKey(h, operator, { scopes: ["decide"] });
    expect((await ask(asker)).body.reason).toBe("allowed");
    const reporter = await addOperatorKey(h, operator, { scopes: ["report"] });
    expect((await ask(reporter)).body.code).toBe("forbidden");
    // Known to this process as good until the revocation, and by nothing else since.
    expect((await ask(asker)).body.reason).toBe("allowed");
    await revoke(asker.id);
    expect((await ask(asker)).status).toBe(401);
  });
});

describe("revoking", () => {
  test("is final from the next request on, with its reason, and once only", async () => {
    const key = await addOperatorKey(h, operator);
    expect((await report(key.headers)).status).toBe(201);
    const replies = await Promise.all(Array.from({ length: 20 }, () => revoke(key.id)));
    expect(replies.filter(({ status }) => status === 204).length).toBe(1);
    expect(replies.filter(({ body }) => body?.code === "key-ended").length).toBe(19);
    expect((await report(key.headers)).status).toBe(401);
    expect(await listed(key.id)).toMatchObject({
      revokedAt: expect.any(String),
      revokeReason: "key_compromise",
    });
  });

  test("while it is used: no report after the revocation returned, each before it whole", async () => {
    const key = await addOperatorKey(h, operator);
    let isRevoked = false;
    const late: number[] = [];
    const use = async () => {
      for (let round = 0; round < 10; round += 1) {
        const wasRevoked = isRevoked;
        const { status } = await report(key.headers);
        if (wasRevoked) late.push(status);
      }
    };
    const users = [use(), use(), use()];
    await revoke(key.id);
    isRevoked = true;
    await Promise.all(users);
    expect(late.filter((status) => status !== 401)).toEqual([]);
    const stored = await h.db
      .selectFrom("reported_entry")
      .select("entry_id")
      .where("key_id", "=", key.id)
      .execute();
    const told = (await h.entries()).filter(
      ({ action, actor }) =>
        action === "entry.reported" && actor.kind === "reported" && actor.credentialId === key.id,
    );
    expect(told.length).toBe(stored.length);
  });

  test("a call that was let in before the revocation does nothing after it", async () => {
    const key = await addOperatorKey(h, operator);
    const ctx = {
      ...systemContext(h.services, "test"),
      principal: { kind: "operator-key", keyId: key.id, scopes: ["provision", "report"] } as const,
    };
    await revoke(key.id);
    const body = { email: "late@example.test", displayName: "Late" };
    await expect(provisionAccount(ctx, "late", body)).rejects.toMatchObject({
      code: "not-signed-in",
    });
    const late = { id: "late", action: "order.placed", actor: { name: "Pat" } };
    await expect(reportEntry(ctx, late)).rejects.toMatchObject({ code: "not-signed-in" });
    const rows = await h.db
      .selectFrom("account")
      .select("id")
      .where("external_id", "=", "late")
      .execute();
    expect(rows).toEqual([]);
  });

  test("an unknown key is not found", async () => {
    expect((await revoke("AAAAAAAAAAAA")).status).toBe(404);
    expect((await revoke("A")).status).toBe(400);
  });
});
