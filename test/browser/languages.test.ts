import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, addGrant } from "../builders/access.ts";
import { startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterAll(() => panel.stop());

/** The page, for somebody who chose Dutch in this browser. */
async function inDutch(page: Page): Promise<Page> {
  await page.addInitScript("localStorage.setItem('sallyport-language', 'nl')");
  return page;
}

test("what the server says of a field stands there in Dutch, in whole sentences", async () => {
  const page = await inDutch(await panel.open());
  await page.goto("/sign-up");
  const form = page.locator("form");
  await form.getByRole("textbox", { name: "Naam" }).fill("Ada");
  await form.getByRole("textbox", { name: "E-mailadres" }).fill("ada@nowhere");
  await form.getByRole("textbox", { name: "Wachtwoord" }).fill("qwertzuiopasdf");
  await form.getByRole("button").last().click();
  await page.getByText("Schrijf een e-mailadres zoals naam@example.org.").waitFor();
  await page.getByText("Toetsen die naast elkaar op het toetsenbord liggen").waitFor();
  expect(await form.textContent()).not.toMatch(/This|Write|Use at/);
});

test("what the server says of a whole request too, with its times in the reader's words", async () => {
  const { appId } = await addApp(panel.h);
  const endsAt = new Date(panel.h.clock.now().getTime() + 86_400_000);
  const { person } = await addGrant(panel.h, { appId, role: "admin", expiresAt: endsAt });
  const page = await inDutch(await panel.openAs(person));
  await page.goto(`/account/shared/invite?appId=${appId}`);
  await page.getByRole("textbox", { name: "E-mailadres" }).fill("x@example.test");
  await page.getByRole("combobox", { name: "Rol" }).click();
  await page.getByRole("option", { name: /^Redacteur/ }).click();
  await page.getByRole("button", { name: "Uitnodiging versturen" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "Je eigen toegang eindigt op" });
  await alert.waitFor();
  expect(await alert.textContent()).not.toContain(endsAt.toISOString());
});
