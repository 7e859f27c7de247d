import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, lastToken } from "../builders/access.ts";
import { addEnrolledPerson, GOOD_PASSWORD, newEmail } from "../builders/identity.ts";
import { addServiceKey, useKey } from "../builders/keys.ts";
import { addPerson, addSession } from "../builders/people.ts";
import { Authenticator } from "./authenticator.ts";
import { Keyboard } from "./keyboard.ts";
import { settled, startPanel, type Panel } from "./panel.ts";

/* Every flow without a mouse. The first run is in first-run.test.ts. */

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const button = (at: Page | Locator, name: string | RegExp) =>
  at.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
const field = (at: Page | Locator, name: string | RegExp) => at.getByRole("textbox", { name });
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const dialog = (page: Page) => page.getByRole("dialog");
const closed = (page: Page) => dialog(page).waitFor({ state: "detached" });

describe("one's own account", () => {
  test("signing in, without the phone, and setting up another", async () => {
    const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    const page = await panel.open();
    const keys = new Keyboard(page);
    await page.goto("/sign-in");
    await keys.type(field(page, "E-mail address"), person.email);
    await keys.type(field(page, "Password"), GOOD_PASSWORD);
    await page.keyboard.press("Enter");
    await keys.press(button(page, "I don't have my phone"));
    await keys.type(field(page, "Recovery code"), person.recoveryCodes[0] ?? "");
    await keys.pick(page.getByRole("radio", { name: /^Lost or stolen/ }));
    await keys.press(button(page, "Sign in"));
    await keys.press(button(page, "I have an app: show the QR code"));
    const phone = new Authenticator(panel);
    await phone.scan(page);
    await keys.type(page.getByLabel("6-digit code"), phone.code());
    await page.keyboard.press("Enter");
    await keys.press(page.getByLabel("I kept them"), "Space");
    await keys.press(button(page, "Go on"));
    await heading(page, /^Good to see you/);
  });

  test("the password, confirming in place that it's you, new codes", async () => {
    const person = await addEnrolledPerson(panel.h, {
      password: GOOD_PASSWORD,
      isSteppedUp: false,
    });
    const page = await panel.openAs(person);
    const keys = new Keyboard(page);
    const phone = new Authenticator(panel, person.secret);
    await page.goto("/account/password");
    await keys.type(field(page, "Current password"), GOOD_PASSWORD);
    await keys.type(field(page, "New password"), "copper meadow 77 whistle lagoon");
    await page.keyboard.press("Enter");
    await dialog(page).getByLabel("6-digit code").and(page.locator(":focus")).waitFor();
    await page.keyboard.type(phone.code());
    await page.keyboard.press("Enter");
    await page.getByText("Your password is changed.").waitFor();

    await keys.press(page.getByRole("link", { name: "Two-factor authentication" }));
    await heading(page, "Two-factor authentication");
    await keys.press(button(page, "Make new codes"));
    await keys.press(button(dialog(page), "Make new codes"));
    await keys.press(page.getByLabel("I kept them"), "Space");
    await keys.press(button(page, "Go on"));
    await keys.reach(button(page, "Replace phone"));
  });

  test("a new phone, and a lost one", async () => {
    const page = await panel.openAs(await addEnrolledPerson(panel.h));
    const keys = new Keyboard(page);
    await page.goto("/account/two-factor");
    await keys.press(button(page, "Replace phone"));
    await keys.press(button(page, "I have an app: show the QR code"));
    const second = new Authenticator(panel);
    await second.scan(page);
    await keys.type(page.getByLabel("6-digit code"), second.code());
    await page.keyboard.press("Enter");
    await keys.press(page.getByLabel("I kept them"), "Space");
    await keys.press(button(page, "Go on"));
    await keys.press(button(page, "Lost or stolen"));
    await dialog(page).waitFor();
    await page.keyboard.press("Escape");
    await closed(page);
    await keys.isSomewhere();
    await keys.press(button(page, "Lost or stolen"));
    await keys.press(button(dialog(page), "Stop the phone's codes"));
    await heading(page, "Set up your new phone");
  });

  test("sessions, the search for pages, help, signing out", async () => {
    const person = await addPerson(panel.h);
    await addSession(panel.h, person.accountId);
    const page = await panel.openAs(person);
    const keys = new Keyboard(page);
    await page.goto("/help");
    await heading(page, /./);
    await page.keyboard.press("Tab");
    await page
      .getByRole("link", { name: "Skip to the page" })
      .and(page.locator(":focus"))
      .waitFor();
    await keys.press(page.getByRole("main").getByRole("link").first());
    await page.waitForURL(/\/(?:help|account)\/./);
    await page.keyboard.press("ControlOrMeta+k");
    await keys.type(field(page, "What are you looking for?"), "logged in");
    await page.keyboard.press("Escape");
    await closed(page);
    await keys.isSomewhere();
    await page.keyboard.press("/");
    await keys.type(field(page, "What are you looking for?"), "devices");
    await page.keyboard.press("Enter");
    await heading(page, "Devices & sessions");
    await keys.press(button(page, "Sign out Firefox"));
    await keys.pick(dialog(page).getByRole("radio").last());
    await keys.press(button(dialog(page), "Sign out"));
    await page.getByText("You are signed in nowhere else").waitFor();
    await closed(page);
    await keys.chooseInMenu(button(page, /^Account of/), "Sign out");
    await heading(page, /^Sign in/);
  });
});

