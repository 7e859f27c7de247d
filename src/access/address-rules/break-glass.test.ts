import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { breakGlassCommand } from "../../../cli/commands/break-glass.ts";
import { entriesOf, subjectsTo } from "../../../test/builders/access.ts";
import { addServiceKey, useKey, type ServiceKey } from "../../../test/builders/keys.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { systemContext, type Context } from "../../context.ts";
import { breakGlass } from "./break-glass.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

/** An id that nothing has. */
const NONE = "00000000-0000-7000-8000-000000000000";
const HOUR_MS = 3_600_000;
const system = (): Context => systemContext(h.services, "sallyport break-glass");

/** A key that no call can come in with: every level enforces an address of nobody. */
async function addLockedOut(): Promise<ServiceKey> {
  const key = await addServiceKey(h);
  for (const path of [
    `apps/${key.appId}`,
    `service-accounts/${key.serviceAccountId}`,
    `keys/${key.keyId}`,
  ])
    await h.call("PUT", `/v1/${path}/address-rules`, {
      as: key.owner.headers,
      body: { mode: "enforce", entries: [{ cidr: "192.0.2.7" }], confirm: true },
    });
  return key;
}

describe("breaking the glass", () => {
  test("of an app holds off every list below it until its very end, on record, the owners told", async () => {
    const key = await addLockedOut();
    expect((await useKey(h, key)).status).toBe(403);
    const target = { appId: key.appId };
    const { endsAt } = await breakGlass(system(), { target, reason: "Locked out", hours: 1 });
    expect((await useKey(h, key)).status).toBe(200);
    const rules = await h.call("GET", `/v1/keys/${key.keyId}/address-rules`, {
      as: key.owner.headers,
    });
    expect(rules.body).toMatchObject({ mode: "enforce", heldOffUntil: endsAt.toISOString() });
    h.clock.advance(endsAt.getTime() - h.clock.now().getTime() - 1_000);
    expect((await useKey(h, key)).status).toBe(200);
    h.clock.advance(endsAt.getTime() - h.clock.now().getTime());
    expect((await useKey(h, key)).status).toBe(403);
    expect((await entriesOf(h, "address-rules.broken-glass")).at(-1)).toMatchObject({
      actor: { kind: "system", credentialId: "sallyport break-glass" },
      appId: key.appId,
      organisationId: key.organisationId,
      change: { after: { reason: "Locked out" } },
    });
    expect((await subjectsTo(h, key.owner.email)).at(-1)).toContain("held off");
    expect((await h.mails()).at(-1)?.text).toContain("Locked out");
  });

  test("of a service account leaves the app's own list as it is", async () => {
    const key = await addLockedOut();
    const target = { accountId: key.serviceAccountId };
    await breakGlass(system(), { target, reason: "Locked out", hours: 4 });
    expect((await useKey(h, key)).status).toBe(403);
    await h.call("PUT", `/v1/apps/${key.appId}/address-rules`, {
      as: key.owner.headers,
      body: { mode: "off", entries: [] },
    });
    expect((await useKey(h, key)).status).toBe(200);
  });

  test("opens nothing else: a revoked key stays revoked, another app's lists stay", async () => {
    const [key, other] = [await addLockedOut(), await addLockedOut()];
    await h.call("DELETE", `/v1/keys/${key.keyId}`, { as: key.owner.headers });
    await breakGlass(system(), { target: { appId: key.appId }, reason: "x", hours: 1 });
    expect((await useKey(h, key)).status).toBe(401);
    expect((await useKey(h, other)).status).toBe(403);
  });

  test.each([
    [{ hours: 4.01 }, "invalid-request"],
    [{ hours: 0 }, "invalid-request"],
    [{ hours: Number.NaN }, "invalid-request"],
    [{ reason: " " }, "invalid-request"],
    [{ reason: "x".repeat(401) }, "invalid-request"],
    [{ target: { appId: NONE } }, "not-found"],
    [{ target: { accountId: NONE } }, "not-found"],
  ])("is refused with %j: %s", async (given, code) => {
    const { appId } = await addLockedOut();
    const asked = { target: { appId }, reason: "Locked out", hours: 1, ...given };
    await expect(breakGlass(system(), asked)).rejects.toMatchObject({ code });
  });

  test("is for the system alone", async () => {
    const key = await addLockedOut();
    const ctx: Context = { ...system(), principal: { kind: "stranger" } };
    const asked = { target: { appId: key.appId }, reason: "x", hours: 1 };
    await expect(breakGlass(ctx, asked)).rejects.toMatchObject({ code: "forbidden" });
  });
});

async function run(...argv: string[]): Promise<{ out: string; error: string | null }> {
  const command = breakGlassCommand(async () => system()).exitOverride();
  command.configureOutput({ writeErr: () => {} });
  const written: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text) => written.push(String(text)) > 0;
  try {
    await command.parseAsync(argv, { from: "user" });
    return { out: written.join(""), error: null };
  } catch (error) {
    return { out: written.join(""), error: String(error) };
  } finally {
    process.stdout.write = write;
  }
}

describe("sallyport break-glass", () => {
  test("says what it did, as text or as JSON", async () => {
    const key = await addLockedOut();
    const text = await run("--app", key.appId, "--reason", "Locked out", "--hours", "2");
    expect(text.out).toMatch(/^The address rules of the app Shop \d+ are held off until .*Z\./);
    const json = await run("--account", key.serviceAccountId, "--reason", "Locked out", "--json");
    const { accountId, heldOffUntil } = JSON.parse(json.out);
    expect(accountId).toBe(key.serviceAccountId);
    const forMs = new Date(heldOffUntil).getTime() - h.clock.now().getTime();
    expect(Math.abs(forMs - HOUR_MS)).toBeLessThan(5_000);
  });

  test.each([
    [["--reason", "x"]],
    [["--app", "x", "--reason", "x"]],
    [["--app", NONE]],
    [["--app", NONE, "--reason", "x", "--hours", "5"]],
    [["--app", NONE, "--account", NONE, "--reason", "x"]],
  ])("refuses %j before anything happens", async (argv) => {
    const before = (await h.entries()).length;
    expect((await run(...argv)).error).not.toBeNull();
    expect((await h.entries()).length).toBe(before);
  });
});
