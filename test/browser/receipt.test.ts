import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { addApp, addGrant } from "../builders/access.ts";
import { startLog, type LogBench } from "../builders/log.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { startPanel, type Panel } from "./panel.ts";

let panel: Panel;
let log: LogBench;
let folder: string;
let owner: Person;
let organisationId: string;
let kim: Person;
beforeAll(async () => {
  panel = await startPanel();
  log = await startLog(panel.h.database.ownerUrl, { keyRing: panel.h.services.keyRing });
  folder = await mkdtemp(join(tmpdir(), "sallyport-receipt-"));
  let appId: string;
  ({ appId, owner, organisationId } = await addApp(panel.h, { name: "Webshop" }));
  kim = await addPerson(panel.h, { displayName: "Kim </script> Vos" });
  await addGrant(panel.h, { appId, role: "editor", person: kim });
}, 120_000);
afterEach(() => panel.closePages());
afterAll(async () => {
  await log.close();
  await panel.stop();
  await rm(folder, { recursive: true });
});

/** What kept pages asked for beside themselves, and what became of it. */
let asked: string[] = [];
beforeEach(() => {
  asked = [];
});

/** The page as it was kept, opened from the disk by somebody without a network. */
async function openKept(path: string): Promise<Page> {
  const page = await panel.open();
  await page.context().setOffline(true);
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) asked.push(request.url());
  });
  page.on("requestfailed", (request) => {
    asked.push(request.failure()?.errorText ?? "");
  });
  await page.goto(`file://${path}`);
  return page;
}

const keep = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

let kept: string;

test("at the end of a removal the receipt is downloaded, and shown to be valid by itself", async () => {
  const page = await panel.openAs(owner);
  await page.goto(`/account/shared/${organisationId}/${kim.accountId}`);
  await page.getByRole("button", { name: "Remove from everything" }).click();
  await page.getByLabel(/^I want to remove/).check();
  await page.getByRole("dialog").getByRole("button", { name: "Remove from everything" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Download the receipt/ }).click();
  await page.getByText("Waiting for the log to be signed").waitFor();
  await log.countUp();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^receipt-[\d-]+\.html$/);
  kept = join(folder, "receipt.html");
  await file.saveAs(kept);

  const receipt = await openKept(kept);
  await receipt.getByRole("heading", { name: "This receipt is valid" }).waitFor();
  const text = await receipt.locator("main").innerText();
  expect(text).toContain("Kim </script> Vos");
  expect(text).toContain("Webshop – Editor, never used");
  expect(text).toContain("Nothing that they did there");
  expect(text).toContain("Signed by the log sec.example.test/audit/1.");
  const { violations } = await new AxeBuilder({ page: receipt }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  expect(asked).toEqual([]);
});

test("a kept page of which bytes were changed says which statement is false", async () => {
  const text = await readFile(kept, "utf8");
  const changed = text.replace('\\"role\\":\\"editor\\"', '\\"role\\":\\"reporter\\"');
  expect(changed).not.toBe(text);
  const page = await openKept(await keep("changed.html", changed));
  await page.getByRole("heading", { name: "This receipt does not hold" }).waitFor();
  expect(await page.locator(".faults li").allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^FALSE: the removal/)]),
  );
});

test("its own policy lets no other script run, and nothing be asked of anybody", async () => {
  const text = await readFile(kept, "utf8");
  const planted = text.replace(
    "</main>",
    '</main><script>document.title = "planted"</script><img src="https://example.test/x">',
  );
  const page = await openKept(await keep("planted.html", planted));
  await page.getByRole("heading", { name: "This receipt is valid" }).waitFor();
  expect(await page.title()).toBe("Leaver's receipt");
  expect(asked).toEqual(["https://example.test/x", "csp"]);
});

test("is found again later, in Dutch too", async () => {
  const page = await panel.openAs(owner);
  await page.goto("/account/shared?tab=removed");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Download the receipt for Kim/ }).click();
  expect((await download).suggestedFilename()).toMatch(/^receipt-[\d-]+\.html$/);
  const { removals } = await (
    await page.request.get(`/v1/organisations/${organisationId}/removals`)
  ).json();
  const reply = await page.request.get(
    `/v1/organisations/${organisationId}/removals/${removals[0].id}/receipt?format=html&language=nl`,
  );
  expect(reply.headers()["content-disposition"]).toMatch(/^attachment/);
  expect(reply.headers()["content-security-policy"]).toContain("default-src 'none'");
  const dutch = await openKept(await keep("dutch.html", await reply.text()));
  await dutch.getByRole("heading", { name: "Dit vertrekbewijs is geldig" }).waitFor();
  expect(await dutch.locator("main").innerText()).toContain("overal uit");
});