describe("sharing", () => {
  test("an invitation, sent twice, and its answer by somebody new", async () => {
    const { appId, owner } = await addApp(panel.h, { name: "Atlas" });
    const stranger = newEmail();
    const page = await panel.openAs(owner);
    const keys = new Keyboard(page);
    await page.goto(`/account/shared/invite?appId=${appId}`);
    await keys.type(field(page, "E-mail address"), stranger);
    await keys.choose(page.getByRole("combobox", { name: "Role" }), /^Editor/);
    await keys.press(button(page, "Send invitation"));
    await page.getByText(`The invitation to ${stranger} is on its way.`).waitFor();
    await keys.press(button(page, `Send again to ${stranger}`));
    await keys.press(button(dialog(page), "Send again"));
    await page.getByText(/The old one is dead/).waitFor();
    const guest = await panel.open();
    const theirs = new Keyboard(guest);
    await guest.goto(`/invitations/accept?token=${await lastToken(panel.h, stranger)}`);
    await theirs.type(field(guest, "Your name"), "Noor Berg");
    await theirs.type(field(guest, "Password"), GOOD_PASSWORD);
    await theirs.press(button(guest, "Make my account and accept"));
    await guest.waitForURL(/\/welcome/);
  });

  test("a role changed, an end set, somebody removed from everything", async () => {
    const { appId, owner } = await addApp(panel.h, { name: "Ledger" });
    const kim = await addPerson(panel.h, { displayName: "Kim Vos" });
    await addGrant(panel.h, { appId, role: "reporter", person: kim });
    const page = await panel.openAs(owner);
    const keys = new Keyboard(page);
    await page.goto(`/apps/${appId}/access`);
    await keys.choose(page.getByRole("combobox", { name: /^Role of Kim Vos/ }), /^Editor/);
    await page.getByText("Kim Vos now has the role Editor in Ledger.").waitFor();
    await keys.press(button(page, /change when the access of Kim Vos/));
    await keys.reach(dialog(page).getByLabel("Access ends"));
    await page.keyboard.type("In 1 week");
    await keys.press(button(dialog(page), "Save the end"));
    await page.getByText("ends in 7 days").first().waitFor();
    await closed(page);
    await keys.isSomewhere();
    await keys.press(page.getByRole("link", { name: "Shared accounts" }));
    await keys.press(page.getByRole("link", { name: "Kim Vos" }));
    await keys.press(button(page, "Remove from everything"));
    await keys.press(dialog(page).getByLabel(/I want to remove Kim Vos/), "Space");
    await keys.press(button(dialog(page), "Remove from everything"));
    await page.getByRole("heading", { name: "Kim Vos is removed from everything" }).waitFor();
  });

  test("a role of the app's own, made and deleted", async () => {
    const { appId, owner } = await addApp(panel.h, { name: "Depot" });
    const page = await panel.openAs(owner);
    const keys = new Keyboard(page);
    await page.goto(`/apps/${appId}/access`);
    await keys.press(page.getByRole("link", { name: "Roles" }));
    await keys.press(button(page, "Make a role"));
    await keys.type(field(page, "Name of the role"), "clerk");
    await keys.press(page.getByRole("checkbox", { name: /^Invite people/ }), "Space");
    await keys.press(button(page, "Save role"));
    await page.getByText("The role clerk is made.").waitFor();
    await keys.press(button(page, "Delete clerk"));
    await keys.press(button(dialog(page), "Delete role"));
    await page.getByText("The role clerk is deleted.").waitFor();
    await closed(page);
    await keys.isSomewhere();
  });

  test("an organisation is renamed, an app offered and taken over", async () => {
    const { appId, organisationId, owner } = await addApp(panel.h, { name: "Harbour" });
    const kim = await addPerson(panel.h);
    const page = await panel.openAs(owner);
    const keys = new Keyboard(page);
    await page.goto(`/account/organisations/${organisationId}`);
    await keys.type(field(page, /^Name/), "Harbour Works");
    await page.keyboard.press("Enter");
    await heading(page, "Harbour Works");
    await page.goto(`/apps/${appId}/settings`);
    await keys.type(page.getByLabel("To somebody else, by e-mail"), kim.email);
    await page.keyboard.press("Enter");
    await page.getByText(`Offered to ${kim.email}`).waitFor();
    const taker = await panel.openAs(kim);
    await taker.goto(`/apps/transfers/accept?token=${await lastToken(panel.h, kim.email)}`);
    await new Keyboard(taker).press(button(taker, "Take the app over"));
    await heading(taker, "Harbour is yours now");
  });
});

