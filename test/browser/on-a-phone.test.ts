import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, addGrant, lastToken } from "../builders/access.ts";
import { addEnrolledPerson, newEmail } from "../builders/identity.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { Authenticator } from "./authenticator.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

/* Flows whose own tests have a wide window only: on a phone each is whole, and nothing sticks out. */

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const button = (at: Page | Locator, name: string | RegExp) =>
  at.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
const field = (at: Page | Locator, name: string) => at.getByRole("textbox", { name });
const dialog = (page: Page) => page.getByRole("dialog");
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name }).waitFor();

const openOn = (person: Person) => panel.openAs(person, { viewport: PHONE });

async function fits(page: Page): Promise<void> {
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  expect(wide).toBeLessThanOrEqual(PHONE.width);
}

/** By the menu, which a phone hides until it is asked for. */
async function goTo(page: Page, name: string | RegExp): Promise<void> {
  await button(page, "Open the menu").click();
  await page.getByRole("navigation").getByRole("link", { name }).first().click();
  // Another page closes it.
  await button(page, "Open the menu").waitFor();
}

test("invites, removes from everything, and confirms in place that it's them", async () => {
  const owner = await addEnrolledPerson(panel.h, { isSteppedUp: false });
  const { appId } = await addApp(panel.h, { owner, name: "Ledger" });
  const kim = await addPerson(panel.h, { displayName: "Kim Vos" });
  await addGrant(panel.h, { appId, role: "reporter", person: kim });
  const email = newEmail();
  const page = await openOn(owner);
  await page.goto("/");
  await goTo(page, "Shared accounts");
  await page.getByRole("link", { name: "Invite somebody" }).first().click();
  await field(page, "E-mail address").fill(email);
  await page.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: /^Editor/ }).click();
  await fits(page);
  await button(page, "Send invitation").click();
  const question = page.getByRole("dialog", { name: "Confirm it's you" });
  await question.getByLabel("6-digit code").fill(new Authenticator(panel, owner.secret).code());
  await fits(page);
  await button(question, "Confirm").click();
  await page.getByText(`The invitation to ${email} is on its way.`).waitFor();
  await button(page, `Cancel invitation to ${email}`).click();
  await button(dialog(page), "Cancel invitation").click();
  await page.getByText("No invitation waits for an answer").waitFor();
  await page.getByRole("tab", { name: "By person" }).click();
  await page.getByRole("link", { name: "Kim Vos" }).click();
  await button(page, "Remove from everything").click();
  await dialog(page)
    .getByLabel(/I want to remove Kim Vos/)
    .check();
  await fits(page);
  await button(dialog(page), "Remove from everything").click();
  await page.getByRole("heading", { name: "Kim Vos is removed from everything" }).waitFor();
  await fits(page);
});

test("renames an organisation, hands an app on, and takes one over", async () => {
  const { appId, organisationId, owner } = await addApp(panel.h, { name: "Harbour" });
  const kim = await addPerson(panel.h);
  const page = await openOn(owner);
  await page.goto(`/account/organisations/${organisationId}`);
  await page.getByRole("textbox", { name: /^Name/ }).fill("Harbour Works");
  await page.getByRole("textbox", { name: /^Name/ }).press("Enter");
  await heading(page, "Harbour Works");
  await fits(page);
  await page.goto(`/apps/${appId}/settings`);
  await page.getByLabel("To somebody else, by e-mail").fill(kim.email);
  await button(page, "Send the offer").click();
  await page.getByText(`Offered to ${kim.email}`).waitFor();
  await fits(page);
  const taker = await openOn(kim);
  await taker.goto(`/apps/transfers/accept?token=${await lastToken(panel.h, kim.email)}`);
  await button(taker, "Take the app over").click();
  await heading(taker, "Harbour is yours now");
  await fits(taker);
});

test("looks through the log, finds a page by its other name, and runs the service", async () => {
  const person = await addPerson(panel.h, { displayName: "Nadia Novak" });
  const page = await openOn(await addPerson(panel.h, { isOperator: true }));
  await page.goto("/security/action-log");
  await page.getByLabel("How it ended").selectOption("refused");
  await page.waitForURL(/outcome=refused/);
  await fits(page);
  await button(page, "Export").click();
  await dialog(page).getByRole("button", { name: "Download" }).waitFor();
  await fits(page);
  await button(dialog(page), "Close").click();
  await button(page, "Search").click();
  await field(page, "What are you looking for?").fill("devices");
  await dialog(page).getByRole("link", { name: "Devices & sessions" }).click();
  await heading(page, "Devices & sessions");
  await goTo(page, /^Accounts$/);
  await field(page, "Search").fill("novak");
  await page.getByRole("link", { name: "Nadia Novak" }).click();
  await page.getByLabel("Reason").fill("Ticket 12");
  await button(page, "Put on record and open").click();
  await page.getByText(person.email).waitFor();
  await fits(page);
  await button(page, "Disable account").click();
  await dialog(page).getByLabel("Reason").fill("Sends spam");
  await button(dialog(page), "Disable account").click();
  await page.getByText("Nadia Novak is disabled.").waitFor();
  await goTo(page, "Branding");
  await field(page, "Product name").fill("Acme Account");
  await fits(page);
  await button(page, "Save branding").click();
  await page.getByText(/^Saved\./).waitFor();
});
