import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addPerson, addSession } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

test("another device is signed out, and it is on record as a stranger's", async () => {
  const person = await addPerson(panel.h);
  await addSession(panel.h, person.accountId);
  const page = await panel.openAs(person);
  await page.goto("/account/sessions");
  await page.getByRole("button", { name: "Sign out Firefox" }).click();
  await page.getByLabel("It is not mine").check();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await page.getByText("Firefox is signed out. Whoever it was knows your password").waitFor();
  await page.getByText("You are signed in nowhere else").waitFor();
  expect(await page.getByRole("listitem").count()).toBe(1);
  const ended = (await panel.h.entries()).findLast(({ action }) => action === "session.ended");
  expect(ended?.actor.accountId).toBe(person.accountId);
  expect(ended?.reason).toBe("not-me");
});

test("everywhere else is signed out in one go, on a phone", async () => {
  const person = await addPerson(panel.h);
  const others = [
    await addSession(panel.h, person.accountId),
    await addSession(panel.h, person.accountId, { level: "needs-second-factor" }),
  ];
  const page = await panel.openAs(person, { viewport: PHONE });
  await page.goto("/account/sessions");
  await page.getByText("Not finished: waits for a second factor").waitFor();
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign out everywhere else?" });
  await dialog.getByText("2 other sign-ins end at once").waitFor();
  await dialog.getByRole("button", { name: "Sign out everywhere else" }).click();
  await page.getByText("You are signed in nowhere else").waitFor();
  for (const { headers } of others)
    expect((await panel.h.call("GET", "/v1/sessions/current", { as: headers })).status).toBe(401);
});

test("what a session did opens in the action log", async () => {
  const person = await addPerson(panel.h);
  const page = await panel.openAs(person);
  await page.goto("/account/sessions");
  const link = page.getByRole("link", { name: "What it did Firefox" });
  expect(await link.getAttribute("href")).toContain(`session=${person.sessionId}`);
});
