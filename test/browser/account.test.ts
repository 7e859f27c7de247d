import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hashToken, newToken } from "../../src/platform/crypto/tokens.ts";
import { addEnrolledPerson, GOOD_PASSWORD } from "../builders/identity.ts";
import { addPerson } from "../builders/people.ts";
import { Authenticator } from "./authenticator.ts";
import { DESKTOP, PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

describe("the profile", () => {
  test.each([
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ])("changes the name, and shows address and organisations (%s)", async (_, viewport) => {
    const person = await addPerson(panel.h, { displayName: "Ada" });
    const page = await panel.openAs(person, { viewport });
    await page.goto("/account");
    await page.getByText(person.email).first().waitFor();
    await page.getByText("Owner: may do everything").waitFor();
    await page.getByLabel("Your name").fill("Ada Example");
    await button(page, "Save name").click();
    await page.getByText("You are called Ada Example from now on.").waitFor();
    await button(page, "Account of Ada Example").waitFor();
  });

  test("speaks the language that was chosen, at once", async () => {
    const page = await panel.openAs(await addPerson(panel.h));
    await page.goto("/account");
    await page.getByRole("combobox", { name: "Language", exact: true }).selectOption("nl");
    await page.getByRole("heading", { level: 1, name: "Profiel" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Profiel" }).waitFor();
  });
});

describe("the claim", () => {
  /** A fresh link, as the first start prints it. */
  async function claimLink(): Promise<string> {
    const token = newToken();
    await panel.h.db
      .updateTable("installation")
      .set({
        claim_hash: hashToken(token),
        claim_ends_at: new Date(panel.h.clock.now().getTime() + 3_600_000),
        claimed_at: null,
      })
      .execute();
    return `/claim?token=${token}`;
  }

  test("a stranger is led to sign in, comes back, and becomes the operator", async () => {
    const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    const page = await panel.open();
    await page.goto(await claimLink());
    await page.getByRole("link", { name: "I have an account: sign in" }).click();
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
    await button(page, /^Sign in$/).click();
    const phone = new Authenticator(panel, person.secret);
    await page.getByLabel("6-digit code").fill(phone.code());
    await button(page, /^Sign in$/).click();
    await page.getByText(`You are signed in as ${person.email}.`).waitFor();
    expect(page.url()).not.toContain("token");
    await button(page, "Become the operator").click();
    await page.getByText("You are the operator now.").waitFor();
    await page.getByText("Operator keys").waitFor();
  });

  test("a link that was used says how to get another", async () => {
    const page = await panel.openAs(await addPerson(panel.h));
    await page.goto(`/claim?token=${"x".repeat(43)}`);
    await button(page, "Become the operator").click();
    await page.getByText("This link no longer works").waitFor();
  });

  test("asks in place that it's you", async () => {
    const person = await addEnrolledPerson(panel.h, { isSteppedUp: false });
    const page = await panel.openAs(person);
    await page.goto(await claimLink());
    await button(page, "Become the operator").click();
    const dialog = page.getByRole("dialog", { name: "Confirm it's you" });
    await dialog.getByLabel("6-digit code").fill(new Authenticator(panel, person.secret).code());
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("You are the operator now.").waitFor();
  });
});

test("the language and clock of mails are chosen in the profile, and kept with the account", async () => {
  const person = await addPerson(panel.h);
  const page = await panel.openAs(person);
  await page.goto("/account");
  await page.getByLabel("Language of mails").selectOption("nl");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Your mails come as you chose from now on.").waitFor();
  const { body } = await panel.h.call("GET", "/v1/account", { as: person.headers });
  expect(body).toMatchObject({ language: "nl", timeZone: null });
});
