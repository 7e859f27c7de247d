import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addEnrolledPerson, GOOD_PASSWORD, linkToken, newEmail } from "../builders/identity.ts";
import { addOperator } from "../builders/operator.ts";
import { addSession } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const heading = (page: Page, name: string) =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const looksRight = async (page: Page) =>
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
/** Opens the newest mail's link, as a person does: in a browser that is signed in nowhere. */
const openLink = async (path: string, email: string) => {
  const page = await panel.open({ viewport: PHONE });
  await page.goto(`${path}?token=${await linkToken(panel.h, email)}`);
  return page;
};

test("a changed sign-in address waits for its link, holds after it, and is taken back by the old mailbox", async () => {
  const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
  const email = newEmail();
  const page = await panel.openAs(person);
  await page.goto("/account");
  await button(page, "Change sign-in address").click();
  await page.getByRole("textbox", { name: "E-mail address" }).fill(person.email);
  await button(page, "Send link").click();
  await page.getByText("This is an address of your account already.").waitFor();
  await page.getByRole("textbox", { name: "E-mail address" }).fill(email);
  await button(page, "Send link").click();
  await button(page, "Give up new sign-in address").waitFor();
  await looksRight(page);
  const link = await openLink("/link/address", email);
  await heading(link, "Confirm your address");
  // A scanner of mails has opened it by now: nothing has happened.
  await page.reload();
  await page.getByText(person.email).waitFor();
  await button(link, "Confirm this address").click();
  await link.getByText(`From now on you sign in with ${email}.`).waitFor();
  const notMe = await openLink("/link/not-me", person.email);
  await heading(notMe, "Was it not you?");
  await looksRight(notMe);
  await button(notMe, "It was not me").click();
  await notMe.getByText("Your address of before signs in again.").waitFor();
  const operator = await panel.openAs(await addOperator(panel.h));
  await operator.goto("/operator/accounts");
  await button(operator, /^Dealt with/).click();
  await expect.poll(() => button(operator, /^Dealt with/).count()).toBe(0);
});

test("a forgotten password is chosen anew by mail, and a dead link says so", async () => {
  const { email } = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
  const page = await panel.open();
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await heading(page, "Forgot your password?");
  await page.getByLabel("E-mail address").fill(email);
  await button(page, "Send link").click();
  await page.getByText(`If ${email} signs in to an account`).waitFor();
  const [link, other] = [
    await openLink("/link/new-password", email),
    await openLink("/link/new-password", email),
  ];
  const choose = async (at: Page, password: string) => {
    await at.getByRole("textbox", { name: "New password" }).fill(password);
    await button(at, "Set password").click();
  };
  await choose(link, "short");
  await link
    .getByText(/at least 9 characters/i)
    .first()
    .waitFor();
  await choose(link, `${GOOD_PASSWORD} anew`);
  await link.getByText("Your new password holds.").waitFor();
  await choose(other, `${GOOD_PASSWORD} again`);
  await other.getByText("This link doesn't work any more").waitFor();
});

test("a recovery begins by mail, shows to whoever is signed in, and is stopped there", async () => {
  const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
  const page = await panel.open();
  await page.goto("/sign-in/lost");
  await page.getByLabel("E-mail address").fill(person.email);
  await button(page, "Send link").click();
  await page.getByText("a link is on its way").waitFor();
  const link = await openLink("/link/recovery", person.email);
  await button(link, "Begin the wait").click();
  await link.getByText("The wait has begun.").waitFor();
  await looksRight(link);
  const own = await panel.openAs(person);
  await own.goto("/account/two-factor");
  await own.getByText("Your second factors are about to be reset").waitFor();
  await looksRight(own);
  await button(own, "Stop the reset").click();
  await expect.poll(() => button(own, "Stop the reset").count()).toBe(0);
});

test("an operator asks for a reset with a reason, and the person's mail stops it", async () => {
  const [operator, person] = [await addOperator(panel.h), await addEnrolledPerson(panel.h)];
  const page = await panel.openAs(operator);
  await page.goto(`/operator/accounts/${person.accountId}`);
  await page.getByRole("textbox").first().fill("Ticket 12");
  await page.keyboard.press("Enter");
  await button(page, "Ask for a reset").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Ticket 12");
  await dialog.getByRole("button", { name: "Ask for a reset" }).click();
  await button(page, "Cancel the reset").waitFor();
  const link = await openLink("/link/stop-recovery", person.email);
  await button(link, "Stop the reset").click();
  await link.getByText("The reset is stopped").waitFor();
  const { headers } = await addSession(panel.h, person.accountId);
  const { body } = await panel.h.call("GET", "/v1/account/recovery", { as: headers });
  expect(body.waiting).toBeNull();
});