describe("keys and addresses", () => {
  test("a service account, its key made, rotated and revoked", async () => {
    const { appId, owner } = await addApp(panel.h);
    const page = await panel.openAs(owner);
    const keys = new Keyboard(page);
    const take = async () => {
      await keys.press(page.getByLabel("I have stored it"), "Space");
      await keys.press(button(page, "Done"));
      await closed(page);
    };
    await page.goto(`/apps/${appId}/service-accounts`);
    await keys.press(button(page, "New service account"));
    await keys.type(field(dialog(page), "Name"), "Billing");
    await page.keyboard.press("Enter");
    await heading(page, "Billing");
    await keys.press(button(page, "New key"));
    await keys.type(field(dialog(page), "Name"), "Production");
    await page.keyboard.press("Enter");
    await take();
    await keys.press(page.getByRole("link", { name: "Production" }));
    await keys.press(button(page, "Rotate key"));
    await keys.press(button(dialog(page), "Make the new key"));
    await take();
    await keys.isSomewhere();
    await keys.press(button(page, "Revoke key"));
    await keys.press(button(dialog(page), "Revoke key"));
    await page.getByText("Production is revoked and works nowhere any more.").waitFor();
  });

  test("an IP whitelist: built, enforced past its guard rail, confirmed, tried out", async () => {
    const key = await addServiceKey(panel.h);
    await useKey(panel.h, key, "203.0.113.7");
    const page = await panel.openAs(key.owner);
    const keys = new Keyboard(page);
    await page.goto(`/apps/${key.appId}/ip-whitelist`);
    await keys.press(button(page, "Add an address"));
    await keys.type(field(page, "Address or network 1"), "198.51.100.0/24");
    await keys.pick(page.getByRole("radio", { name: /^Enforce/ }));
    await keys.press(button(page, "Save the list"));
    await keys.press(button(dialog(page), "Add it and enforce"));
    await closed(page);
    await keys.press(button(page, "Confirm: keep it"));
    await page.getByText("Confirmed: the list stays enforced.").waitFor();
    await keys.type(page.getByRole("textbox", { name: "Address", exact: true }), "192.0.2.99");
    await page.keyboard.press("Enter");
    await page.getByText("192.0.2.99 is refused").waitFor();
  });
});

