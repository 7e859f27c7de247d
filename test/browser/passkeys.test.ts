import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addEnrolledPerson, GOOD_PASSWORD } from "../builders/identity.ts";
import { DESKTOP, PHONE, settled, startPanel, type Panel } from "./panel.ts";
import { VirtualAuthenticator } from "./virtual-authenticator.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

/** Of a test in which axe looks at pages: on two busy cores each look takes seconds. */
const AXE_TIMEOUT_MS = 90_000;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });
const heading = (page: Page, name: string) =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const subjectsTo = async (email: string) =>
  (await panel.h.mails()).filter(({ to }) => to === email).map(({ subject }) => subject);

type Given = { viewport?: typeof DESKTOP; colorScheme?: "light" | "dark" };

/** Somebody on the two-factor page, with an authenticator in their browser. */
async function openPage(given: Given = {}) {
  const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
  const page = await panel.openAs(person, given);
  const key = await VirtualAuthenticator.plugInto(page);
  await page.goto("/account/two-factor");
  await heading(page, "Two-factor authentication");
  return { person, page, key };
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await button(page, "Add a passkey").click();
  const form = dialog(page, "Add a passkey");
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Go on to the browser" }).click();
  await page.getByText(`“${name}” signs you in from now on.`).waitFor();
  await form.waitFor({ state: "hidden" });
}

const row = (page: Page, name: string) =>
  page.getByRole("list", { name: "Passkeys" }).getByRole("listitem").filter({ hasText: name });

async function signOut(page: Page): Promise<void> {
  // What the browser is known by stays.
  await page.context().clearCookies({ name: "sallyport_session" });
  await page.goto("/account/two-factor");
  await page.getByLabel("E-mail address").waitFor();
}

async function givePassword(page: Page, email: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

const faultsOf = async (page: Page) => {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
};

test.each([
  ["desktop", DESKTOP, "light"],
  ["phone", PHONE, "dark"],
] as const)(
  "a passkey is added, renamed, finishes a sign-in after the password, and opens one alone; axe finds nothing (%s)",
  async (_, viewport, colorScheme) => {
    const { person, page, key } = await openPage({ viewport, colorScheme });
    await page.getByText("You have no passkey yet.").waitFor();
    await addPasskey(page, "Work laptop");
    await row(page, "Work laptop").getByText("never used").waitFor();
    await button(page, "Rename Work laptop").click();
    const form = dialog(page, "Rename the passkey");
    await form.getByLabel("Name").fill("Blue key");
    await form.getByRole("button", { name: "Rename" }).click();
    await row(page, "Blue key").waitFor();
    expect(await faultsOf(page)).toEqual([]);

    await signOut(page);
    await givePassword(page, person.email);
    await button(page, "Use your passkey").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await button(page, "Use your passkey").click();
    await heading(page, "Two-factor authentication");
    const before = await key.count();

    await signOut(page);
    await button(page, "Sign in with a passkey").click();
    await row(page, "Blue key").getByText("last used").waitFor();
    expect(await key.count()).toBe(before + 1);
  },
  // Several pages, and axe looks at two of them.
  AXE_TIMEOUT_MS,
);

describe("a passkey in the browser", () => {
  test(
    "confirms in place that it's you",
    async () => {
      const { person, page } = await openPage();
      await addPasskey(page, "Work laptop");
      await panel.h.db
        .updateTable("session")
        .set({ stepped_up_at: null })
        .where("account_id", "=", person.accountId)
        .execute();
      await button(page, "Make new codes").click();
      await dialog(page, "Make new recovery codes?")
        .getByRole("button", { name: "Make new codes" })
        .click();
      const question = dialog(page, "Confirm it's you");
      await question.getByLabel("6-digit code").waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await question.getByRole("button", { name: "Use your passkey" }).click();
      await heading(page, "Keep your recovery codes");
    },
    AXE_TIMEOUT_MS,
  );

  test("is made once on a device; locked, it signs nobody in alone, and says what to do", async () => {
    const { page, key } = await openPage();
    await addPasskey(page, "Work laptop");
    await button(page, "Add a passkey").click();
    const form = dialog(page, "Add a passkey");
    await form.getByLabel("Name").fill("Again");
    await form.getByRole("button", { name: "Go on to the browser" }).click();
    await form.getByText("holds a passkey for this account already").waitFor();

    await key.setVerified(false);
    await signOut(page);
    await button(page, "Sign in with a passkey").click();
    await page.getByText("No passkey was given: it was cancelled, or took too long.").waitFor();
    await key.setVerified(true);
    await button(page, "Sign in with a passkey").click();
    await heading(page, "Two-factor authentication");
  });

  // Attack: somebody copied the security key's secret, and its owner has used theirs since.
  test(
    "of which a copy was used is noticed: refused, mailed, and shown with a warning",
    async () => {
      const { person, page, key } = await openPage();
      await addPasskey(page, "Work laptop");
      for (let n = 0; n < 2; n += 1) {
        await signOut(page);
        await button(page, "Sign in with a passkey").click();
        await row(page, "Work laptop").waitFor();
      }
      await key.setBack(0);
      await signOut(page);
      await button(page, "Sign in with a passkey").click();
      await page.getByText("A copy of this passkey seems to exist").waitFor();
      expect(await subjectsTo(person.email)).toEqual([
        "A passkey was added to your account",
        "A new sign-in to your account",
        "There may be a copy of your passkey",
      ]);
      await key.setBack(100);
      await button(page, "Sign in with a passkey").click();
      await row(page, "Work laptop").getByText("A copy of this passkey seems to exist").waitFor();
      expect(await faultsOf(page)).toEqual([]);
    },
    AXE_TIMEOUT_MS,
  );

  test("is removed after a question, but never as the last thing that signs in", async () => {
    const { person, page } = await openPage();
    await addPasskey(page, "Work laptop");
    await panel.h.db.deleteFrom("totp_factor").where("account_id", "=", person.accountId).execute();
    await page.reload();
    const remove = async () => {
      await button(page, "Remove Work laptop").click();
      const question = dialog(page, "Remove this passkey?");
      await question.getByRole("button", { name: "Remove the passkey" }).click();
      return question;
    };
    await (await remove()).getByText("This is the last thing besides your password").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    const other = await addEnrolledPerson(panel.h);
    await panel.h.db
      .updateTable("totp_factor")
      .set({ account_id: person.accountId })
      .where("account_id", "=", other.accountId)
      .execute();
    await remove();
    await page.getByText("You have no passkey yet.").waitFor();
    expect(await subjectsTo(person.email)).toContain("A passkey was removed from your account");
  });

  test("asked for in a browser that knows none is no dead end", async () => {
    const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    const page = await panel.openAs(person);
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "PublicKeyCredential");
    });
    await page.goto("/account/two-factor");
    await page.getByText("This browser can't use passkeys here.").waitFor();
    expect(await button(page, "Add a passkey").count()).toBe(0);
    await signOut(page);
    expect(await button(page, "Sign in with a passkey").count()).toBe(0);
  });
});
