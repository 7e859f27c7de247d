import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addEnrolledPerson, GOOD_PASSWORD, type EnrolledPerson } from "../builders/identity.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { Authenticator } from "./authenticator.ts";
import { startPanel, type Panel } from "./panel.ts";

/*
 * A computer that several people use. A browser has one cookie for all of its tabs: what one person began
 * must never be carried out for another, and nobody is shown another's page.
 */

let panel: Panel;
let second: EnrolledPerson;
beforeAll(async () => {
  panel = await startPanel();
  second = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const TYPED = "Typed by the first one";
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const dialog = (page: Page) => page.getByRole("dialog", { name: /Your session has ended/ });

/** A page of somebody, with something typed that was not sent yet. */
async function typeAs(person: Person, page?: Page): Promise<Page> {
  const opened = page ?? (await panel.openAs(person));
  await opened.goto("/account");
  await opened.getByLabel("Your name").fill(TYPED);
  return opened;
}

async function endSessions(accountId: string): Promise<void> {
  await panel.h.db
    .updateTable("session")
    .set({ ended_at: panel.h.clock.now(), end_reason: "signed-out" })
    .where("account_id", "=", accountId)
    .execute();
}

async function signIn(page: Page, { email, secret }: EnrolledPerson): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail address" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
  await button(page, /^Sign in$/).click();
  const phone = new Authenticator(panel, secret);
  // A code works once: that of the next half minute.
  panel.h.clock.advance(30_000);
  await page.getByLabel("6-digit code").fill(phone.code());
  await button(page, /^Sign in$/).click();
}

/** The cookie becomes somebody else's without any tab's knowing. */
async function becomeUnseen(page: Page, { headers }: Person): Promise<void> {
  const [name = "", value = ""] = (headers["cookie"] ?? "").split("=");
  await page.context().addCookies([{ name, value, url: panel.url }]);
}

const nameOf = async ({ accountId }: Person) =>
  (
    await panel.h.db
      .selectFrom("account")
      .select("display_name")
      .where("id", "=", accountId)
      .executeTakeFirstOrThrow()
  ).display_name;

/** The second person's Home, with the sentence, and nothing left of the first one's page. */
async function expectHomeOf(page: Page, { email }: Person, former: Person): Promise<void> {
  await page.getByText("The page that was open here belonged to another account").waitFor();
  await page.getByText(`You are signed in as ${email}.`).waitFor();
  await page.getByRole("heading", { level: 1, name: /^Good to see you/ }).waitFor();
  const text = await page.locator("body").innerText();
  expect(text).not.toContain(former.email);
  expect(text).not.toContain(TYPED);
}

describe("somebody else signs in where a session has ended", () => {
  test("the first one's act is not carried out for the second, who lands on Home", async () => {
    const first = await addPerson(panel.h, { displayName: "First" });
    const page = await typeAs(first);
    await endSessions(first.accountId);
    await button(page, "Save name").click();
    await dialog(page).waitFor();
    await signIn(page, second);
    await expectHomeOf(page, second, first);
    expect([await nameOf(first), await nameOf(second)]).toEqual(["First", "Robin Example"]);
    // Also where they go back to it.
    await page.goBack().catch(() => {});
    await page.goto("/account");
    expect(await page.getByLabel("Your name").inputValue()).toBe("Robin Example");
  });

  test("nor on the sign-in's own page, whose way back was the first one's", async () => {
    const first = await addPerson(panel.h);
    const page = await typeAs(first);
    await endSessions(first.accountId);
    await page.getByRole("link", { name: "Devices & sessions" }).first().click();
    await dialog(page).waitFor();
    await page.keyboard.press("Escape");
    // What was declined is not asked again at each step, and is no dead end.
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: /^Sign in/ }).waitFor();
    await signIn(page, second);
    await expectHomeOf(page, second, first);
  });

  test("who stops after the password has nobody's page either", async () => {
    const first = await addPerson(panel.h);
    const page = await typeAs(first);
    await endSessions(first.accountId);
    await button(page, "Save name").click();
    await page.getByRole("textbox", { name: "E-mail address" }).fill(second.email);
    await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
    await button(page, /^Sign in$/).click();
    await page.getByLabel("6-digit code").waitFor();
    await page.keyboard.press("Escape");
    // Whatever asks the server first finds out: this click, or what follows the inbox beside it.
    await button(page, "Save name")
      .click({ timeout: 2_000 })
      .catch(() => {});
    await page.waitForURL(/\/sign-in\?next=/);
    await page.getByLabel("6-digit code").waitFor();
    expect(await page.locator("body").innerText()).not.toContain(first.email);
  });

  test("the same person goes on where they were, and what they typed is sent", async () => {
    const first = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    const page = await typeAs(first);
    await endSessions(first.accountId);
    await button(page, "Save name").click();
    await dialog(page).waitFor();
    await signIn(page, first);
    await page.getByText(`You are called ${TYPED} from now on.`).waitFor();
  });
});

