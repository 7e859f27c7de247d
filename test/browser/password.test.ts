import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addEnrolledPerson, GOOD_PASSWORD } from "../builders/identity.ts";
import { addSession } from "../builders/people.ts";
import { Authenticator } from "./authenticator.ts";
import { DESKTOP, PHONE, startPanel, type Panel } from "./panel.ts";

const OTHER_PASSWORD = "copper meadow 77 whistle lagoon";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

async function openPage(given: { isSteppedUp?: boolean; viewport?: typeof DESKTOP } = {}) {
  const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD, ...given });
  const page = await panel.openAs(person, given);
  await page.goto("/account/password");
  return { person, page, phone: new Authenticator(panel, person.secret) };
}

const current = (page: Page) => page.getByRole("textbox", { name: "Current password" });
const wanted = (page: Page) => page.getByRole("textbox", { name: "New password" });
const change = (page: Page) => page.getByRole("button", { name: "Change password" });

describe("the password page", () => {
  test.each([
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ])(
    "changes the password, signs out every other device, and says so by mail (%s)",
    async (_, viewport) => {
      const { person, page } = await openPage({ viewport });
      const other = await addSession(panel.h, person.accountId);
      await current(page).fill(GOOD_PASSWORD);
      await wanted(page).fill(OTHER_PASSWORD);
      await change(page).click();
      await page.getByText("Your password is changed.").waitFor();
      expect(await wanted(page).inputValue()).toBe("");
      expect((await panel.h.call("GET", "/v1/account", { as: other.headers })).status).toBe(401);
      expect((await panel.h.mails()).at(-1)).toMatchObject({
        to: person.email,
        subject: "Your password was changed",
      });
      // This device goes on under its new secret.
      await page.goto("/account/sessions");
      await page.getByText("You are signed in nowhere else").waitFor();
    },
  );

  test("every failure stands at its field, and what was typed stays", async () => {
    const { page } = await openPage();
    await current(page).fill("not my password");
    await wanted(page).fill("password1");
    await change(page).click();
    await page.getByText("This is not your current password.").waitFor();
    await page.getByText(/too easy to guess|lists of stolen passwords/).waitFor();
    expect(await wanted(page).inputValue()).toBe("password1");
    expect(await current(page).getAttribute("aria-invalid")).toBe("true");
  });

  test("asks in place that it's you, and goes on with what was typed", async () => {
    const { page, phone } = await openPage({ isSteppedUp: false });
    await current(page).fill(GOOD_PASSWORD);
    await wanted(page).fill(OTHER_PASSWORD);
    await change(page).click();
    const dialog = page.getByRole("dialog", { name: "Confirm it's you" });
    await dialog.getByLabel("6-digit code").fill("000000");
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await dialog.getByText("The code is wrong or was used already.").waitFor();
    await dialog.getByLabel("6-digit code").fill(phone.code());
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("Your password is changed.").waitFor();
  });

  test("who closes that question keeps what was typed", async () => {
    const { page } = await openPage({ isSteppedUp: false });
    await current(page).fill(GOOD_PASSWORD);
    await wanted(page).fill(OTHER_PASSWORD);
    await change(page).click();
    await page.getByRole("dialog", { name: "Confirm it's you" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Confirm first that it's you.").waitFor();
    expect(await wanted(page).inputValue()).toBe(OTHER_PASSWORD);
  });

  test("works by keyboard alone", async () => {
    const { page } = await openPage();
    await current(page).focus();
    await page.keyboard.type(GOOD_PASSWORD);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type(OTHER_PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("Your password is changed.").waitFor();
  });
});
