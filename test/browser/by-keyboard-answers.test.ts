import { Client } from "pg";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, addGrant, addMember, lastToken, sendInvitation } from "../builders/access.ts";
import { addEnrolledPerson, GOOD_PASSWORD } from "../builders/identity.ts";
import { addServiceKey } from "../builders/keys.ts";
import { addOperator, addOperatorKey, linkToken } from "../builders/operator.ts";
import { addPerson } from "../builders/people.ts";
import { Authenticator } from "./authenticator.ts";
import { Keyboard } from "./keyboard.ts";
import { startPanel, type Panel } from "./panel.ts";

/* Without a mouse: what somebody is asked, ways out of what is shared, and what runs beside. */

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

test("an invitation is answered after the sign-in that it asks for", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Atlas" });
  const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
  await sendInvitation(panel.h, {
    as: owner.headers,
    email: person.email,
    apps: [{ appId, role: "reporter" }],
  });
  const page = await panel.open();
  const keys = new Keyboard(page);
  await page.goto(`/invitations/accept?token=${await lastToken(panel.h, person.email)}`);
  await keys.type(field(page, "E-mail address"), person.email);
  await keys.type(field(page, "Password"), GOOD_PASSWORD);
  await page.keyboard.press("Enter");
  const phone = new Authenticator(panel, person.secret);
  await keys.type(page.getByLabel("6-digit code"), phone.code());
  await page.keyboard.press("Enter");
  await keys.press(button(page, "Accept the invitation"));
  await heading(page, "You have access now");
});

test("a product's question is agreed to, another's refused", async () => {
  const key = await addOperatorKey(panel.h, await addOperator(panel.h), { scopes: ["provision"] });
  for (const [answer, said] of [
    ["Agree", "You agreed"],
    ["Refuse", "You refused"],
  ] as const) {
    const person = await addPerson(panel.h);
    await panel.h.call("PUT", `/v1/provision/accounts/${answer}`, {
      as: key.headers,
      body: { email: person.email, displayName: "Robin B" },
    });
    const page = await panel.openAs(person);
    await page.goto(`/provision-consent?token=${await linkToken(panel.h, person.email)}`);
    await new Keyboard(page).press(button(page, answer));
    await heading(page, said);
  }
});

test("support is let in for a while, and out again", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Harbour" });
  const operator = await addOperator(panel.h);
  await panel.h.call("POST", "/v1/operator/support-requests", {
    as: operator.headers,
    body: { appId, reason: "Ticket 12", hours: 24 },
  });
  const page = await panel.openAs(owner);
  const keys = new Keyboard(page);
  await page.goto(`/apps/${appId}/settings`);
  const question = page.getByRole("list", { name: "Questions of the operator" });
  await keys.press(button(question, /^Let them look/));
  await page.getByText("They can read this app’s log until the time is over.").waitFor();
  await keys.press(button(page, /^Withdraw/));
  await page.getByText("They can no longer look.").waitFor();
});

test("somebody leaves an app, and an organisation", async () => {
  const { appId, organisationId } = await addApp(panel.h, { name: "Ledger" });
  const person = await addPerson(panel.h);
  await addGrant(panel.h, { appId, role: "reporter", person });
  await addMember(panel.h, { organisationId, role: "officer", person });
  const page = await panel.openAs(person);
  const keys = new Keyboard(page);
  await page.goto(`/account/organisations/${organisationId}`);
  await keys.press(button(page, "Leave"));
  await keys.press(button(dialog(page), "Leave"));
  await heading(page, "Shared with you");
  await closed(page);
  await keys.press(button(page, "Leave Ledger"));
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  await closed(page);
  await keys.isSomewhere();
  await keys.press(button(page, "Leave Ledger"));
  await keys.press(button(dialog(page), "Leave"));
  await page.getByText("You have left Ledger.").waitFor();
});

test("one key gets a list of its own, which is found from the overview", async () => {
  const key = await addServiceKey(panel.h);
  const page = await panel.openAs(key.owner);
  const keys = new Keyboard(page);
  await page.goto(`/apps/${key.appId}/keys/${key.keyId}`);
  await keys.press(button(page, "See and change"));
  await keys.press(button(page, "Add an address"));
  await keys.type(field(page, "Address or network 1"), "198.51.100.0/24");
  await keys.pick(page.getByRole("radio", { name: /^Monitor/ }));
  await keys.press(button(page, "Save the list"));
  await page.getByText("The list of Production is saved.").waitFor();
  await page.goto("/account/ip-whitelist");
  await keys.press(page.getByRole("link", { name: "Key Production" }));
  await heading(page, "Production");
  expect(await field(page, "Address or network 1").inputValue()).toBe("198.51.100.0/24");
});

test("a job that failed for good is tried again", async () => {
  const database = new Client({ connectionString: panel.h.database.ownerUrl });
  await database.connect();
  try {
    const { rows } = await database.query<{ id: string }>(
      "select id from graphile_worker.add_job('send-mail', '{}'::json, max_attempts := 3)",
    );
    await database.query(
      "update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'ECONNREFUSED' where id = $1",
      [rows[0]?.id],
    );
  } finally {
    await database.end();
  }
  const page = await panel.openAs(await addOperator(panel.h));
  await page.goto("/operator/queue");
  const keys = new Keyboard(page);
  await keys.press(page.getByRole("button", { name: /^Try again/ }).first());
  await page
    .getByText(/is tried again/i)
    .first()
    .waitFor();
  await page.getByText("Nothing has failed", { exact: true }).waitFor();
});