describe("the log, and the operator's pages", () => {
  test("filters, a kept one, an export", async () => {
    const { owner } = await addApp(panel.h);
    const page = await panel.openAs(owner);
    const keys = new Keyboard(page);
    await page.goto("/security/action-log");
    await page.getByRole("heading", { name: "Entries" }).waitFor();
    await keys.reach(page.getByLabel("How it ended"));
    await page.keyboard.type("Refused");
    await page.waitForURL(/outcome=refused/);
    await keys.press(button(page, "Kept filters"));
    await page.getByRole("menuitem", { name: "Keep this filter" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await keys.type(field(page, "Name of the filter"), "Refusals");
    await page.keyboard.press("Enter");
    await page.getByText("“Refusals” is kept.").waitFor();
    await closed(page);
    await keys.press(button(page, "Export"));
    await keys.pick(dialog(page).getByRole("radio", { name: /NDJSON/ }));
    await keys.reach(dialog(page).getByRole("button", { name: "Download" }));
    await page.keyboard.press("Escape");
    await closed(page);
    await keys.isSomewhere();
  });

  test("an account looked at and disabled, a key, the catalogue, the looks", async () => {
    const person = await addPerson(panel.h, { displayName: "Nadia Novak" });
    const page = await panel.openAs(await addPerson(panel.h, { isOperator: true }));
    const keys = new Keyboard(page);
    await page.goto("/operator/accounts");
    await keys.type(field(page, "Search"), "novak");
    // The list that the search brings takes the place of the one that is there.
    await page.waitForURL(/query=novak/);
    await settled(page);
    await keys.press(page.getByRole("link", { name: "Nadia Novak" }));
    await keys.type(page.getByLabel("Reason"), "Ticket 12");
    await keys.press(button(page, "Put on record and open"));
    await page.getByText(person.email).waitFor();
    await keys.press(button(page, "Disable account"));
    await keys.type(dialog(page).getByLabel("Reason"), "Sends spam");
    await keys.press(button(dialog(page), "Disable account"));
    await page.getByText("Nadia Novak is disabled.").waitFor();
    await closed(page);
    await keys.press(page.getByRole("link", { name: /^Operator keys/ }));
    await keys.press(button(page, "Make a key"));
    await keys.type(field(dialog(page), "Name"), "Shop backend");
    await keys.press(dialog(page).getByLabel("Ask for decisions"), "Space");
    await keys.type(dialog(page).getByLabel("From which addresses"), "127.0.0.1");
    await keys.press(button(dialog(page), "Make the key"));
    await keys.press(button(dialog(page), "I kept it"));
    await closed(page);
    await keys.press(page.getByRole("link", { name: /^Permission/ }));
    await keys.press(button(page, "Add a permission"));
    await keys.type(page.getByLabel("Permission new permission 1"), "orders:read");
    await keys.type(page.getByLabel("What orders:read allows"), "See orders");
    await keys.press(button(page, "Save the catalogue"));
    await page.getByText("Saved. It holds from the next decision on.").waitFor();
    await keys.press(page.getByRole("link", { name: "Branding" }));
    await keys.type(field(page, "Product name"), "Acme Account");
    await keys.press(button(page, "Save branding"));
    await page
      .getByText(/^Saved/)
      .last()
      .waitFor();
    await expect.poll(() => page.title()).toContain("Acme Account");
  });
});
