import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { GOOD_PASSWORD, newEmail } from "../builders/identity.ts";
import { Authenticator, linkIn } from "./authenticator.ts";
import { DESKTOP, PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

async function fillSignUp(page: Page, email: string, password = GOOD_PASSWORD) {
  await page.getByLabel("Your name").fill("Ada Example");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
}

async function signUp(page: Page, email: string) {
  await page.goto("/sign-up");
  await fillSignUp(page, email);
  await button(page, "Sign up").click();
  await heading(page, "Look into your mailbox");
}

async function setUpPhone(page: Page): Promise<Authenticator> {
  const phone = new Authenticator(panel);
  await heading(page, "Set up two-factor authentication");
  await button(page, "I have an app: show the QR code").click();
  await phone.scan(page);
  await page.getByLabel("6-digit code").fill(phone.code());
  await button(page, "Confirm").click();
  await heading(page, "Keep your recovery codes");
  return phone;
}

async function keepCodes(page: Page) {
  await page.getByLabel("I kept them").check();
  await button(page, "Go on").click();
}

const overflow = (page: Page) =>
  page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");

describe("the first run", () => {
  test.each([
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ])("goes from sign-up through the mail's link and 2FA to Home on a %s", async (_, viewport) => {
    const page = await panel.open({ viewport });
    const email = newEmail();
    await signUp(page, email);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.goto(await linkIn(panel, email));
    await button(page, "Confirm my address").click();
    await setUpPhone(page);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(
      await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").count(),
    ).toBe(16);
    await keepCodes(page);
    await heading(page, "Good to see you, Ada Example");
  });

  test("goes by keyboard alone", async () => {
    const page = await panel.open();
    const email = newEmail();
    const { keyboard } = page;
    const type = (text: string) => keyboard.type(text);
    await page.goto("/sign-up");
    await page.getByLabel("Your name").waitFor();
    await tabTo(page, "Your name");
    await type("Ada Example");
    await keyboard.press("Tab");
    await type(email);
    await keyboard.press("Tab");
    await type(GOOD_PASSWORD);
    await keyboard.press("Enter");
    await heading(page, "Look into your mailbox");
    await page.goto(await linkIn(panel, email));
    await press(page, "Confirm my address");
    await press(page, "I have an app: show the QR code");
    const phone = new Authenticator(panel);
    await phone.scan(page);
    await tabTo(page, "6-digit code");
    await type(phone.code());
    await keyboard.press("Enter");
    await heading(page, "Keep your recovery codes");
    await tabTo(page, "I kept them");
    await keyboard.press("Space");
    await press(page, "Go on");
    await heading(page, "Good to see you, Ada Example");
  });

  test("keeps the link's secret out of the address, and of storage", async () => {
    const page = await panel.open();
    const email = newEmail();
    await signUp(page, email);
    await page.goto(await linkIn(panel, email));
    await button(page, "Confirm my address").waitFor();
    expect(new URL(page.url()).search).toBe("");
    // A reload does not lose it.
    await page.reload();
    await button(page, "Confirm my address").click();
    await heading(page, "Set up two-factor authentication");
    const stored = await page.evaluate<string>(
      "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])",
    );
    expect(stored).not.toMatch(/[\w-]{40}/);
  });
});

describe("sign-up", () => {
  test("says in words how good the password looks, and shows the server's failures at their fields", async () => {
    const page = await panel.open();
    await page.goto("/sign-up");
    await fillSignUp(page, newEmail(), "passwo");
    await page.getByText("Too short: 3 more characters.").waitFor();
    await page.getByRole("textbox", { name: "Password" }).fill("password1234");
    await button(page, "Sign up").click();
    await page.getByText(/too easy to guess|lists of stolen passwords/).waitFor();
    // What was typed stays.
    expect(await page.getByLabel("Your name").inputValue()).toBe("Ada Example");
    await page.getByRole("textbox", { name: "Password" }).fill(GOOD_PASSWORD);
    await page.getByText("Looks strong.").waitFor();
    await button(page, "Sign up").click();
    await heading(page, "Look into your mailbox");
  });

  test("a mail that does not come is sent again, or to another address", async () => {
    const page = await panel.open();
    const [first, second] = [newEmail(), newEmail()];
    await signUp(page, first);
    await button(page, "Send it again").click();
    await page.getByText("Sent again.").waitFor();
    expect((await panel.h.mails()).filter(({ to }) => to === first)).toHaveLength(2);
    await button(page, "Change the address").click();
    await page.getByLabel("E-mail address").fill(second);
    await button(page, "Sign up").click();
    await page.getByText(second).first().waitFor();
    await linkIn(panel, second);
  });

  test("another browser that opens the link chooses its own password, and is told why", async () => {
    const email = newEmail();
    const first = await panel.open();
    await signUp(first, email);
    const page = await panel.open();
    await page.goto(await linkIn(panel, email));
    await button(page, "Confirm my address").click();
    await heading(page, "Choose your password");
    await page.getByText("You signed up in another browser").waitFor();
    await page.getByRole("textbox", { name: "Password" }).fill("password1");
    await button(page, "Set password and confirm").click();
    await page.getByText(/too easy to guess|lists of stolen passwords/).waitFor();
    await page.getByRole("textbox", { name: "Password" }).fill(`${GOOD_PASSWORD} two`);
    await button(page, "Set password and confirm").click();
    await heading(page, "Set up two-factor authentication");
  });

  test("dead links, and addresses without one, say what to do", async () => {
    const page = await panel.open();
    await page.goto(`/verify?token=${"x".repeat(43)}`);
    await button(page, "Confirm my address").click();
    await heading(page, "This link no longer works");
    await page.getByRole("link", { name: "Sign up" }).click();
    await heading(page, /^Make your account/);
    await page.goto("/verify");
    await page.getByText("The address of this page is not whole.").waitFor();
  });
});

describe("setting up the phone", () => {
  test("a wrong code is said; the codes can be downloaded, and must be kept before it goes on", async () => {
    const page = await panel.open();
    const email = newEmail();
    await signUp(page, email);
    await page.goto(await linkIn(panel, email));
    await button(page, "Confirm my address").click();
    await button(page, "I have an app: show the QR code").click();
    const phone = new Authenticator(panel);
    await phone.scan(page);
    const right = phone.code();
    await page.getByLabel("6-digit code").fill(right === "000000" ? "000001" : "000000");
    await button(page, "Confirm").click();
    await page.getByText("The code is wrong or was used already.").waitFor();
    await page.getByLabel("6-digit code").fill(`${right.slice(0, 3)} ${right.slice(3)}`);
    await button(page, "Confirm").click();
    await heading(page, "Keep your recovery codes");
    await button(page, "Go on").click();
    await page.getByText("Tick the box first").waitFor();
    const downloading = page.waitForEvent("download");
    await button(page, "Download").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("recovery-codes.txt");
    const text = await readFile(await download.path(), "utf8");
    expect(text.match(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/gm)).toHaveLength(16);
    await keepCodes(page);
    await heading(page, "Good to see you, Ada Example");
  });

  test("nothing else opens before, and the page that was wanted opens afterwards", async () => {
    const page = await panel.open();
    const email = newEmail();
    await signUp(page, email);
    await page.goto(await linkIn(panel, email));
    await button(page, "Confirm my address").click();
    await heading(page, "Set up two-factor authentication");
    await page.goto("/account/sessions");
    await setUpPhone(page);
    await keepCodes(page);
    await heading(page, "Devices & sessions");
  });
});

/** Presses Tab until the control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page
    .getByLabel(name, { exact: false })
    .or(page.getByRole("button", { name }))
    .first();
  await wanted.waitFor();
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await wanted.and(page.locator(":focus")).count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${name} cannot be reached by Tab`);
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}
