import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  addMember,
  entriesOf,
  sendInvitation,
  subjectsTo,
} from "../builders/access.ts";
import { newEmail } from "../builders/identity.ts";
import { addPerson } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

test("a role is changed where it stands, and the person is told", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Webshop" });
  const kim = await addPerson(panel.h, { displayName: "Kim Vos" });
  await addGrant(panel.h, { appId, role: "reporter", person: kim });
  const page = await panel.openAs(owner);
  await page.goto("/account/shared");
  await page.getByRole("combobox", { name: "Role of Kim Vos in Webshop" }).click();
  await page.getByRole("option", { name: /^Editor/ }).click();
  await page.getByText("Kim Vos now has the role Editor in Webshop.").waitFor();
  expect(await subjectsTo(panel.h, kim.email)).toContain("Your access to Webshop has changed");
  expect((await entriesOf(panel.h, "grant.changed")).at(-1)?.actor.accountId).toBe(owner.accountId);
});

test("access gets an end and is revoked, by keyboard alone", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Ledger" });
  const kim = await addPerson(panel.h, { displayName: "Lee Baker" });
  await addGrant(panel.h, { appId, role: "reporter", person: kim });
  const page = await panel.openAs(owner);
  await page.goto(`/apps/${appId}/access`);
  await page.getByRole("button", { name: /change when the access of Lee Baker/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Access ends").focus();
  await page.keyboard.type("In 1 week");
  await page.keyboard.press("Tab");
  const save = page.getByRole("button", { name: "Save the end" });
  await save.focus();
  await page.keyboard.press("Enter");
  await page.getByText("ends in 7 days").first().waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Revoke the access of Lee Baker to Ledger" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Revoke access" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Lee Baker has no access to Ledger any more.").waitFor();
  await page.getByText("Nobody has a role in this app yet").waitFor();
  expect(await subjectsTo(panel.h, kim.email)).toEqual([
    "Your access to Ledger has changed",
    "Your access to Ledger has ended",
  ]);
});

test("people are found by name, and by app on a phone", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Planner" });
  for (const displayName of ["Ada Jones", "Bo Smit"])
    await addGrant(panel.h, {
      appId,
      role: "editor",
      person: await addPerson(panel.h, { displayName }),
    });
  const page = await panel.openAs(owner, { viewport: PHONE });
  await page.goto("/account/shared");
  await page.getByLabel("Search by name, e-mail or app").fill("ada");
  await page.getByText("1 person found").waitFor();
  expect(await page.getByText("Bo Smit").count()).toBe(0);
  await page.waitForURL(/q=ada/);
  await page.getByRole("tab", { name: "By app" }).click();
  await page.getByText("2 people").waitFor();
  await page.getByText("Bo Smit").waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(
    true,
  );
});

test("who leaves is removed from everything, after a look at all of it", async () => {
  const { appId, organisationId, owner } = await addApp(panel.h, { name: "Depot" });
  const second = await addApp(panel.h, { owner, name: "Fleet" });
  const gone = await addPerson(panel.h, { displayName: "Sam Stone" });
  await addGrant(panel.h, { appId, role: "admin", person: gone });
  await addGrant(panel.h, { appId: second.appId, role: "editor", person: gone });
  await addMember(panel.h, { organisationId, role: "officer", person: gone });
  await sendInvitation(panel.h, {
    as: gone.headers,
    email: newEmail(),
    apps: [{ appId, role: "reporter" }],
  });
  const page = await panel.openAs(owner);
  await page.goto("/account/shared");
  await page.getByRole("link", { name: "Sam Stone" }).click();
  await page.getByRole("button", { name: "Remove from everything" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("access to 2 apps").waitFor();
  await dialog.getByText("1 invitation that they sent").waitFor();
  const confirm = dialog.getByRole("button", { name: "Remove from everything" });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel(/I want to remove Sam Stone/).check();
  await confirm.click();
  await page.getByRole("heading", { name: "Sam Stone is removed from everything" }).waitFor();
  await page.getByText("Access to Depot ended (was Admin)").waitFor();
  await page.getByText("Access to Fleet ended (was Editor)").waitFor();
  await page.getByRole("link", { name: "Back to shared accounts" }).click();
  await page.getByText("Nobody else has access yet").waitFor();
  const { body } = await panel.h.call("GET", "/v1/shared-with-me", { as: gone.headers });
  expect(body.apps).toEqual([]);
});

test("the last owner is told why there is no way out; an officer becomes an owner", async () => {
  const { organisationId, owner } = await addApp(panel.h);
  const officer = await addPerson(panel.h, { displayName: "Olga Ek" });
  const page = await panel.openAs(owner);
  await page.goto(`/account/organisations/${organisationId}`);
  await page.getByText(/You are the only owner of/).waitFor();
  await addMember(panel.h, { organisationId, role: "officer", person: officer });
  await page.reload();
  await page.getByRole("combobox", { name: "Role of Olga Ek in the organisation" }).click();
  await page.getByRole("option", { name: "Owner" }).click();
  await page.getByText("Olga Ek is now: Owner.").waitFor();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { name: "Shared with you" }).waitFor();
  expect((await entriesOf(panel.h, "organisation.person-removed")).at(-1)?.targets?.[0]?.id).toBe(
    owner.accountId,
  );
});

test("somebody leaves an app that is shared with them", async () => {
  const { appId } = await addApp(panel.h, { name: "Archive" });
  const { person } = await addGrant(panel.h, { appId, role: "reporter" });
  const page = await panel.openAs(person);
  await page.goto("/account/shared-with-me");
  await page.getByRole("button", { name: "Leave Archive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await page.getByText("Nobody shares an app with you").waitFor();
});
