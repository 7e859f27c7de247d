import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  entriesOf,
  sendInvitation,
  subjectsTo,
} from "../../../test/builders/access.ts";
import { addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
  await h.db
    .insertInto("permission")
    .values([
      { key: "shop:write", description: "Change the shop" },
      { key: "mail:send", description: "Send mail" },
    ])
    .execute();
});
afterAll(() => h.stop());

const create = (as: Headers, appId: string, body: unknown) =>
  h.call("POST", `/v1/apps/${appId}/roles`, { as, body });
const code = async (reply: Promise<{ body: { code: string } }>) => (await reply).body.code;
const at = (appId: string, name: string) => `/v1/apps/${appId}/roles/${name}`;

describe("roles of an app", () => {
  test("lists what each role means now, and what a role can be made of", async () => {
    const { appId, owner } = await addApp(h);
    const made = await create(owner.headers, appId, {
      name: "clerk",
      description: "At the till",
      permissions: ["shop:write"],
    });
    expect([made.status, made.body]).toEqual([
      201,
      {
        name: "clerk",
        description: "At the till",
        isBuiltIn: false,
        permissions: ["app:read", "shop:write"],
      },
    ]);
    const { body } = await h.call("GET", `/v1/apps/${appId}/roles`, { as: owner.headers });
    expect(body.roles.map((role: { name: string }) => role.name)).toEqual([
      "reporter",
      "exporter",
      "editor",
      "sender",
      "admin",
      "gateway",
      "clerk",
    ]);
    const keys = body.permissions.map((permission: { key: string }) => permission.key);
    expect(keys).toContain("mail:send");
    expect(keys).not.toContain("app:transfer");
    expect(await entriesOf(h, "role.created")).toMatchObject([
      { outcome: "done", appId, targets: [{ type: "role", id: "clerk" }] },
    ]);
  });

  test("unknown permissions are named, each by its place", async () => {
    const { appId, owner } = await addApp(h);
    const reply = await create(owner.headers, appId, {
      name: "clerk",
      permissions: ["shop:write", "shop:fly", "app:transfer"],
    });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      "/permissions/1",
      "/permissions/2",
    ]);
  });

  test("nobody makes or changes a role beyond their own (T25)", async () => {
    const { appId, owner } = await addApp(h);
    await create(owner.headers, appId, { name: "keeper", permissions: ["app:roles"] });
    await create(owner.headers, appId, { name: "sender-too", permissions: ["mail:send"] });
    const { person: keeper } = await addGrant(h, { appId, role: "keeper" });
    const as = keeper.headers;

    expect(await code(create(as, appId, { name: "more", permissions: ["mail:send"] }))).toBe(
      "beyond-your-own",
    );
    const grow = { as, body: { permissions: ["app:roles", "app:delete"] } };
    expect(await code(h.call("PATCH", at(appId, "keeper"), grow))).toBe("beyond-your-own");
    const shrink = { as, body: { permissions: ["app:read"] } };
    expect(await code(h.call("PATCH", at(appId, "sender-too"), shrink))).toBe("beyond-your-own");
    expect(await code(h.call("DELETE", at(appId, "sender-too"), { as }))).toBe("beyond-your-own");
    expect((await create(as, appId, { name: "same", permissions: ["app:roles"] })).status).toBe(
      201,
    );
  });

  // Attack: an accomplice with a small role for good, and somebody with a large one until Sunday.
  test("whose own access ends takes permissions out of a role, and adds none (T25)", async () => {
    const { appId, owner } = await addApp(h);
    await create(owner.headers, appId, {
      name: "lead",
      permissions: ["app:roles", "app:share", "app:write"],
    });
    await create(owner.headers, appId, { name: "junior", permissions: ["app:write"] });
    const expiresAt = new Date(h.clock.now().getTime() + 86_400_000);
    const { person } = await addGrant(h, { appId, role: "lead", expiresAt });
    const change = (permissions: string[]) =>
      h.call("PATCH", at(appId, "junior"), { as: person.headers, body: { permissions } });
    expect(await code(change(["app:write", "app:share"]))).toBe("beyond-your-own");
    expect((await change(["app:read"])).status).toBe(200);
    const { body } = await h.call("GET", `/v1/apps/${appId}/roles`, { as: owner.headers });
    expect(body.roles).toContainEqual(
      expect.objectContaining({ name: "junior", permissions: ["app:read"] }),
    );
  });

  test("a changed role changes what its holders may at once, and they are told", async () => {
    const { appId, owner } = await addApp(h, { name: "Shop" });
    await create(owner.headers, appId, { name: "clerk", permissions: ["app:write"] });
    const { person } = await addGrant(h, { appId, role: "clerk" });
    const rename = () =>
      h.call("PATCH", `/v1/apps/${appId}`, { as: person.headers, body: { name: "Shop" } });
    expect((await rename()).status).toBe(200);
    const reply = await h.call("PATCH", at(appId, "clerk"), {
      as: owner.headers,
      body: { permissions: ["shop:write"] },
    });
    expect(reply.body.permissions).toEqual(["app:read", "shop:write"]);
    expect((await rename()).body.code).toBe("forbidden");
    expect(await subjectsTo(h, person.email)).toEqual(["Your role in Shop has changed"]);
    expect((await entriesOf(h, "role.changed")).at(-1)).toMatchObject({
      change: { before: { permissions: ["app:write"] }, after: { permissions: ["shop:write"] } },
    });
  });

  test("a role that a live grant or a waiting invitation names is not deleted", async () => {
    const { appId, owner } = await addApp(h);
    await create(owner.headers, appId, { name: "clerk", permissions: ["app:write"] });
    const remove = () => h.call("DELETE", at(appId, "clerk"), { as: owner.headers });
    const { id } = await sendInvitation(h, {
      as: owner.headers,
      email: "clerk-to-be@example.test",
      apps: [{ appId, role: "clerk" }],
    });
    expect((await remove()).body.code).toBe("role-in-use");
    await h.call("DELETE", `/v1/invitations/${id}`, { as: owner.headers });
    const { grantId } = await addGrant(h, { appId, role: "clerk" });
    expect((await remove()).body.code).toBe("role-in-use");
    await h.call("DELETE", `/v1/apps/${appId}/grants/${grantId}`, { as: owner.headers });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });

  test("names are taken once: built-in ones, the organisation's, and of two at once one wins", async () => {
    const { appId, owner } = await addApp(h);
    for (const name of ["admin", "owner", "officer", "gateway"])
      expect(
        (await create(owner.headers, appId, { name, permissions: ["app:read"] })).body.code,
      ).toBe("name-taken");
    const replies = await Promise.all(
      [1, 2].map(() => create(owner.headers, appId, { name: "clerk", permissions: ["app:read"] })),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  test.each([
    { name: "upper case", body: { name: "Clerk", permissions: ["app:read"] }, pointer: "/name" },
    { name: "no permissions", body: { name: "clerk", permissions: [] }, pointer: "/permissions" },
    {
      name: "a wildcard",
      body: { name: "clerk", permissions: ["*:read"] },
      pointer: "/permissions/0",
    },
    {
      name: "one twice",
      body: { name: "clerk", permissions: ["app:read", "app:read"] },
      pointer: "/permissions",
    },
  ])("refuses with 400 and names the field: $name", async ({ body, pointer }) => {
    const { appId, owner } = await addApp(h);
    const reply = await create(owner.headers, appId, body);
    expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  test("changes need a step-up and app:roles", async () => {
    const { appId, owner } = await addApp(h);
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    const { person: editor } = await addGrant(h, { appId, role: "editor" });
    const body = { name: "clerk", permissions: ["app:read"] };
    expect((await create(stale.headers, appId, body)).body.code).toBe("step-up-required");
    expect((await create(editor.headers, appId, body)).body.code).toBe("forbidden");
    expect((await create({}, appId, body)).status).toBe(401);
  });
});
