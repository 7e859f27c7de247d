import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, subjectsTo } from "../builders/access.ts";
import { addServiceKey, useKey } from "../builders/keys.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

/** Reads the key from its only field, says that it is stored, and closes. */
async function takeKey(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog", { name: "Your new key" });
  const text = await dialog.getByLabel("Key", { exact: true }).inputValue();
  await page.keyboard.press("Escape");
  const done = dialog.getByRole("button", { name: "Done" });
  expect(await done.isDisabled()).toBe(true);
  await dialog.getByLabel("I have stored it").check();
  await done.click();
  await dialog.waitFor({ state: "detached" });
  return text;
}

const use = (key: string, appId: string) =>
  panel.h.call("GET", `/v1/apps/${appId}`, { as: { authorization: `Bearer ${key}` } });

test.each([
  ["a desktop", undefined],
  ["a phone", PHONE],
])("on %s: a service account, its key shown once, in use, rotated, revoked", async (_on, size) => {
  const { appId, owner } = await addApp(panel.h);
  const page = await panel.openAs(owner, size === undefined ? {} : { viewport: size });
  await page.goto(`/apps/${appId}/service-accounts`);
  await page.getByRole("button", { name: "New service account" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Billing");
  await page.getByLabel("Role").selectOption("reporter");
  await page.getByRole("button", { name: "Make service account" }).click();
  await page.getByRole("heading", { level: 1, name: "Billing" }).waitFor();

  await page.getByRole("button", { name: "New key" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Name" }).fill("Production server");
  await form.getByLabel("Works for").selectOption("90");
  await form.getByRole("button", { name: "Make key" }).click();
  const first = await takeKey(page);
  expect(await page.content()).not.toContain(first);
  expect(page.url()).not.toContain(first);
  const stored = "JSON.stringify([localStorage, sessionStorage])";
  expect(await page.evaluate(stored)).not.toContain(first);
  expect((await use(first, appId)).status).toBe(200);

  await page.getByRole("link", { name: "Production server" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  await page.getByLabel("The old key works for").selectOption("3600");
  await page.getByRole("button", { name: "Make the new key" }).click();
  const second = await takeKey(page);
  await page.getByText("The old key still works").waitFor();
  expect(second).not.toBe(first);
  expect(await page.content()).not.toContain(second);
  expect([(await use(first, appId)).status, (await use(second, appId)).status]).toEqual([200, 200]);

  await page.getByRole("button", { name: "Revoke key" }).click();
  await page.getByLabel("Reason").selectOption("key_compromise");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("Production server is revoked and works nowhere any more.").waitFor();
  await page.getByText("Reason: Somebody else may have it").waitFor();
  expect((await use(second, appId)).status).toBe(401);
  const subjects = (await subjectsTo(panel.h, owner.email)).map((subject) => subject.split(" ")[0]);
  expect(subjects).toEqual(["New", "New", "Key", "Key"]);
});

test("who still uses a key that was replaced is shown on its successor, with addresses", async () => {
  const key = await addServiceKey(panel.h);
  await useKey(panel.h, key, "203.0.113.7");
  await panel.h.call("POST", `/v1/keys/${key.keyId}/rotate`, {
    as: key.owner.headers,
    body: { overlapSeconds: 3600 },
  });
  const page = await panel.openAs(key.owner);
  // What is used is written down within a minute; the list is read again until it is there.
  const usedFrom = () =>
    panel.h.db
      .selectFrom("api_key")
      .select("last_used_address")
      .where("id", "=", key.keyId)
      .executeTakeFirst();
  await panel.h.call("PUT", `/v1/keys/${key.keyId}/address-rules`, {
    as: key.owner.headers,
    body: { mode: "enforce", entries: [{ cidr: "203.0.113.0/24" }] },
  });
  await expect.poll(async () => (await usedFrom())?.last_used_address).toBe("203.0.113.7");
  await page.goto(`/apps/${key.appId}/keys/${key.keyId}`);
  await page.getByRole("link", { name: "To the new key" }).click();
  const list = page.getByRole("list", { name: "Who still uses the old key" });
  await list.getByText("203.0.113.7").waitFor();
  await list.getByText("used once").waitFor();
});

test("disabled, a service account's keys are refused; enabled they work; deleted it is gone", async () => {
  const key = await addServiceKey(panel.h);
  const page = await panel.openAs(key.owner);
  await page.goto(`/apps/${key.appId}/service-accounts/${key.serviceAccountId}`);
  for (const [act, done, status] of [
    ["Disable", "Billing is disabled.", 401],
    ["Enable", "Billing is enabled.", 200],
  ] as const) {
    await page.getByRole("button", { name: act, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: act }).click();
    await page.getByText(done).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await useKey(panel.h, key)).status).toBe(status);
  }
  await page.getByRole("button", { name: "Delete service account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Its key is revoked at once").waitFor();
  await dialog.getByRole("button", { name: "Delete service account" }).click();
  await page.getByText("No program uses this app yet").waitFor();
  expect((await useKey(panel.h, key)).status).toBe(401);
});
