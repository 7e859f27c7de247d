import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { addApp, addGrant, sendInvitation } from "../builders/access.ts";
import { addEnrolledPerson, GOOD_PASSWORD, newEmail } from "../builders/identity.ts";
import {
  addBoundGuest,
  CLASSIC_PASSWORD,
  expire,
  letAge,
  putPolicy,
} from "../builders/policies.ts";
import { Authenticator } from "./authenticator.ts";
import { DESKTOP, PHONE, startPanel, type Panel } from "./panel.ts";

/** Some of these go through whole pages twice over, and have them judged. */
vi.setConfig({ testTimeout: 90_000 });

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const sizes = [
  ["desktop", DESKTOP],
  ["phone", PHONE],
] as const;

async function expectNoAxeFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}

describe("an organisation's policy", () => {
  test.each(sizes)(
    "is seen with whom it touches before it holds, and holds from then (%s)",
    async (_, viewport) => {
      const { appId, owner } = await addApp(panel.h);
      const { person: guest } = await addGrant(panel.h, { appId, role: "reporter" });
      const page = await panel.openAs(owner, { viewport });
      await page.goto("/account/password-policy");
      await page.getByRole("heading", { name: "What is asked" }).waitFor();
      await page.getByText("What NIST thinks of this").waitFor();
      await page.getByRole("radio", { name: "Classic" }).check();
      expect(
        await page.getByRole("switch", { name: "Another password every 45 days" }).isChecked(),
      ).toBe(true);
      await page.getByRole("textbox", { name: "Reason (optional)" }).fill("Contract 7");
      await page.getByRole("button", { name: "See whom it touches" }).click();
      const dialog = page.getByRole("dialog", { name: "Before it holds" });
      await dialog.getByText("This asks for more than before.").waitFor();
      await dialog.getByText(guest.email).waitFor();
      await dialog.getByText("nobody's password ends by it today").waitFor();
      await expectNoAxeFaults(page);
      await dialog.getByRole("button", { name: "Let it hold now" }).click();
      await page.getByText("Reason given: Contract 7").waitFor();
      const { body } = await panel.h.call("GET", "/v1/account/password-policy", {
        as: guest.headers,
      });
      expect(body.maxAgeDays.value).toBe(45);
    },
  );

  test("one's own rules are set each by itself, and a choice can be given up", async () => {
    const { owner } = await addApp(panel.h);
    const page = await panel.openAs(owner);
    await page.goto("/account/password-policy");
    await page.getByRole("radio", { name: "Your own" }).check();
    await page.getByRole("textbox", { name: "Least number of characters" }).fill("20");
    await page.getByRole("checkbox", { name: "A number" }).check();
    await page.getByRole("button", { name: "See whom it touches" }).click();
    const dialog = page.getByRole("dialog", { name: "Before it holds" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "See whom it touches" }).click();
    await dialog.getByRole("button", { name: "Let it hold now" }).click();
    await page.getByText("The policy holds now").waitFor();
    const { body } = await panel.h.call("GET", "/v1/policies/password", { as: owner.headers });
    expect(body).toMatchObject({ preset: "custom", rules: { minLength: 20, needsNumber: true } });
  });

  test("one person, or all, are asked for another password after a question", async () => {
    const { guest, owner } = await addBoundGuest(panel.h, { preset: "none" });
    const page = await panel.openAs(owner);
    await page.goto("/account/password-policy");
    const row = page.getByRole("listitem").filter({ hasText: guest.email });
    await row.getByRole("button", { name: /^Expire now: / }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("can choose another password and do nothing else").waitFor();
    await dialog.getByRole("button", { name: "Expire now" }).click();
    await page.getByText("1 person chooses another password now.").waitFor();
    const reply = await panel.h.call("GET", "/v1/account", { as: guest.headers });
    expect(reply.body.code).toBe("new-password-required");
  });
});

describe("somebody whom it binds", () => {
  test.each(sizes)(
    "sees each rule with whose it is, and what is still missing while typing (%s)",
    async (_, viewport) => {
      const { guest, owner, appId } = await addBoundGuest(panel.h, { preset: "classic" });
      const { name } = await panel.h.db
        .selectFrom("app")
        .select("name")
        .where("id", "=", appId)
        .executeTakeFirstOrThrow();
      const page = await panel.openAs(guest, { viewport });
      await page.goto("/account/password");
      const rules = page.getByRole("list", { name: "What is asked of your password" });
      await rules.getByText("Another one every 45 days").waitFor();
      await rules
        .getByText(new RegExp(`shares ${name} with you`))
        .first()
        .waitFor();
      await rules.getByText(new RegExp(owner.email)).first().waitFor();
      await page.getByText("It has to be changed").waitFor();
      await page.getByRole("textbox", { name: "New password" }).fill("velvet anchor");
      const checks = page.getByRole("list", { name: "What the new password needs" });
      const textOf = async () => (await checks.getByRole("listitem").allInnerTexts()).join("\n");
      expect(await textOf()).toMatch(/A capital letter\s*: not yet/);
      expect(await textOf()).toMatch(/At least 9 characters\s*: done/);
      await page.getByRole("textbox", { name: "New password" }).fill(CLASSIC_PASSWORD);
      expect(await textOf()).not.toMatch(/not yet/);
      await expectNoAxeFaults(page);
    },
  );

  test.each(sizes)(
    "chooses another at the sign-in where it has ended, and is where they wanted to be (%s)",
    async (_, viewport) => {
      const bound = await addBoundGuest(panel.h, { preset: "classic" });
      await letAge(panel.h, bound, 46);
      const { guest } = bound;
      const page = await panel.open({ viewport });
      const phone = new Authenticator(panel, guest.secret);
      await page.goto("/account/sessions");
      await page.getByRole("textbox", { name: "E-mail address" }).fill(guest.email);
      await page.getByRole("textbox", { name: "Password", exact: true }).fill(GOOD_PASSWORD);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByLabel("6-digit code").fill(phone.code());
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
      await page.getByText("Your password has ended").waitFor();
      await expectNoAxeFaults(page);
      await page.getByRole("textbox", { name: "New password" }).fill(GOOD_PASSWORD);
      await page.getByRole("button", { name: "Choose it and go on" }).click();
      await page.getByText("This is the password you have. Choose another.").waitFor();
      await page.getByRole("textbox", { name: "New password" }).fill(CLASSIC_PASSWORD);
      await page.getByRole("button", { name: "Choose it and go on" }).click();
      await page.getByRole("heading", { name: "Devices & sessions" }).waitFor();
    },
  );

  test("who is asked in the middle of something is led to the new password and back", async () => {
    const { guest, ...app } = await addBoundGuest(panel.h, { preset: "none" });
    const page = await panel.openAs(guest);
    await page.goto("/account");
    await page.getByRole("heading", { name: "Profile" }).waitFor();
    await expire(panel.h, app, guest.accountId);
    await page.goto("/account/sessions");
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    await page.getByText("asks you to choose another password now").waitFor();
    await page.getByRole("textbox", { name: "Current password" }).fill(GOOD_PASSWORD);
    await page.getByRole("textbox", { name: "New password" }).fill(CLASSIC_PASSWORD);
    await page.getByRole("button", { name: "Choose it and go on" }).click();
    await page.getByRole("heading", { name: "Devices & sessions" }).waitFor();
  });
});

test("an invitation says what would bind before it is accepted", async () => {
  const app = await addApp(panel.h);
  await putPolicy(panel.h, app, { preset: "classic" });
  const { token } = await sendInvitation(panel.h, {
    as: app.owner.headers,
    email: newEmail(),
    apps: [{ appId: app.appId, role: "reporter" }],
  });
  const page = await panel.open();
  await page.goto(`/invitations/accept?token=${token}`);
  await page.getByText("What it asks of your password").waitFor();
  await page.getByText("Another one every 45 days").waitFor();
  await page.getByRole("textbox", { name: "Password", exact: true }).fill("velvet anchor");
  await page
    .getByRole("list", { name: "What the new password needs" })
    .getByText("A capital letter")
    .waitFor();
  await expectNoAxeFaults(page);
});

test("somebody whom nobody binds sees what holds for everybody", async () => {
  const person = await addEnrolledPerson(panel.h, { password: GOOD_PASSWORD });
  const page = await panel.openAs(person);
  await page.goto("/account/password");
  const rules = page.getByRole("list", { name: "What is asked of your password" });
  await rules.getByText("At least 9 characters").waitFor();
  await rules.getByText("For everybody here").waitFor();
  expect(await page.getByText("It has to be changed").count()).toBe(0);
});
