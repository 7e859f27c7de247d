import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addGrant, addMember, entriesOf } from "../../../test/builders/access.ts";
import { addServiceKey, useKey, type ServiceKey } from "../../../test/builders/keys.ts";
import { addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import { systemContext } from "../../context.ts";
import { tellRulesWentBack } from "./tell-rules-went-back.job.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const MINUTE_MS = 60_000;

type Wanted = { mode: string; entries: readonly unknown[]; confirm?: boolean };

const put = (
  key: ServiceKey,
  body: Wanted,
  { path = `keys/${key.keyId}`, as = key.owner.headers } = {},
) => h.call("PUT", `/v1/${path}/address-rules`, { as, body });

const enforce = (key: ServiceKey, ...cidrs: string[]) =>
  put(key, { mode: "enforce", entries: cidrs.map((cidr) => ({ cidr })) });

const confirm = (key: ServiceKey, as: Headers = key.owner.headers) =>
  h.call("POST", `/v1/keys/${key.keyId}/address-rules/confirm`, { as });

const get = (key: ServiceKey, as: Headers = key.owner.headers) =>
  h.call("GET", `/v1/keys/${key.keyId}/address-rules`, { as });

/** Step-up lasts as long as an unconfirmed change: who comes later has signed in anew. */
const signInAgain = async (key: ServiceKey): Promise<Headers> =>
  (await addSession(h, key.owner.accountId)).headers;

describe("PUT …/address-rules", () => {
  test("a list is built first: off and monitor refuse nobody", async () => {
    const key = await addServiceKey(h);
    for (const mode of ["off", "monitor"]) {
      const reply = await put(key, { mode, entries: [{ cidr: "192.0.2.7", note: "office" }] });
      expect(reply.body).toMatchObject({
        mode,
        entries: [{ cidr: "192.0.2.7/32", note: "office" }],
        revertsAt: null,
        revertsTo: null,
        yourAddress: "127.0.0.1",
        heldOffUntil: null,
      });
      expect((await useKey(h, key, "127.0.0.3")).status).toBe(200);
    }
  });

  test("an enforcement holds at once, and at its end the rules from before hold again", async () => {
    const key = await addServiceKey(h);
    const { body } = await enforce(key, "127.0.0.2");
    const endsAtMs = new Date(body.revertsAt).getTime();
    expect(Math.abs(endsAtMs - h.clock.now().getTime() - 10 * MINUTE_MS)).toBeLessThan(5_000);
    expect(body.revertsTo).toEqual({ mode: "off", entries: [] });
    expect((await useKey(h, key, "127.0.0.3")).status).toBe(403);
    h.clock.advance(endsAtMs - h.clock.now().getTime() - 1_000);
    expect((await useKey(h, key, "127.0.0.3")).status).toBe(403);
    h.clock.advance(endsAtMs - h.clock.now().getTime());
    expect((await useKey(h, key, "127.0.0.3")).status).toBe(200);
    const as = await signInAgain(key);
    expect((await get(key, as)).body).toMatchObject({ mode: "off", entries: [], revertsAt: null });
    expect((await confirm(key, as)).body.code).toBe("change-went-back");
  });

  test("says what it changed, on record and to every owner, and names no secret", async () => {
    const key = await addServiceKey(h);
    const second = await addMember(h, { ...key, role: "owner" });
    await put(key, { mode: "monitor", entries: [{ cidr: "127.0.0.0/8" }] });
    await enforce(key, "127.0.0.2");
    expect((await entriesOf(h, "address-rules.changed")).at(-1)).toMatchObject({
      appId: key.appId,
      targets: [{ type: "key", id: key.keyId, accountId: key.serviceAccountId }],
      change: {
        before: { mode: "monitor", entries: [{ cidr: "127.0.0.0/8", note: "" }] },
        after: { mode: "enforce", entries: [{ cidr: "127.0.0.2/32", note: "" }] },
      },
    });
    const mails = (await h.mails()).slice(-2);
    expect(mails.map(({ to }) => to).toSorted()).toEqual(
      [key.owner.email, second.email].toSorted(),
    );
    expect(mails[0]?.text).toContain("Unless somebody confirms this");
  });

  test("for good with confirm", async () => {
    const key = await addServiceKey(h);
    const reply = await put(key, {
      mode: "enforce",
      entries: [{ cidr: "127.0.0.2" }],
      confirm: true,
    });
    expect(reply.body.revertsAt).toBeNull();
    h.clock.advance(11 * MINUTE_MS);
    expect((await useKey(h, key, "127.0.0.3")).status).toBe(403);
  });

  test("refuses to cut recent callers off, and names them, unless that is confirmed", async () => {
    const key = await addServiceKey(h);
    for (const from of ["127.0.0.2", "127.0.0.3", "127.0.0.3"]) await useKey(h, key, from);
    const wanted = { mode: "enforce", entries: [{ cidr: "127.0.0.2" }] };
    for (const path of [`apps/${key.appId}`, `keys/${key.keyId}`]) {
      const reply = await put(key, wanted, { path });
      expect([reply.status, reply.body.code]).toEqual([409, "callers-would-be-cut-off"]);
      expect(reply.body.callers).toEqual([
        { address: "127.0.0.3", keyId: key.keyId, lastSeenAt: expect.any(String), count: 2 },
      ]);
    }
    expect((await get(key)).body.mode).toBe("off");
    const monitored = await put(key, { ...wanted, mode: "monitor" });
    const covered = monitored.body.recentCallers.map((caller: Record<string, unknown>) => [
      caller["address"],
      caller["isCovered"],
    ]);
    expect(new Map(covered)).toEqual(
      new Map([
        ["127.0.0.2", true],
        ["127.0.0.3", false],
      ]),
    );
    expect((await put(key, { ...wanted, confirm: true })).status).toBe(200);
  });

  test("asks also before an unconfirmed, wider list is put back; the list that is in force asks nothing", async () => {
    const key = await addServiceKey(h);
    await useKey(h, key, "127.0.0.2");
    const narrow = { mode: "enforce", entries: [{ cidr: "127.0.0.2" }] };
    await put(key, { ...narrow, confirm: true });
    const wide = { mode: "enforce", entries: [{ cidr: "127.0.0.2" }, { cidr: "127.0.0.3" }] };
    expect((await put(key, wide)).body.revertsAt).not.toBeNull();
    await useKey(h, key, "127.0.0.3");
    const back = await put(key, narrow);
    expect([back.status, back.body.callers]).toMatchObject([409, [{ address: "127.0.0.3" }]]);
    expect((await put(key, { ...narrow, confirm: true })).status).toBe(200);
    const noted = { ...narrow, entries: [{ cidr: "127.0.0.2", note: "the back end" }] };
    expect((await put(key, noted)).status).toBe(200);
  });

  test("counts as recent what was allowed within seven days, through keys that still work and are bound", async () => {
    const key = await addServiceKey(h);
    const gateway = await addServiceKey(h, { app: key, role: "gateway" });
    const revoked = await addServiceKey(h, { app: key });
    await h.call("GET", "/v1/apps", { as: gateway.headers, from: "127.0.0.4" });
    await useKey(h, revoked, "127.0.0.5");
    await h.call("DELETE", `/v1/keys/${revoked.keyId}`, { as: key.owner.headers });
    const path = `apps/${key.appId}`;
    const wanted = { mode: "enforce", entries: [{ cidr: "127.0.0.2" }] };
    expect((await put(key, wanted, { path })).status).toBe(200);
    // Refused callers are none that could be cut off.
    await useKey(h, key, "127.0.0.6");
    await put(key, { ...wanted, mode: "off" }, { path });
    expect((await put(key, wanted, { path })).status).toBe(200);
    await put(key, { ...wanted, mode: "off" }, { path });
    await useKey(h, key, "127.0.0.7");
    expect((await put(key, wanted, { path })).status).toBe(409);
    h.clock.advance(7 * 24 * 60 * MINUTE_MS);
    const as = await signInAgain(key);
    expect((await put(key, wanted, { path, as })).status).toBe(200);
  });

  test("answers 400 to lists that are wrong, naming each entry, and changes nothing", async () => {
    const key = await addServiceKey(h);
    const pointers = async (body: unknown) => {
      const reply = await h.call("PUT", `/v1/keys/${key.keyId}/address-rules`, {
        as: key.owner.headers,
        body,
      });
      expect(reply.status).toBe(400);
      return reply.body.errors.map((error: { pointer: string }) => error.pointer);
    };
    expect(await pointers({ mode: "enforce", entries: [] })).toEqual(["/entries"]);
    expect(
      await pointers({
        mode: "enforce",
        entries: [{ cidr: "192.0.2.9/24" }, { cidr: "192.0.2.7" }, { cidr: "1::%1" }],
      }),
    ).toEqual(["/entries/0/cidr", "/entries/2/cidr"]);
    expect(await pointers({ mode: "strict", entries: [] })).toEqual(["/mode"]);
    expect(await pointers({ entries: [] })).toEqual(["/mode"]);
    const many = Array.from({ length: 201 }, (_, i) => ({ cidr: `192.0.2.${i}` }));
    expect(await pointers({ mode: "off", entries: many })).toEqual(["/entries"]);
    expect((await get(key)).body).toMatchObject({ mode: "off", entries: [] });
  });

  test("asks before it lets a large part of the internet in, once", async () => {
    const key = await addServiceKey(h);
    const wanted = { mode: "enforce", entries: [{ cidr: "127.0.0.2" }, { cidr: "0.0.0.0/0" }] };
    const asked = await put(key, wanted);
    expect([asked.status, asked.body.code]).toEqual([409, "network-too-wide"]);
    expect(asked.body.errors).toMatchObject([{ pointer: "/entries/1/cidr" }]);
    expect((await put(key, { ...wanted, confirm: true })).status).toBe(200);
    const again = { mode: "enforce", entries: [{ cidr: "0.0.0.0/0" }] };
    expect((await put(key, again)).status).toBe(200);
    // `::/0` is no IPv4: an IPv6 "any" never lets IPv4 in.
    await put(key, { mode: "enforce", entries: [{ cidr: "::/0" }], confirm: true });
    expect((await useKey(h, key, "127.0.0.2")).status).toBe(403);
  });

  test("is for who may: step-up, the app's keepers of addresses, no keys", async () => {
    const key = await addServiceKey(h);
    const body = { mode: "off", entries: [] };
    const { headers: stale } = await addSession(h, key.owner.accountId, { isSteppedUp: false });
    const { person: editor } = await addGrant(h, { appId: key.appId, role: "editor" });
    const admin = await addServiceKey(h, { app: key, role: "admin" });
    const { person } = await addGrant(h, { appId: key.appId, role: "admin" });
    const codes = [];
    for (const as of [{}, stale, editor.headers, admin.headers]) {
      codes.push((await put(key, body, { as })).body.code);
      codes.push((await confirm(key, as)).body.code);
    }
    expect(new Set(codes.slice(0, 2))).toEqual(new Set(["not-signed-in"]));
    expect(new Set(codes.slice(2, 4))).toEqual(new Set(["step-up-required"]));
    expect(new Set(codes.slice(4))).toEqual(new Set(["forbidden"]));
    expect((await put(key, body, { as: person.headers })).status).toBe(200);
    expect((await get(key, editor.headers)).body.code).toBe("forbidden");
    expect((await get(key, stale)).status).toBe(200);
  });
});

describe("POST …/address-rules/confirm", () => {
  test("keeps the change for good, by anybody who may, on record", async () => {
    const key = await addServiceKey(h);
    await enforce(key, "127.0.0.2");
    const { person } = await addGrant(h, { appId: key.appId, role: "admin" });
    expect((await confirm(key, person.headers)).status).toBe(204);
    h.clock.advance(11 * MINUTE_MS);
    expect((await useKey(h, key, "127.0.0.3")).status).toBe(403);
    expect((await entriesOf(h, "address-rules.confirmed")).at(-1)).toMatchObject({
      actor: { accountId: person.accountId },
      change: { after: { mode: "enforce", revertsAt: null } },
    });
  });

  test("of one hundred at once exactly one confirms", async () => {
    const key = await addServiceKey(h);
    expect((await confirm(key)).body.code).toBe("nothing-to-confirm");
    await enforce(key, "127.0.0.2");
    const replies = await Promise.all(Array.from({ length: 100 }, () => confirm(key)));
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(replies.filter(({ body }) => body?.code === "nothing-to-confirm")).toHaveLength(99);
    expect((await get(key)).body.revertsAt).toBeNull();
  });

  test("of a confirmation and a change at once the later one stands whole", async () => {
    const key = await addServiceKey(h);
    await enforce(key, "127.0.0.2");
    const [confirmed] = await Promise.all([confirm(key), enforce(key, "127.0.0.3")]);
    const { body } = await get(key);
    expect(body.entries).toMatchObject([{ cidr: "127.0.0.3/32" }]);
    // The confirmation found the first change, or the second, which it then keeps.
    expect(confirmed.status).toBe(204);
    expect([null, "enforce"]).toContain(body.revertsTo?.mode ?? null);
  });
});

const run = async (key: ServiceKey, revertsAt: string) => {
  const ctx = systemContext(h.services, "tell-rules-went-back");
  const payload = { level: "key" as const, ownerId: key.keyId, revertsAt };
  await tellRulesWentBack.run({ ctx, signal: AbortSignal.timeout(30_000) }, payload);
};
const jobs = async (): Promise<unknown[]> => {
  const { rows } =
    await sql`select key from graphile_worker.jobs where task_identifier = 'tell-rules-went-back'`.execute(
      h.db,
    );
  return rows;
};

describe("when nobody confirms", () => {
  test("the owners are told once, and it is on record; before its time and after a confirmation nothing is", async () => {
    const key = await addServiceKey(h);
    const { revertsAt } = (await enforce(key, "127.0.0.2")).body;
    expect(JSON.stringify(await jobs())).toContain(`key:${key.keyId}:${revertsAt}`);
    await expect(run(key, revertsAt)).rejects.toThrow("before the rules went back");
    h.clock.advance(10 * MINUTE_MS);
    await run(key, revertsAt);
    await run(key, revertsAt);
    const told = (await h.mails()).filter(
      ({ subject, to }) => to === key.owner.email && subject.includes("went back"),
    );
    expect(told).toHaveLength(1);
    expect((await entriesOf(h, "address-rules.went-back")).at(-1)).toMatchObject({
      actor: { kind: "system" },
      appId: key.appId,
      reason: "not-confirmed",
    });
    const as = await signInAgain(key);
    expect((await confirm(key, as)).body.code).toBe("change-went-back");
    expect((await get(key, as)).body).toMatchObject({ mode: "off", entries: [] });

    const other = await addServiceKey(h);
    const pending = (await enforce(other, "127.0.0.2")).body.revertsAt;
    await confirm(other);
    h.clock.advance(10 * MINUTE_MS);
    await run(other, pending);
    expect((await useKey(h, other, "127.0.0.3")).status).toBe(403);
  });
});

describe("lists further down", () => {
  test("stand with those above them while they do something, and never another app's", async () => {
    const key = await addServiceKey(h);
    const other = await addServiceKey(h);
    const under = async (path: string) =>
      (await h.call("GET", `/v1/${path}/address-rules`, { as: key.owner.headers })).body.narrower;
    expect(await under(`apps/${key.appId}`)).toEqual([]);
    await put(other, { mode: "monitor", entries: [{ cidr: "192.0.2.0/24" }] });
    await put(key, { mode: "off", entries: [{ cidr: "192.0.2.0/24" }] });
    expect(await under(`apps/${key.appId}`)).toEqual([]);

    const account = `service-accounts/${key.serviceAccountId}`;
    await put(key, { mode: "monitor", entries: [{ cidr: "127.0.0.1" }] }, { path: account });
    const { body } = await enforce(key, "127.0.0.2");
    const ofKey = {
      level: "key",
      id: key.keyId,
      serviceAccountId: key.serviceAccountId,
      name: "Production",
      mode: "enforce",
    };
    expect(await under(`apps/${key.appId}`)).toEqual([
      {
        ...ofKey,
        level: "service-account",
        id: key.serviceAccountId,
        name: "Billing",
        mode: "monitor",
      },
      ofKey,
    ]);
    expect(await under(account)).toEqual([ofKey]);
    expect(body.narrower).toEqual([]);

    // Not confirmed, it goes back by itself.
    h.clock.advance(11 * MINUTE_MS);
    const as = await signInAgain(key);
    const later = await h.call("GET", `/v1/${account}/address-rules`, { as });
    expect(later.body.narrower).toEqual([]);
  });
});

describe("POST …/address-rules/test", () => {
  test("asks the real evaluator and names level and entry", async () => {
    const key = await addServiceKey(h);
    const at = (address: string, path = `keys/${key.keyId}`) =>
      h.call("POST", `/v1/${path}/address-rules/test`, {
        as: key.owner.headers,
        body: { address },
      });
    expect((await at("127.0.0.2")).body).toEqual({
      allowed: true,
      allowedIfEnforced: true,
      matched: [],
      heldOffUntil: null,
    });
    await put(
      key,
      { mode: "monitor", entries: [{ cidr: "127.0.0.0/8" }] },
      { path: `apps/${key.appId}` },
    );
    await enforce(key, "127.0.0.2", "2001:db8::/32");
    expect((await at("127.0.0.2")).body).toMatchObject({
      allowed: true,
      matched: [
        { level: "app", mode: "monitor", cidr: "127.0.0.0/8" },
        { level: "key", mode: "enforce", cidr: "127.0.0.2/32" },
      ],
    });
    expect((await at("2001:db8::1")).body).toMatchObject({
      allowed: true,
      allowedIfEnforced: false,
    });
    expect((await at("::ffff:127.0.0.3")).body).toMatchObject({ allowed: false });
    expect((await at("192.0.2.1", `apps/${key.appId}`)).body).toMatchObject({
      allowed: true,
      allowedIfEnforced: false,
    });
    for (const bad of ["0127.0.0.2", "127.2", "127.0.0.2 ", "fe80::1%eth0", "127.0.0.2/32", "a"])
      expect((await at(bad)).body.errors).toMatchObject([{ pointer: "/address" }]);
  });
});
