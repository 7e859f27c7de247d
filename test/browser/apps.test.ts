import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, addGrant, addMember, subjectsTo } from "../builders/access.ts";
import { addPerson } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

test("the first app is made from the empty list, by keyboard alone on a phone", async () => {
  const person = await addPerson(panel.h);
  const page = await panel.openAs(person, { viewport: PHONE });
  await page.goto("/apps");
  await page.getByText("Make your first app").waitFor();
  await page.getByRole("link", { name: "New app" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/apps/new");
  const name = page.getByRole("textbox", { name: "Name" });
  await name.waitFor();
  await expect.poll(() => page.locator("input:focus").getAttribute("required")).not.toBeNull();
  await page.keyboard.type("Webshop");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Webshop" }).waitFor();
  const { body } = await panel.h.call("GET", "/v1/apps", { as: person.headers });
  expect(body.owned.map((app: { name: string }) => app.name)).toEqual(["Webshop"]);
  await page.getByRole("navigation", { name: "Where you are" }).getByText("Apps").click();
  await page.getByRole("link", { name: "Webshop" }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE.width);
});

test("a person sees the pages of an app that their role opens, and no others", async () => {
  const app = await addApp(panel.h);
  const { person } = await addGrant(panel.h, { appId: app.appId, role: "reporter" });
  const page = await panel.openAs(person);
  await page.goto(`/apps/${app.appId}`);
  const tabs = page.getByRole("navigation", { name: /^Pages of/ }).getByRole("link");
  await tabs.first().waitFor();
  expect(await tabs.allTextContents()).toEqual(["Overview", "Roles"]);
});

test("renamed; a name that the server refuses stays, with the reason at its field", async () => {
  const app = await addApp(panel.h, { name: "Shop" });
  const page = await panel.openAs(app.owner);
  await page.goto(`/apps/${app.appId}/settings`);
  const name = page.getByRole("textbox", { name: "Name" });
  await name.fill("   ");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect.poll(() => name.getAttribute("aria-invalid")).toBe("true");
  await name.fill("Shop of Leiden");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByText("The app is now called Shop of Leiden.").waitFor();
  await page.getByRole("link", { name: "Shop of Leiden" }).waitFor();
});

test("offered by mail and taken back; handed over at once to another organisation of one's own", async () => {
  const app = await addApp(panel.h, { name: "Shop" });
  const other = await addApp(panel.h);
  await addMember(panel.h, {
    organisationId: other.organisationId,
    role: "owner",
    person: app.owner,
  });
  const page = await panel.openAs(app.owner);
  await page.goto(`/apps/${app.appId}/settings`);
  await page.getByLabel("To somebody else, by e-mail").fill("new-owner@example.test");
  await page.getByRole("button", { name: "Send the offer" }).click();
  await page.getByText("Offered to new-owner@example.test").waitFor();
  expect(await subjectsTo(panel.h, "new-owner@example.test")).toHaveLength(1);
  await page.getByRole("button", { name: "Take the offer back" }).click();
  await page.getByText("The offer is taken back: its link no longer works.").waitFor();
  await page.getByLabel("To somebody else, by e-mail").waitFor();

  await page.getByRole("button", { name: "Hand over now" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Hand over now" }).click();
  await page.getByText(/^Shop belongs to/).waitFor();
  const { body } = await panel.h.call("GET", `/v1/apps/${app.appId}`, { as: app.owner.headers });
  expect(body.organisation.id).toBe(other.organisationId);
});

test("support is let in for a time, and sent out again", async () => {
  const app = await addApp(panel.h);
  const page = await panel.openAs(app.owner);
  await page.goto(`/apps/${app.appId}/settings`);
  await page.getByLabel("Why").fill("Case 4711");
  await page.getByRole("button", { name: "Let them look" }).click();
  await page.getByRole("button", { name: "Withdraw Case 4711" }).click();
  await page.getByText("They can no longer look.").waitFor();
  await page.getByText(/withdrawn/).waitFor();
});

test("deleted once its name is typed, and only then", async () => {
  const app = await addApp(panel.h, { name: "Old shop" });
  const page = await panel.openAs(app.owner);
  await page.goto(`/apps/${app.appId}/settings`);
  await page.getByRole("button", { name: "Delete app" }).click();
  const button = page.getByRole("button", { name: "Delete for good" });
  await page.getByLabel("Type “Old shop” to go on").fill("Old");
  expect(await button.isDisabled()).toBe(true);
  await page.getByLabel("Type “Old shop” to go on").fill("Old shop");
  await button.click();
  await page.getByText("Old shop is deleted.").waitFor();
  await page.getByText("Make your first app").waitFor();
  const { status } = await panel.h.call("GET", `/v1/apps/${app.appId}`, { as: app.owner.headers });
  expect(status).toBe(404);
});
