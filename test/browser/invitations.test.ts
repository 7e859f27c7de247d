import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, lastToken, sendInvitation, subjectsTo } from "../builders/access.ts";
import { addEnrolledPerson, GOOD_PASSWORD, newEmail } from "../builders/identity.ts";
import { addPerson, addSession } from "../builders/people.ts";
import { codeOf, PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const accept = (token: string) => `/invitations/accept?token=${token}`;

test("somebody new is invited to two apps with an end, accepts, and finds both shared with them", async () => {
  const { owner } = await addApp(panel.h, { name: "Webshop" });
  await addApp(panel.h, { owner, name: "Stockroom" });
  const email = newEmail();
  const page = await panel.openAs(owner);
  await page.goto("/account/shared/invite");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Name (optional)").fill("Noor Berg");
  await page.getByRole("combobox", { name: "App" }).click();
  await page.getByRole("option", { name: "Webshop" }).click();
  await page.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: /^Editor/ }).click();
  await page.getByRole("button", { name: "What Editor may do, one by one" }).click();
  await page.getByText("Rename the app").waitFor();
  await page.getByLabel("Access ends").selectOption("In 1 week");
  await page.getByRole("button", { name: "Add another app" }).click();
  await page.getByRole("combobox", { name: "App" }).last().click();
  await page.getByRole("option", { name: "Stockroom" }).click();
  await page.getByRole("combobox", { name: "Role" }).last().click();
  await page.getByRole("option", { name: /^Reporter/ }).click();
  await page.getByRole("button", { name: "Send invitation" }).click();
  await page.getByText(`The invitation to ${email} is on its way.`).waitFor();
  await page.getByText("Webshop: Editor").waitFor();

  const guest = await panel.open({ viewport: PHONE });
  await guest.goto(accept(await lastToken(panel.h, email)));
  await guest.getByText("Stockroom").waitFor();
  expect(new URL(guest.url()).search).toBe("");
  await guest.getByLabel("Password").first().fill(GOOD_PASSWORD);
  await guest.getByRole("button", { name: "Make my account and accept" }).click();
  await guest.waitForURL(/\/welcome\?next=%2Faccount%2Fshared-with-me/);
  const { id } = await panel.h.db
    .selectFrom("account")
    .select("id")
    .where("email", "=", email)
    .executeTakeFirstOrThrow();
  const session = await addSession(panel.h, id);
  const noor = await panel.openAs({ ...session, accountId: id, email });
  await noor.goto("/account/shared-with-me");
  await noor.getByText(/^Editor, shared by/).waitFor();
  await noor.getByText(/^ends in 7 days$/).waitFor();
  await noor.getByRole("link", { name: "Stockroom" }).waitFor();
  expect(await subjectsTo(panel.h, owner.email)).toContain("Your invitation was accepted");
});

test("an invitation is accepted with the session that is there", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Gallery" });
  const kim = await addPerson(panel.h);
  const { token } = await sendInvitation(panel.h, {
    as: owner.headers,
    email: kim.email,
    apps: [{ appId, role: "editor" }],
  });
  const page = await panel.openAs(kim);
  await page.goto(accept(token));
  await page.getByRole("button", { name: "Accept the invitation" }).click();
  await page.getByRole("heading", { name: "You have access now" }).waitFor();
  await page.getByRole("link", { name: "Gallery" }).waitFor();
});

test("the wrong account is told which is needed, signs out, signs in as the right one and goes on", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Atlas" });
  const right = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
  const wrong = await addPerson(panel.h);
  const { token } = await sendInvitation(panel.h, {
    as: owner.headers,
    email: right.email,
    apps: [{ appId, role: "reporter" }],
  });
  const page = await panel.openAs(wrong);
  await page.goto(accept(token));
  await page.getByText(`This is for ${right.email}`).waitFor();
  await page.getByRole("button", { name: /that I use another address/ }).click();
  await page.getByText(/can see now that it was opened with another account/).waitFor();
  expect(await subjectsTo(panel.h, owner.email)).toContain(
    "Your invitation was opened with another account",
  );
  await page.getByRole("button", { name: "Sign out and go on" }).click();
  await page.getByLabel("E-mail address").fill(right.email);
  await page.getByLabel("Password").first().fill(GOOD_PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("6-digit code").fill(codeOf(right.secret, panel.h.clock.now().getTime()));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Accept the invitation" }).click();
  await page.getByRole("link", { name: "Atlas" }).waitFor();
});

test("an invitation sent again kills the old link; cancelled, it kills the new one", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Kiosk" });
  const email = newEmail();
  const { token: old } = await sendInvitation(panel.h, {
    as: owner.headers,
    email,
    apps: [{ appId, role: "reporter" }],
  });
  const page = await panel.openAs(owner);
  await page.goto("/account/shared?tab=pending");
  await page.getByRole("button", { name: `Send again to ${email}` }).click();
  await page.getByText("The link in the earlier mail stops working.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Send again" }).click();
  await page.getByText(/The old one is dead/).waitFor();
  const guest = await panel.open();
  await guest.goto(accept(old));
  await guest.getByRole("heading", { name: "This link doesn't work any more" }).waitFor();
  await guest.getByText(/Ask whoever invited you/).waitFor();
  const token = await lastToken(panel.h, email);
  expect(token).not.toBe(old);
  await guest.goto(accept(token));
  await guest.getByText("Kiosk").waitFor();
  await page.getByRole("button", { name: `Cancel invitation to ${email}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel invitation" }).click();
  await page.getByText("No invitation waits for an answer").waitFor();
  await guest.goto(accept(token));
  await guest.getByRole("heading", { name: "This link doesn't work any more" }).waitFor();
});

test("an app that is offered shows what it is, and is taken over", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Harbour" });
  const kim = await addPerson(panel.h);
  await panel.h.call("POST", `/v1/apps/${appId}/transfer`, {
    as: owner.headers,
    body: { email: kim.email },
  });
  const page = await panel.openAs(kim);
  await page.goto(`/apps/transfers/accept?token=${await lastToken(panel.h, kim.email)}`);
  await page.getByText("Harbour", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Take the app over" }).click();
  await page.getByRole("heading", { name: "Harbour is yours now" }).waitFor();
});

test("who has access already is shown what they have, and what was typed stays", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Notary" });
  const kim = await addPerson(panel.h);
  const { token } = await sendInvitation(panel.h, {
    as: owner.headers,
    email: kim.email,
    apps: [{ appId, role: "editor" }],
  });
  await panel.h.call("POST", "/v1/invitations/accept", { as: kim.headers, body: { token } });
  const page = await panel.openAs(owner);
  await page.goto(`/account/shared/invite?appId=${appId}`);
  await page.getByLabel("E-mail address").fill(kim.email);
  await page.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: /^Reporter/ }).click();
  await page.getByRole("button", { name: "Send invitation" }).click();
  await page.getByText(`${kim.email} has access already`).waitFor();
  await page.getByText("Is Editor in").waitFor();
  expect(await page.getByLabel("E-mail address").inputValue()).toBe(kim.email);
});
