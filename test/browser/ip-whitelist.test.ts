import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp } from "../builders/access.ts";
import { addServiceKey, useKey, type ServiceKey } from "../builders/keys.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const rulesOf = async ({ appId, owner }: ServiceKey) =>
  (await panel.h.call("GET", `/v1/apps/${appId}/address-rules`, { as: owner.headers })).body;

async function openList(key: ServiceKey, size?: typeof PHONE): Promise<Page> {
  const page = await panel.openAs(key.owner, size === undefined ? {} : { viewport: size });
  await page.goto(`/apps/${key.appId}/ip-whitelist`);
  await page.getByRole("heading", { level: 1, name: "IP whitelist" }).waitFor();
  return page;
}

/** Something to be cut off: a caller whose use is written down. */
async function called(key: ServiceKey, from: string): Promise<void> {
  await useKey(panel.h, key, from);
  // To ask for an enforcement writes down what was used a moment ago; a refusal changes nothing.
  await panel.h.call("PUT", `/v1/apps/${key.appId}/address-rules`, {
    as: key.owner.headers,
    body: { mode: "enforce", entries: [{ cidr: "192.0.2.255" }] },
  });
}

test.each([
  ["a desktop", undefined],
  ["a phone", PHONE],
])("on %s: built in monitor, enforced past the cut-off dialog, confirmed", async (_on, size) => {
  const key = await addServiceKey(panel.h);
  await called(key, "203.0.113.7");
  const page = await openList(key, size);
  await page.getByRole("button", { name: "Add an address" }).click();
  await page.getByLabel("Address or network 1").fill("198.51.100.0/24");
  await page.getByLabel("Note 1").fill("Office");
  await page.getByRole("radio", { name: "Monitor" }).check();
  await page.getByRole("button", { name: "Save the list" }).click();
  await page.getByText(/^The list of .* is saved\.$/).waitFor();
  await page.getByText("Not on the list").waitFor();
  expect((await useKey(panel.h, key, "203.0.113.7")).status).toBe(200);

  await page.getByRole("radio", { name: "Enforce" }).check();
  await page.getByRole("button", { name: "Save the list" }).click();
  const dialog = page.getByRole("dialog", { name: "Recent callers would be refused" });
  await dialog.getByText("203.0.113.7").waitFor();
  await dialog.getByRole("button", { name: "Add it and enforce" }).click();
  await page.getByRole("timer").waitFor();
  expect((await useKey(panel.h, key, "192.0.2.99")).status).toBe(403);
  expect((await useKey(panel.h, key, "203.0.113.7")).status).toBe(200);

  await page.getByRole("button", { name: "Confirm: keep it" }).click();
  await page.getByText("Confirmed: the list stays enforced.").waitFor();
  await page.getByRole("timer").waitFor({ state: "detached" });
  expect(await rulesOf(key)).toMatchObject({ mode: "enforce", revertsAt: null });

  await page.getByRole("textbox", { name: "Address", exact: true }).fill("192.0.2.99");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.getByText("192.0.2.99 is refused").waitFor();
  await page.getByText("The app’s list (Enforced): no entry holds it").waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
    size?.width ?? 1280,
  );
});

test("what nobody confirms goes back; a confirmation that comes too late says so", async () => {
  const key = await addServiceKey(panel.h);
  const page = await openList(key);
  await page.getByRole("button", { name: "Add my address" }).click();
  await page.getByText("it is on this list").waitFor();
  await page.getByRole("radio", { name: "Enforce" }).check();
  await page.getByRole("button", { name: "Save the list" }).click();
  await page.getByRole("timer").waitFor();
  panel.h.clock.advance(9 * 60_000);
  expect((await rulesOf(key)).revertsAt).not.toBeNull();
  panel.h.clock.advance(61_000);
  // Ten minutes are also what a confirmed "it's you" lasts.
  await panel.h.db
    .updateTable("session")
    .set({ stepped_up_at: panel.h.clock.now() })
    .where("id", "=", key.owner.sessionId)
    .execute();
  await page.getByRole("button", { name: "Confirm: keep it" }).click();
  await page.getByText("The list went back by itself").waitFor();
  await page.getByText("Nothing is on the list yet.").waitFor();
  expect(await rulesOf(key)).toMatchObject({ mode: "off", entries: [], revertsAt: null });
});

test("going back now, and going on without callers, both knowingly", async () => {
  const key = await addServiceKey(panel.h);
  await called(key, "203.0.113.7");
  const page = await openList(key);
  await page.getByRole("button", { name: "Add an address" }).click();
  await page.getByLabel("Address or network 1").fill("198.51.100.9");
  await page.getByRole("radio", { name: "Enforce" }).check();
  await page.getByRole("button", { name: "Save the list" }).click();
  await page.getByRole("button", { name: "Enforce without them" }).click();
  await page.getByText(/^The list of .* is saved\.$/).waitFor();
  expect(await rulesOf(key)).toMatchObject({ mode: "enforce", revertsAt: null });
  expect((await useKey(panel.h, key, "203.0.113.7")).status).toBe(403);

  await page.getByRole("button", { name: "Add 203.0.113.7" }).click();
  await page.getByRole("button", { name: "Save the list" }).click();
  await page.getByRole("button", { name: "Go back now" }).click();
  await page.getByText("The list is back to what it was.").waitFor();
  expect((await rulesOf(key)).entries).toHaveLength(1);
});

test("wrong lines are named where they stand; several are pasted; a wide network is asked about", async () => {
  const key = await addServiceKey(panel.h);
  const page = await openList(key);
  await page.getByRole("radio", { name: "Enforce" }).check();
  await page.getByText("An empty list lets nobody in").waitFor();
  await page.getByRole("button", { name: "Save the list" }).click();
  await page.getByText("an empty list lets nobody in: add an entry").waitFor();
  await page.getByRole("button", { name: "Add an address" }).click();
  await page.getByLabel("Address or network 1").focus();
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", "192.0.2.300\\n198.51.100.0/24 # Office\\n0.0.0.0/0");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }`);
  await page.getByLabel("Address or network 3").waitFor();
  expect(await page.getByLabel("Note 2").inputValue()).toBe("Office");
  await page.getByRole("button", { name: "Save the list" }).click();
  const first = page.getByLabel("Address or network 1");
  await expect.poll(() => first.getAttribute("aria-invalid")).toBe("true");
  await first.fill("192.0.2.30");
  await page.getByRole("button", { name: "Save the list" }).click();
  const dialog = page.getByRole("dialog", { name: "A very wide network" });
  await dialog.getByText("0.0.0.0/0").waitFor();
  await dialog.getByRole("button", { name: "Narrow it" }).click();
  await page.getByRole("button", { name: "Remove 0.0.0.0/0" }).click();
  await page.getByRole("button", { name: "Save the list" }).click();
  await page.getByRole("timer").waitFor();
});

test("a key's own list stands on its page; the overview tells each app's", async () => {
  const key = await addServiceKey(panel.h);
  await addApp(panel.h, { owner: key.owner, name: "Second shop" });
  const page = await panel.openAs(key.owner);
  await page.goto(`/apps/${key.appId}/keys/${key.keyId}`);
  await page.getByRole("button", { name: "See and change" }).click();
  await page.getByRole("button", { name: "Add my address" }).click();
  await page.getByRole("button", { name: "Save the list" }).click();
  await page.getByText("The list of Production is saved.").waitFor();
  await page.goto("/account/ip-whitelist");
  await page.getByRole("link", { name: "Second shop" }).click();
  await page.getByRole("heading", { level: 1, name: "IP whitelist" }).waitFor();
});
