import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, addGrant, entriesOf } from "../builders/access.ts";
import { addPerson } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

test("a role of the app's own is made in the table, given, and not deleted while somebody has it", async () => {
  const { appId, owner } = await addApp(panel.h, { name: "Pressroom" });
  const kim = await addPerson(panel.h, { displayName: "Kim Vos" });
  await addGrant(panel.h, { appId, role: "reporter", person: kim });
  const page = await panel.openAs(owner);
  await page.goto(`/apps/${appId}/roles`);
  await page.getByRole("button", { name: "Make a role" }).click();
  await page.getByLabel("Name of the role").fill("Press office");
  await page
    .getByRole("checkbox", { name: /^Invite people/ })
    .first()
    .check();
  await page.getByRole("button", { name: "Save role" }).click();
  await page.getByText("The role press-office is made.").waitFor();
  expect((await entriesOf(panel.h, "role.created")).at(-1)?.change?.after).toMatchObject({
    permissions: ["app:read", "app:share"],
  });

  await page.goto(`/apps/${appId}/access`);
  await page.getByRole("combobox", { name: "Role of Kim Vos in Pressroom" }).click();
  await page.getByRole("option", { name: /^press-office/ }).click();
  await page.getByText("Kim Vos now has the role press-office in Pressroom.").waitFor();

  await page.goto(`/apps/${appId}/roles`);
  await page.getByRole("button", { name: "Delete press-office" }).click();
  await page.getByText("Somebody still has the role press-office").waitFor();
  await page.getByRole("combobox", { name: "Role of Kim Vos in Pressroom" }).click();
  await page.getByRole("option", { name: /^Reporter/ }).click();
  await page.getByRole("button", { name: "Delete role" }).click();
  await page.getByText("The role press-office is deleted.").waitFor();
});

test("a role is changed on a phone", async () => {
  const { appId, owner } = await addApp(panel.h);
  await panel.h.call("POST", `/v1/apps/${appId}/roles`, {
    as: owner.headers,
    body: { name: "helper", permissions: ["app:read"] },
  });
  const page = await panel.openAs(owner, { viewport: PHONE });
  await page.goto(`/apps/${appId}/roles?role=helper`);
  await page.getByRole("button", { name: "Change helper" }).click();
  await page.getByRole("checkbox", { name: "Rename the app" }).check();
  await page.getByRole("button", { name: "Save role" }).click();
  await page.getByText("The role helper is changed.").waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(
    true,
  );
});
