import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addOperator } from "../builders/operator.ts";
import { addPerson } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const entriesOf = async (action: string) =>
  (await panel.h.entries()).filter((entry) => entry.action === action);

test("an account is found, opened with a reason that the person reads, disabled and enabled", async () => {
  const person = await addPerson(panel.h, { displayName: "Nadia Novak" });
  const page = await panel.openAs(await addOperator(panel.h));
  await page.goto("/operator/accounts");
  await page.getByRole("textbox", { name: "Search" }).fill("novak");
  await expect.poll(() => new URL(page.url()).searchParams.get("query")).toBe("novak");
  await page.getByRole("link", { name: "Nadia Novak" }).click();

  await page.getByText("the person sees them").waitFor();
  await page.getByRole("button", { name: "Put on record and open" }).click();
  await page.getByText("Say why you look.").waitFor();
  expect(await entriesOf("operator.account-read")).toEqual([]);
  await page.getByLabel("Reason").fill("Ticket 12: Zoë can't sign in");
  await page.getByRole("button", { name: "Put on record and open" }).click();
  await page.getByText(person.email).waitFor();
  expect(await entriesOf("operator.account-read")).toMatchObject([
    { outcome: "done", reason: "Ticket 12: Zoë can't sign in" },
  ]);

  await page.getByRole("button", { name: "Disable account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 device is signed out at once.").waitFor();
  await dialog.getByLabel("Reason").fill("Sends spam");
  await dialog.getByRole("button", { name: "Disable account" }).click();
  await page.getByText("Nadia Novak is disabled.").waitFor();
  await page.getByRole("button", { name: "Enable account" }).click();
  await dialog.getByRole("button", { name: "Enable account" }).click();
  await page.getByText("Nadia Novak is enabled again.").waitFor();
  expect((await entriesOf("account.disabled")).length).toBe(1);
});

test("an operator key is made with scopes and addresses, shown once, revoked", async () => {
  const page = await panel.openAs(await addOperator(panel.h));
  await page.goto("/operator/keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("Give the key a name.").waitFor();
  await dialog.getByLabel("Name").fill("Shop backend");
  await dialog.getByLabel("Ask for decisions").check();
  await dialog.getByLabel("From which addresses").fill("127.0.0.1\nnonsense");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("nonsense:", { exact: false }).waitFor();
  await dialog.getByLabel("From which addresses").fill("127.0.0.1");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  const key = (await dialog.getByTestId("new-key").textContent()) ?? "";
  const works = async () =>
    (await panel.h.call("GET", "/v1/account", { as: { authorization: `Bearer ${key}` } })).status;
  expect(await works()).not.toBe(401);
  await dialog.getByRole("button", { name: "I kept it" }).click();
  await expect.poll(() => page.getByText(key).count()).toBe(0);

  await page.getByRole("button", { name: "Revoke Shop backend" }).click();
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("Shop backend is revoked.").waitFor();
  expect(await works()).toBe(401);
});

test("the catalogue: a permission is added, a bad one refused at its place, one taken out after reading what is lost", async () => {
  const page = await panel.openAs(await addOperator(panel.h));
  await page.goto("/operator/permissions");
  await page.getByRole("button", { name: "Add a permission" }).click();
  await page.getByLabel("Permission new permission 1").fill("app:fly");
  await page.getByRole("button", { name: "Save the catalogue" }).click();
  await page.getByText("This is in a built-in area", { exact: false }).waitFor();
  await page.getByLabel("Permission app:fly").fill("orders:read");
  await page.getByLabel("What orders:read allows").fill("See orders");
  await page.getByRole("button", { name: "Save the catalogue" }).click();
  await page.getByText("Saved. It holds from the next decision on.").waitFor();

  await page.getByRole("button", { name: "Take orders:read out" }).click();
  await page.getByRole("button", { name: "Save the catalogue" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("0 custom roles in 0 apps").waitFor();
  await dialog.getByRole("button", { name: "Save the catalogue" }).click();
  await page.getByText("You have none yet.").waitFor();
  const replacements = async () =>
    (await entriesOf("permission.replaced")).filter(({ outcome }) => outcome === "done").length;
  await expect.poll(replacements).toBe(2);
});

test("health and queue say in sentences how things stand", async () => {
  const page = await panel.openAs(await addOperator(panel.h));
  await page.goto("/operator/health");
  await page.getByText("PostgreSQL answers.").waitFor();
  await page.getByText("Entries are committed and filed as they come.").waitFor();
  await page.getByRole("link", { name: "Open the queue" }).click();
  await page.getByText("Nothing has failed", { exact: true }).waitFor();
});

test("what the server remarks stands at its part, in the reader's language", async () => {
  const page = await panel.openAs(await addOperator(panel.h));
  await page.addInitScript(() => localStorage.setItem("sallyport-language", "nl"));
  await page.route("**/v1/operator/health", async (route) => {
    const reply = await route.fetch();
    const health = await reply.json();
    const { oldestUnprovenAt: _none, ...record } = health.record;
    await route.fulfill({
      json: {
        ...health,
        record: { ...record, oldestUnprovenAt: new Date(Date.now() - 130_000).toISOString() },
        warnings: [{ code: "log-behind", params: { seconds: 130 }, detail: "In English." }],
      },
    });
  });
  await page.goto("/operator/health");
  await page.getByText("Nieuwe vermeldingen wachten", { exact: false }).waitFor();
  await page.getByText("Het openbare logboek loopt 130 s achter", { exact: false }).waitFor();
  await page.getByText("2 minuten geleden").waitFor();
  expect(await page.getByText("In English.").count()).toBe(0);
});

test("on a phone no operator's page is wider than the screen", async () => {
  const page = await panel.openAs(await addOperator(panel.h), { viewport: PHONE });
  for (const path of ["accounts", "support", "queue", "health", "permissions", "keys"]) {
    await page.goto(`/operator/${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect([path, width <= 390]).toEqual([path, true]);
  }
});
