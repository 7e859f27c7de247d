import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addEnrolledPerson, GOOD_PASSWORD } from "../builders/identity.ts";
import { DESKTOP, PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const heading = (page: Page, name: string) =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const subjectsTo = async (email: string) =>
  (await panel.h.mails()).filter(({ to }) => to === email).map(({ subject }) => subject);

describe("signing in without the phone", () => {
  async function signInAsFarAsCode(given: { viewport?: typeof DESKTOP } = {}) {
    const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    const page = await panel.open(given);
    await page.goto("/account/sessions?end=none");
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
    await button(page, /^Sign in$/).click();
    await page.getByLabel("6-digit code").waitFor();
    return { person, page };
  }

  test.each([
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ])(
    "a recovery code opens the page that was wanted, after a wrong one was said (%s)",
    async (_, viewport) => {
      const { person, page } = await signInAsFarAsCode({ viewport });
      await page.getByRole("button", { name: "I don't have my phone" }).click();
      await page.getByLabel("Recovery code").fill("AAAAA-AAAAA");
      await button(page, /^Sign in$/).click();
      await page.getByText("The code is wrong or was used already.").waitFor();
      await page.getByLabel("Recovery code").fill((person.recoveryCodes[0] ?? "").toLowerCase());
      await button(page, /^Sign in$/).click();
      await heading(page, "Devices & sessions");
      expect(new URL(page.url()).search).toBe("?end=none");
      expect(await subjectsTo(person.email)).toEqual([
        "A new sign-in to your account",
        "A recovery code was used",
      ]);
    },
  );

  test("a lost phone's codes are stopped by the same code, and another is set up", async () => {
    const { person, page } = await signInAsFarAsCode();
    await page.getByRole("button", { name: "I don't have my phone" }).click();
    await page.getByLabel("Lost or stolen").check();
    await page.getByLabel("Recovery code").fill(person.recoveryCodes[0] ?? "");
    await button(page, /^Sign in$/).click();
    await heading(page, "Set up two-factor authentication");
  });

  test("five wrong codes end the attempt, and the way back to the password is offered", async () => {
    const { page } = await signInAsFarAsCode();
    for (let tries = 0; tries < 6; tries += 1) {
      await page.getByLabel("6-digit code").fill("000000");
      await Promise.all([
        page.waitForResponse((reply) => reply.url().endsWith("/v1/sign-in/totp")),
        button(page, /^Sign in$/).click(),
      ]);
    }
    await button(page, "Start again with your password").click();
    await page.getByRole("textbox", { name: "Password" }).waitFor();
  });

  test("a disabled account is told nothing but whom to ask", async () => {
    const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    await panel.h.db
      .updateTable("account")
      .set({ disabled_at: panel.h.clock.now() })
      .where("id", "=", person.accountId)
      .execute();
    const page = await panel.open();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
    await button(page, /^Sign in$/).click();
    await page.getByText("the account may have been disabled").waitFor();
  });
});