describe("a session that is not whole", () => {
  test("a half-open one is completed in place, from where it stands", async () => {
    const first = await addEnrolledPerson(panel.h);
    const page = await typeAs(first);
    await panel.h.db
      .updateTable("session")
      .set({ level: "needs-second-factor", stepped_up_at: null })
      .where("account_id", "=", first.accountId)
      .execute();
    await button(page, "Save name").click();
    await page.getByLabel("6-digit code").fill(new Authenticator(panel, first.secret).code());
    await button(page, /^Sign in$/).click();
    await page.getByText(`You are called ${TYPED} from now on.`).waitFor();
  });

  test("one that needs a new phone says so, leads there and back here", async () => {
    const first = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    const page = await typeAs(first);
    await endSessions(first.accountId);
    await button(page, "Save name").click();
    await page.getByRole("textbox", { name: "E-mail address" }).fill(first.email);
    await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
    await button(page, /^Sign in$/).click();
    await button(page, "I don't have my phone").click();
    await page.getByLabel("Lost or stolen").check();
    await page.getByLabel("Recovery code").fill(first.recoveryCodes[0] ?? "");
    await button(page, /^Sign in$/).click();
    const question = page.getByRole("dialog", { name: "One step is missing" });
    await question.getByRole("button", { name: "Go and complete it" }).click();
    await page.waitForURL(/\/welcome\?next=%2Faccount$/);
    await page.getByRole("heading", { name: "Set up two-factor authentication" }).waitFor();
  });
});

describe("two tabs", () => {
  test("a call under a cookie that became somebody else's is refused, and the page is left", async () => {
    const first = await addPerson(panel.h, { displayName: "First" });
    const page = await typeAs(first);
    await becomeUnseen(page, second);
    await button(page, "Save name").click();
    await expectHomeOf(page, second, first);
    expect([await nameOf(first), await nameOf(second)]).toEqual(["First", "Robin Example"]);
  });

  test("somebody else's sign-in in one takes the first one's page off the other", async () => {
    const first = await addPerson(panel.h);
    const page = await typeAs(first);
    const other = await page.context().newPage();
    await becomeUnseen(page, second);
    await other.goto("/help");
    await expectHomeOf(page, second, first);
  });

  test("who signs out in one is signed out of the other's screen, and told why", async () => {
    const first = await addPerson(panel.h);
    const page = await typeAs(first);
    const other = await page.context().newPage();
    await other.goto("/");
    await button(other, "Account of Robin Example").click();
    await other.getByRole("menuitem", { name: "Sign out" }).click();
    await other.waitForURL("**/sign-in");
    await page.getByText("You were signed out, in another tab of this browser.").waitFor();
    expect(await page.locator("body").innerText()).not.toContain(first.email);
  });

  test("a sign-in in one answers the other's question, too", async () => {
    const first = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
    const page = await typeAs(first);
    await endSessions(first.accountId);
    await button(page, "Save name").click();
    await dialog(page).waitFor();
    const other = await page.context().newPage();
    await other.goto("/sign-in");
    await signIn(other, first);
    await page.getByText(`You are called ${TYPED} from now on.`).waitFor();
  });
});

describe("a page that Back brings up", () => {
  test("is not the one of whoever signed out", async () => {
    const first = await addPerson(panel.h);
    const page = await panel.openAs(first);
    await page.goto("/help");
    await typeAs(first, page);
    await button(page, "Account of Robin Example").click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: /^Sign in/ }).waitFor();
    expect(await page.locator("body").innerText()).not.toContain(first.email);
  });

  test("as a browser kept it in memory is shown again while its session lives, and not after", async () => {
    const first = await addPerson(panel.h);
    const page = await typeAs(first);
    // Chromium keeps no page that must not be stored; others do, and say so with this event.
    const bringUp = () =>
      page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    await bringUp();
    expect(await page.getByLabel("Your name").inputValue()).toBe(TYPED);
    await endSessions(first.accountId);
    await bringUp();
    await page.getByRole("heading", { level: 1, name: /^Sign in/ }).waitFor();
    expect(await page.locator("body").innerText()).not.toContain(first.email);
  });
});
