import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { systemContext } from "../../context.ts";
import { renewClaimLink } from "../../start/claim-link.ts";
import { addOperator } from "./add-operator.ts";

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(async () => h.stop());

const HOUR_MS = 3_600_000;

async function printedToken(): Promise<string> {
  const link = await renewClaimLink(h.db, h.services.config, h.clock.now());
  return new URL(link ?? "").searchParams.get("token") ?? "";
}

const claim = (as: Record<string, string>, token: string) =>
  h.call("POST", "/v1/operator/claim", { as, body: { token } });

const operators = async () =>
  (await h.db.selectFrom("account").select("email").where("is_operator", "=", true).execute()).map(
    (row) => row.email,
  );

describe("POST /v1/operator/claim", () => {
  test("makes the caller operator from the next request on, on record and told by mail", async () => {
    const person = await addPerson(h);
    const token = await printedToken();

    expect(await claim(person.headers, token)).toMatchObject({ status: 204 });

    expect(await operators()).toEqual([person.email]);
    expect((await h.call("GET", "/v1/operator/health", { as: person.headers })).status).toBe(200);
    const entries = (await h.entries()).filter(({ action }) => action === "operator.claimed");
    expect(entries).toMatchObject([
      { outcome: "done", actor: { accountId: person.accountId }, targets: [{ type: "account" }] },
    ]);
    expect(JSON.stringify(entries)).not.toContain(token);
    expect((await h.mails()).map(({ to, subject }) => [to, subject])).toEqual([
      [person.email, "You are an operator now"],
    ]);
  });

  test("of a hundred people with the link at once exactly one becomes operator", async () => {
    const token = await printedToken();
    const people = [];
    for (let index = 0; index < 100; index += 1) people.push(await addPerson(h));

    const replies = await Promise.all(people.map(({ headers }) => claim(headers, token)));

    const won = replies.filter(({ status }) => status === 204);
    expect([won.length, (await operators()).length]).toEqual([1, 1]);
    const codes = replies.filter(({ status }) => status !== 204).map(({ body }) => body.code);
    expect(new Set(codes)).toEqual(new Set(["dead-link"]));
  });

  test("a link that was spent, replaced, has ended or never was is dead", async () => {
    const person = await addPerson(h);
    const replaced = await printedToken();
    const late = await printedToken();
    const isDead = async (token: string) => {
      const { status, body } = await claim(person.headers, token);
      expect([status, body.code]).toEqual([410, "dead-link"]);
    };
    await isDead(replaced);
    await isDead("x".repeat(43));
    h.clock.advance(24 * HOUR_MS + 1);
    const again = await addSession(h, person.accountId);
    expect((await claim(again.headers, late)).status).toBe(410);
    expect(await operators()).toEqual([]);
    const spent = await printedToken();
    expect((await claim(again.headers, spent)).status).toBe(204);
    expect((await claim(again.headers, spent)).status).toBe(410);
  });

  test("a session without a fresh second factor does not spend the link", async () => {
    const person = await addPerson(h, { isSteppedUp: false });
    const token = await printedToken();
    expect((await claim(person.headers, token)).body.code).toBe("step-up-required");
    const fresh = await addSession(h, person.accountId);
    expect((await claim(fresh.headers, token)).status).toBe(204);
  });

  test("names what is wrong with the body", async () => {
    const person = await addPerson(h);
    const { status, body } = await h.call("POST", "/v1/operator/claim", {
      as: person.headers,
      body: { token: "", accountId: person.accountId },
    });
    expect(status).toBe(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer).toSorted()).toEqual([
      "/accountId",
      "/token",
    ]);
  });
});

const add = (email: string) => addOperator(systemContext(h.services, "operator add"), { email });

describe("sallyport operator add", () => {
  test("makes an account operator, tells it and all others, and ends the first start's link", async () => {
    const first = await addPerson(h, { isOperator: true });
    const person = await addPerson(h, { email: "Nora@example.test" });
    const token = await printedToken();

    await add(" nora@EXAMPLE.test ");

    expect(new Set(await operators())).toEqual(new Set([person.email, first.email]));
    expect((await h.mails()).map(({ to }) => to).toSorted()).toEqual(
      [person.email, first.email].toSorted(),
    );
    expect(await h.entries()).toMatchObject([
      {
        action: "operator.added",
        actor: { kind: "system", credentialId: "operator add" },
        targets: [{ accountId: person.accountId }],
      },
    ]);
    expect((await claim((await addPerson(h)).headers, token)).status).toBe(410);
  });

  test("refuses an address without an enabled, proven account, and one that operates already", async () => {
    const operator = await addPerson(h, { isOperator: true });
    const disabled = await addPerson(h);
    const unproven = await addPerson(h);
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", disabled.accountId)
      .execute();
    await h.db
      .updateTable("account")
      .set({ is_proven: false })
      .where("id", "=", unproven.accountId)
      .execute();
    for (const [email, code] of [
      ["nobody@example.test", "not-found"],
      [disabled.email, "not-found"],
      [unproven.email, "not-found"],
      [operator.email, "conflict"],
      ["no address", "invalid-request"],
    ] as const)
      await expect(add(email)).rejects.toMatchObject({ code });
    expect(await operators()).toEqual([operator.email]);
    expect(await h.entries()).toEqual([]);
  });

  test("is for the command line alone", async () => {
    const person = await addPerson(h);
    const ctx = {
      ...systemContext(h.services, "test"),
      principal: { kind: "stranger" } as const,
    };
    await expect(addOperator(ctx, { email: person.email })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
