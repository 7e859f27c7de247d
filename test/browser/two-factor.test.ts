import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addEnrolledPerson } from "../builders/identity.ts";
import { addSession } from "../builders/people.ts";
import { Authenticator } from "./authenticator.ts";
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

async function openPage(given: { isSteppedUp?: boolean; viewport?: typeof DESKTOP } = {}) {
  const person = await addEnrolledPerson(panel.h, given);
  const page = await panel.openAs(person, given);
  await page.goto("/account/two-factor");
  await heading(page, "Two-factor authentication");
  return { person, page };
}

async function keepCodes(page: Page) {
  await page.getByLabel("I kept them").check();
  await button(page, "Go on").click();
}

describe("the two-factor page", () => {
  test.each([
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ])(
    "replaces the phone: the old one works until the new one is confirmed (%s)",
    async (_, viewport) => {
      const { person, page } = await openPage({ viewport });
      const old = new Authenticator(panel, person.secret);
      await button(page, "Replace phone").click();
      await page.getByText("Your old phone works until you confirm").waitFor();
      await button(page, "I have an app: show the QR code").click();
      const phone = new Authenticator(panel);
      await phone.scan(page);
      const stepUp = (code: string) =>
        panel.h.call("POST", "/v1/step-up", { body: { code }, as: person.headers });
      expect((await stepUp(old.code())).status).toBe(204);
      await page.getByLabel("6-digit code").fill(phone.code());
      await button(page, "Confirm").click();
      await page.getByText("The old one's codes no longer work.").waitFor();
      await keepCodes(page);
      await page.getByText("16 codes left").waitFor();
      expect((await stepUp(old.code())).status).toBe(401);
      expect(await subjectsTo(person.email)).toEqual(["Your authenticator was replaced"]);
    },
  );

  test("a replacement that was begun and left is told of, and changes nothing", async () => {
    const { page } = await openPage();
    await button(page, "Replace phone").click();
    await button(page, "I have an app: show the QR code").click();
    await page.getByRole("img", { name: /QR code/ }).waitFor();
    await page.goBack();
    await page.reload();
    await page.getByText("A new phone was begun and not confirmed.").waitFor();
  });

  test("makes new recovery codes after saying that the old ones die; asks in place that it's you", async () => {
    const { person, page } = await openPage({ isSteppedUp: false });
    await button(page, "Make new codes").click();
    const dialog = page.getByRole("dialog", { name: "Make new recovery codes?" });
    await dialog.getByText("All earlier ones stop working at once").waitFor();
    await dialog.getByRole("button", { name: "Make new codes" }).click();
    const question = page.getByRole("dialog", { name: "Confirm it's you" });
    const phone = new Authenticator(panel, person.secret);
    await question.getByLabel("6-digit code").fill(phone.code());
    await question.getByRole("button", { name: "Confirm" }).click();
    await heading(page, "Keep your recovery codes");
    expect(await page.getByText(person.recoveryCodes[0] ?? "").count()).toBe(0);
    await keepCodes(page);
    expect(await subjectsTo(person.email)).toEqual(["You have new recovery codes"]);
  });

  test("warns at three codes left", async () => {
    const { person, page } = await openPage();
    await panel.h.db
      .updateTable("recovery_code")
      .set({ used_at: panel.h.clock.now() })
      .where("account_id", "=", person.accountId)
      .where("mac", "in", (eb) =>
        eb
          .selectFrom("recovery_code")
          .select("mac")
          .where("account_id", "=", person.accountId)
          .limit(13),
      )
      .execute();
    await page.reload();
    await page.getByText("3 codes left").waitFor();
    await page.getByText("You have few codes left.").waitFor();
  });

  test("a phone reported lost is dead at once, other devices are out, and a new one is set up here", async () => {
    const { person, page } = await openPage();
    const other = await addSession(panel.h, person.accountId);
    await button(page, "Lost or stolen").click();
    await page.getByText("stop working at once, for whoever holds it").waitFor();
    await button(page, "Stop the phone's codes").click();
    await heading(page, "Set up your new phone");
    expect((await panel.h.call("GET", "/v1/account", { as: other.headers })).status).toBe(401);
    const phone = new Authenticator(panel);
    await button(page, "I have an app: show the QR code").click();
    await phone.scan(page);
    await page.getByLabel("6-digit code").fill(phone.code());
    await button(page, "Confirm").click();
    await keepCodes(page);
    await heading(page, "Good to see you, Robin Example");
    expect(await subjectsTo(person.email)).toContain("Your authenticator was reported lost");
  });

  test("who can't confirm without the phone reports it lost with a recovery code", async () => {
    const { person, page } = await openPage({ isSteppedUp: false });
    await button(page, "Make new codes").click();
    await page.getByRole("dialog").getByRole("button", { name: "Make new codes" }).click();
    await page
      .getByRole("dialog", { name: "Confirm it's you" })
      .getByRole("button", { name: "I don't have my phone" })
      .click();
    const dialog = page.getByRole("dialog", { name: "Report the phone lost or stolen?" });
    await dialog.getByLabel("Recovery code").fill("AAAAA-AAAAA");
    await dialog.getByRole("button", { name: "Stop the phone's codes" }).click();
    await dialog.getByText("The code is wrong or was used already.").waitFor();
    await dialog.getByLabel("Recovery code").fill(person.recoveryCodes[0] ?? "");
    await dialog.getByRole("button", { name: "Stop the phone's codes" }).click();
    await heading(page, "Set up your new phone");
  });
});
