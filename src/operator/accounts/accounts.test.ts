import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addApp } from "../../../test/builders/access.ts";
import { insertApp, insertKey } from "../../../test/builders/gateways.ts";
import { addServiceAccount } from "../../../test/builders/keys.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let operator: Person;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  operator = await addOperator(h);
});
afterAll(async () => h.stop());

const entriesAbout = async (accountId: string) =>
  (await h.entries()).filter(({ targets }) => targets?.some((t) => t.accountId === accountId));

const isSignedIn = async ({ headers }: Pick<Person, "headers">) =>
  (await h.call("GET", "/v1/permissions", { as: headers })).status === 200;

const act = (
  verb: "disable" | "enable",
  accountId: string,
  { as = operator, reason = "Sends spam" } = {},
) =>
  h.call("POST", `/v1/operator/accounts/${accountId}/${verb}`, {
    as: as.headers,
    body: verb === "disable" ? { reason } : {},
  });

describe("GET /v1/operator/accounts", () => {
  test("lists all, newest first, each once over all pages", async () => {
    for (let index = 0; index < 120; index += 1)
      await addPerson(h, {
        email: `page-${index}@example.test`,
        displayName: `Page ${index}`,
      });
    const seen: string[] = [];
    let cursor = "";
    do {
      const { status, body } = await h.call(
        "GET",
        `/v1/operator/accounts?query=page-${cursor === "" ? "" : `&cursor=${cursor}`}`,
        { as: operator.headers },
      );
      expect(status).toBe(200);
      seen.push(...body.accounts.map((account: { displayName: string }) => account.displayName));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => `Page ${119 - index}`));
  });

  test("finds parts of name and address, whole ids, and takes no wildcard from the caller", async () => {
    const person = await addPerson(h, { displayName: "Zoë 100%_sure", email: "zoe@example.test" });
    await h.db
      .updateTable("account")
      .set({ external_id: "customer-7" })
      .where("id", "=", person.accountId)
      .execute();
    const found = async (query: string) => {
      const url = `/v1/operator/accounts?query=${encodeURIComponent(query)}`;
      const { body } = await h.call("GET", url, { as: operator.headers });
      return body.accounts.map((account: { id: string }) => account.id);
    };
    for (const query of ["ZOE@", "0%_s", "customer-7", person.accountId])
      expect([query, await found(query)]).toEqual([query, [person.accountId]]);
    for (const query of ["customer-", "zo%e", "z_e@", "\\"]) expect(await found(query)).toEqual([]);
  });

  test("shows no address in full, however it is searched for: that takes a reason", async () => {
    const person = await addPerson(h, { displayName: "Ünal", email: "ünal.long@example.test" });
    for (const query of [person.email, person.accountId, "Ünal"]) {
      const url = `/v1/operator/accounts?query=${encodeURIComponent(query)}`;
      const { text, body } = await h.call("GET", url, { as: operator.headers });
      expect(text).not.toContain(person.email);
      expect(body.accounts).toMatchObject([{ emailHint: "ü…@example.test" }]);
    }
  });

  test("tells programs of one name apart by the app that each is for; a person has none", async () => {
    const apps = [await addApp(h, { name: "Harbour" }), await addApp(h, { name: "Depot" })];
    for (const app of apps) await addServiceAccount(h, app, { name: "Gatekeeper" });
    await addPerson(h, { displayName: "Gatekeeper himself" });
    const { body } = await h.call("GET", "/v1/operator/accounts?query=gatekeeper", {
      as: operator.headers,
    });
    expect(body.accounts.map((account: { app: unknown }) => account.app)).toEqual([
      null,
      { id: apps[1]?.appId, name: "Depot" },
      { id: apps[0]?.appId, name: "Harbour" },
    ]);
  });

  test("refuses what is no cursor, naming it", async () => {
    const { status, body } = await h.call("GET", "/v1/operator/accounts?cursor=x&bogus=1", {
      as: operator.headers,
    });
    expect([status, body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
      400,
      expect.arrayContaining(["/cursor", "/bogus"]),
    ]);
  });
});

const look = (accountId: string, reason?: string) =>
  h.call("GET", `/v1/operator/accounts/${accountId}`, {
    as: { ...operator.headers, ...(reason !== undefined && { "x-sallyport-reason": reason }) },
  });

