import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp } from "../builders/access.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

test("periods are seen before they are saved; what gets shorter waits, and is taken back with one button", async () => {
  const { organisationId, owner } = await addApp(panel.h);
  const page = await panel.openAs(owner, { viewport: PHONE, colorScheme: "dark" });
  await page.goto("/account/retention");
  const save = async (days: string): Promise<void> => {
    await page.getByLabel("Routine entries, in days").fill(days);
    await page.getByRole("button", { name: "See what that would remove" }).click();
    const dialog = page.getByRole("dialog", { name: "What these periods would remove" });
    await dialog.getByText(/^As of today: 0 routine/).waitFor();
    await dialog.getByRole("button", { name: "Keep the log so" }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await save("200");
  await save("60");
  const waiting = page.getByRole("alert").filter({ hasText: "A shorter time is waiting" });
  await waiting.getByText(/^Routine 60, important 400/).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  await waiting.getByRole("button", { name: "Take it back" }).click();
  await waiting.waitFor({ state: "detached" });
  const { body } = await panel.h.call("GET", `/v1/organisations/${organisationId}/retention`, {
    as: owner.headers,
  });
  expect(body).toMatchObject({ periods: { routineDays: 200 }, next: null });
});

test("the log is held and released, and being forgotten is asked for and taken back", async () => {
  const { owner } = await addApp(panel.h);
  const page = await panel.openAs(owner);
  await page.goto("/account/retention");
  await page.getByRole("button", { name: "Hold the log" }).click();
  const placing = page.getByRole("dialog", { name: "Hold the log" });
  await placing.getByLabel("Reason").fill("A court asks");
  await placing.getByRole("button", { name: "Hold the log" }).click();
  await page.getByRole("button", { name: "Release the hold “A court asks”" }).click();
  const releasing = page.getByRole("dialog", { name: "Release this hold?" });
  await releasing.getByRole("button", { name: "Release the hold" }).click();
  await page.getByText("Nothing is held.").waitFor();

  await page.getByRole("button", { name: "Erase what is on record about me" }).click();
  const asking = page.getByRole("dialog", { name: "Erase what your own log says about you?" });
  await asking.getByRole("button", { name: "Erase what is on record about me" }).click();
  await page.getByText("It will be erased, next on").waitFor();
  await page.getByRole("button", { name: "Take it back" }).click();
  await page.getByRole("button", { name: "Erase what is on record about me" }).waitFor();
});
