import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, addGrant } from "../builders/access.ts";
import { anEntry } from "../builders/entries.ts";
import { insertKey } from "../builders/gateways.ts";
import { addEnrolledPerson } from "../builders/identity.ts";
import { addPerson } from "../builders/people.ts";
import { DESKTOP, PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const inDays = (days: number) => new Date(panel.h.clock.now().getTime() + days * 86_400_000);

test.each([
  ["desktop", DESKTOP],
  ["phone", PHONE],
])("on day one the four steps are ticked by what was done (%s)", async (_, viewport) => {
  const person = await addEnrolledPerson(panel.h);
  const page = await panel.openAs(person, { viewport });
  await page.goto("/");
  await page.getByText("2 of 4 done").waitFor();
  await page.getByText("16 left").waitFor();
  await addApp(panel.h, { owner: person });
  await page.reload();
  await page.getByText("3 of 4 done").waitFor();
  await page.getByRole("link", { name: "Invite somebody" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    viewport.width,
  );
});

test("later: what needs one, what changed and what ends soon; each leads to where it is done", async () => {
  const owner = await addEnrolledPerson(panel.h);
  const app = await addApp(panel.h, { owner, name: "Web shop" });
  await insertKey(panel.h, app, { expiresAt: inDays(5) });
  await addGrant(panel.h, { ...app, role: "editor", expiresAt: inDays(6) });
  await panel.h.db
    .updateTable("account")
    .set({ created_at: inDays(-60) })
    .where("id", "=", owner.accountId)
    .execute();
  const page = await panel.openAs(owner);
  await page.goto("/");
  await page.getByText(/^The key Production of .+ ends in 5 days$/).waitFor();
  await page.getByRole("link", { name: "Robin Example: access to Web shop" }).waitFor();
  expect(await page.getByText("Your first steps").count()).toBe(0);
  await page.getByRole("link", { name: "Open the action log" }).waitFor();
});

test("what changed is not buried by one's own sign-ins, which are one line", async () => {
  const owner = await addEnrolledPerson(panel.h);
  await addApp(panel.h, { owner, name: "Web shop" });
  for (let day = 0; day < 7; day += 1)
    await panel.h.services.recorder.submit(
      anEntry({
        at: panel.h.clock.now(),
        action: "session.second-factor-passed",
        outcome: "done",
        actor: { kind: "session", accountId: owner.accountId, credentialId: owner.sessionId },
      }),
    );
  const page = await panel.openAs(owner);
  await page.goto("/");
  await page.getByRole("link", { name: "You created the app “Web shop”" }).waitFor();
  await page.getByText(/^You signed in 7 times since/).waitFor();
  expect(await page.getByRole("link", { name: "You signed in with a code" }).count()).toBe(0);
});

test("somebody in order reads that nothing needs them", async () => {
  const person = await addEnrolledPerson(panel.h);
  await panel.h.db
    .updateTable("account")
    .set({ created_at: inDays(-60) })
    .where("id", "=", person.accountId)
    .execute();
  const page = await panel.openAs(person);
  await page.goto("/");
  await page.getByText("Nothing needs you").waitFor();
});

test("customers never read the word Sallyport", async () => {
  const person = await addPerson(panel.h);
  const pages = [
    "/",
    "/account",
    "/account/two-factor",
    "/account/sessions",
    "/account/shared",
    "/apps",
    "/security/action-log",
    "/help",
  ];
  const page = await panel.openAs(person);
  for (const path of pages) {
    await page.goto(path);
    await page.locator("main h1").first().waitFor();
    const shown = await page.evaluate(
      () => `${document.title} ${document.body.innerText} ${document.body.innerHTML}`,
    );
    expect([path, /sallyport/i.exec(shown)?.[0]]).toEqual([path, undefined]);
  }
  const stranger = await panel.open();
  for (const path of ["/sign-in", "/sign-up"]) {
    await stranger.goto(path);
    await stranger.locator("main").waitFor();
    const shown = await stranger.evaluate(() => `${document.title} ${document.body.innerText}`);
    // The sandbox is there only while somebody tries Sallyport out.
    expect([path, /sallyport/i.exec(shown)?.[0]]).toEqual([path, undefined]);
  }
});
