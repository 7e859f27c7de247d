import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addEnrolledPerson } from "../builders/identity.ts";
import { settled, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

/** The panel is built anew: what this page has not fetched yet is gone, and the server's page is another one. */
async function update(page: Page): Promise<void> {
  await page.route("**/assets/*.js", (route) => route.fulfill({ status: 404, body: "" }));
  await page.route("**/", async (route) => {
    const body = '<script type="module" src="/assets/index-another.js"></script>';
    await route.fulfill({ contentType: "text/html", body });
  });
}

test("a page that was opened before an update loads anew where its next page's part is gone, and is there", async () => {
  const page = await panel.openAs(await addEnrolledPerson(panel.h));
  await page.goto("/account");
  await page.getByRole("heading", { level: 1, name: "Profile" }).waitFor();
  await settled(page);
  const loads: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) {
      loads.push(new URL(request.url()).pathname);
      void page.unrouteAll({ behavior: "ignoreErrors" });
    }
  });
  await update(page);
  await page.getByRole("link", { name: "Devices & sessions" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Devices & sessions" }).waitFor();
  expect(loads).toEqual(["/account/sessions"]);
});

test("a part that is missing in the middle of a form costs nothing typed unless its reader wants it", async () => {
  const page = await panel.openAs(await addEnrolledPerson(panel.h, { isSteppedUp: false }));
  await page.goto("/account/password");
  const typed = page.getByRole("textbox", { name: "New password" });
  await page.getByRole("textbox", { name: "Current password" }).fill("whatever it is");
  await typed.fill("something new and long");
  await settled(page);
  await update(page);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("This service was updated while the page was open").waitFor();
  await page.getByRole("button", { name: "Stay here" }).click();
  await page.getByText("Confirm first that it's you.").waitFor();
  expect(await typed.inputValue()).toBe("something new and long");
});

test("without a connection a page says that, and nothing is loaded anew", async () => {
  const page = await panel.openAs(await addEnrolledPerson(panel.h));
  await page.goto("/account");
  await settled(page);
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "Devices & sessions" }).first().click();
  await page.getByRole("alert").getByText("No connection.").waitFor();
});