describe("GET /v1/operator/accounts/:id", () => {
  test("needs a reason, and both the look and the refusal are entries that the account sees", async () => {
    const person = await addPerson(h, { displayName: "Pat" });

    const refused = [await look(person.accountId), await look(person.accountId, "   ")];
    expect(refused.map(({ body }) => body.code)).toEqual(["reason-required", "reason-required"]);
    const { status, body } = await look(person.accountId, "Ticket 12");

    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: person.accountId,
      kind: "person",
      email: person.email,
      displayName: "Pat",
      disabledAt: null,
      hasSecondFactor: false,
      isProven: true,
      liveSessions: 1,
      organisations: [{ role: "owner" }],
      appId: null,
    });
    expect(await entriesAbout(person.accountId)).toMatchObject([
      { action: "operator.account-read", outcome: "refused", reason: "reason-required" },
      { action: "operator.account-read", outcome: "refused", reason: "reason-required" },
      {
        action: "operator.account-read",
        outcome: "done",
        reason: "Ticket 12",
        actor: { accountId: operator.accountId },
      },
    ]);
    const own = await h.call("GET", "/v1/audit/entries?action=operator.account-read", {
      as: person.headers,
    });
    expect(own.body.entries.map((entry: { reason: string }) => entry.reason)).toContain(
      "Ticket 12",
    );
  });

  test("of a service account stands in its app's log too", async () => {
    const app = await insertApp(h);
    const key = await insertKey(h, app);
    expect((await look(key.accountId, "Ticket 13")).body).toMatchObject({ appId: app.appId });
    expect(await entriesAbout(key.accountId)).toMatchObject([
      { appId: app.appId, organisationId: app.organisationId },
    ]);
  });

  test("refuses a reason that is too long", async () => {
    expect((await look(operator.accountId, "x".repeat(401))).status).toBe(400);
  });
});

describe("disabling", () => {
  // T20
  test("ends every session at once, refuses sign-in, and tells the person why", async () => {
    const person = await addPerson(h);
    const second = await addSession(h, person.accountId);
    const halfOpen = await addSession(h, person.accountId, { level: "needs-second-factor" });
    expect(await isSignedIn(person)).toBe(true);

    expect((await act("disable", person.accountId)).status).toBe(204);

    for (const session of [person, second]) expect(await isSignedIn(session)).toBe(false);
    const current = await h.call("GET", "/v1/sessions/current", { as: halfOpen.headers });
    expect(current.status).toBe(401);
    const mail = (await h.mails()).findLast(({ to }) => to === person.email);
    expect(mail?.text).toContain("Sends spam");
    expect((await entriesAbout(person.accountId)).at(-1)).toMatchObject({
      action: "account.disabled",
      outcome: "done",
      reason: "Sends spam",
      actor: { accountId: operator.accountId },
    });

    expect((await act("disable", person.accountId)).body.code).toBe("conflict");
    expect((await act("enable", person.accountId)).status).toBe(204);
    // What ended stays ended; a new session works.
    expect(await isSignedIn(person)).toBe(false);
    expect(await isSignedIn(await addSession(h, person.accountId))).toBe(true);
    expect((await act("enable", person.accountId)).body.code).toBe("conflict");
  });

  // T20
  test("a service account's keys are refused by the very next decision, and by the API", async () => {
    const app = await insertApp(h);
    const owner = await addPerson(h);
    await h.db
      .insertInto("organisation_member")
      .values({
        organisation_id: app.organisationId,
        account_id: owner.accountId,
        role: "owner",
      })
      .execute();
    const gateway = await insertKey(h, app, { role: "gateway" });
    const key = await insertKey(h, app);
    const ask = async () =>
      (
        await h.call("POST", "/v1/decisions", {
          as: gateway.headers,
          body: {
            credential: key.text,
            action: "app:read",
            appId: app.appId,
            address: "192.0.2.1",
          },
        })
      ).body.reason;
    expect(await ask()).toBe("allowed");
    expect((await act("disable", key.accountId)).status).toBe(204);
    expect(await ask()).toBe("disabled");
    expect((await h.call("GET", "/v1/account", { as: key.headers })).status).toBe(401);
    expect((await h.mails()).findLast(({ to }) => to === owner.email)?.text).toContain("Billing");
    expect((await act("enable", key.accountId)).status).toBe(204);
    expect(await ask()).toBe("allowed");
  });

  test("nobody disables themselves", async () => {
    const reply = await act("disable", operator.accountId);
    expect([reply.status, reply.body.code]).toEqual([403, "forbidden"]);
    expect(await isSignedIn(operator)).toBe(true);
  });

  test("of operators who disable each other at once one stays, each time", async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await addOperator(h), await addOperator(h)];
      const replies = await Promise.all([
        act("disable", b.accountId, { as: a }),
        act("disable", a.accountId, { as: b }),
      ]);
      expect(replies.map(({ status }) => `${status}`).toSorted()).toEqual(["204", "401"]);
      const live = await h.db
        .selectFrom("account")
        .select("id")
        .where("id", "in", [a.accountId, b.accountId])
        .where("disabled_at", "is", null)
        .execute();
      expect(live.length).toBe(1);
    }
  });

  test("of two who disable one account at once one did it", async () => {
    const person = await addPerson(h);
    const other = await addOperator(h);
    const replies = await Promise.all([
      act("disable", person.accountId),
      act("disable", person.accountId, { as: other }),
    ]);
    expect(replies.map(({ status }) => `${status}`).toSorted()).toEqual(["204", "409"]);
    const done = (await entriesAbout(person.accountId)).filter(({ outcome }) => outcome === "done");
    expect(done.length).toBe(1);
  });

  test("needs a reason of one line", async () => {
    for (const reason of ["", "  ", "a\nb", "x".repeat(401)]) {
      const { status, body } = await act("disable", operator.accountId, { reason });
      expect([status, body.errors[0].pointer]).toEqual([400, "/reason"]);
    }
  });
});
