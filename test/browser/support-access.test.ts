import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, type OwnedApp } from "../builders/access.ts";
import { addOperator } from "../builders/operator.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
let owner: Person;
let operator: Person;
let app: OwnedApp;
beforeAll(async () => {
  panel = await startPanel();
  owner = await addPerson(panel.h, { displayName: "Olga Owner" });
  operator = await addOperator(panel.h);
  app = await addApp(panel.h, { owner, name: "Shop" });
}, 120_000);
afterAll(() => panel.stop());

const reads = async () =>
  (await panel.h.entries()).filter(({ action }) => action === "operator.entries-read");

test("the operator asks, an owner agrees for a time, the operator reads with the reason above it, the owner withdraws", async () => {
  const desk = await panel.openAs(operator);
  await desk.goto("/operator/support");
  await desk.getByText("Nobody has been asked yet").waitFor();
  await desk.getByRole("button", { name: "Ask to see a log" }).click();
  const dialog = desk.getByRole("dialog");
  await dialog.getByLabel("Id of the app").fill("01890000-0000-7000-8000-000000000000");
  await dialog.getByLabel("Reason").fill("Ticket 12: orders are missing");
  await dialog.getByRole("button", { name: "Ask the owners" }).click();
  await dialog.getByText("There is no such app.").waitFor();
  expect(await dialog.getByLabel("Reason").inputValue()).toBe("Ticket 12: orders are missing");
  await dialog.getByLabel("Id of the app").fill(app.appId);
  await dialog.getByRole("button", { name: "Ask the owners" }).click();
  await desk.getByText("The owners have been asked.").waitFor();
  await desk.getByText("Ticket 12: orders are missing").waitFor();
  expect(await desk.getByRole("link", { name: "Open the log of Shop" }).count()).toBe(0);

  const home = await panel.openAs(owner, { viewport: PHONE });
  await home.goto(`/apps/${app.appId}/settings`);
  const questions = home.getByRole("list", { name: "Questions of the operator" });
  await questions.getByRole("paragraph").filter({ hasText: "Ticket 12" }).first().waitFor();
  expect(await home.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await questions.getByLabel("For how long").selectOption("4");
  await questions.getByRole("button", { name: "Let them look" }).click();
  await home.getByText("They can read this app’s log until the time is over.").waitFor();
  await questions.waitFor({ state: "detached" });

  await desk.reload();
  await desk.getByRole("link", { name: "Open the log of Shop" }).click();
  await desk.getByText("You look for this reason", { exact: false }).waitFor();
  await desk.getByRole("link", { name: "Olga Owner created the app “Shop”" }).click();
  await desk.getByRole("dialog").getByText("app.created").waitFor();
  await desk.keyboard.press("Escape");
  expect(await reads()).toMatchObject([
    { outcome: "done", reason: "Ticket 12: orders are missing", appId: app.appId },
  ]);

  await home.goto(`/security/action-log?app=${app.appId}`);
  await home
    .getByRole("link", { name: /read the action log in Shop as support/ })
    .first()
    .waitFor();
  await home.goto(`/apps/${app.appId}/settings`);
  await home.getByRole("button", { name: /^Withdraw/ }).click();
  await home.getByText("They can no longer look.").waitFor();
  await desk.reload();
  await desk.getByText("No owner lets you read this app's log now.").waitFor();
});

test("an owner refuses, and the operator sees that", async () => {
  const other = await addApp(panel.h, { owner, name: "Bakery" });
  await panel.h.call("POST", "/v1/operator/support-requests", {
    as: operator.headers,
    body: { appId: other.appId, reason: "Ticket 13", hours: 24 },
  });
  const home = await panel.openAs(owner);
  await home.goto(`/apps/${other.appId}/settings`);
  await home.getByRole("button", { name: "Refuse Ticket 13" }).click();
  await home.getByText("They were told no.").waitFor();
  const desk = await panel.openAs(operator);
  await desk.goto("/operator/support");
  const row = desk.getByRole("listitem").filter({ hasText: "Bakery" });
  await row.getByText("Refused", { exact: true }).waitFor();
});

test("a look at an account stands in the person's own log as a sentence, with its reason", async () => {
  const person = await addPerson(panel.h, { displayName: "Nadia Novak" });
  await panel.h.call("GET", `/v1/operator/accounts/${person.accountId}`, {
    as: { ...operator.headers, "x-sallyport-reason": "Ticket 14: locked out" },
  });
  const page = await panel.openAs(person);
  await page.goto("/security/action-log");
  await page.getByRole("link", { name: /looked at (an|your) account/ }).click();
  await page.getByRole("dialog").getByText("Ticket 14: locked out", { exact: false }).waitFor();
});
