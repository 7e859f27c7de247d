import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, type OwnedApp } from "../builders/access.ts";
import { anEntry } from "../builders/entries.ts";
import { addPerson, type Person } from "../builders/people.ts";
import type { Entry } from "../../src/record/entries/entry.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
let person: Person;
let shop: OwnedApp;
beforeAll(async () => {
  panel = await startPanel();
  person = await addPerson(panel.h, { displayName: "Olga Owner" });
  shop = await addApp(panel.h, { owner: person, name: "Shop" });
  await put({
    action: "app.renamed",
    outcome: "done",
    change: { before: { name: "Store", colour: "red" }, after: { name: "Shop", colour: "red" } },
  });
  for (let index = 0; index < 12; index++) await put({ action: "decision.made", outcome: "done" });
  for (let index = 0; index < 3; index++)
    await put({ action: "decision.made", outcome: "refused", reason: "address-not-allowed" });
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());
// A page that is left open follows the log, and one account follows it four times at most.
afterEach(async () => {
  for (const context of panel.browser.contexts()) await context.close();
});

const put = (given: Partial<Entry>) =>
  panel.h.services.recorder.submit(
    anEntry({
      at: panel.h.clock.now(),
      appId: shop.appId,
      actor: { kind: "session", accountId: person.accountId, credentialId: person.sessionId },
      ...given,
    }),
  );

const LOG = "/security/action-log";
/** As the API answers it, of a key of somebody else's back end. */
const REFUSAL = {
  action: "decision.made",
  outcome: "refused",
  reason: "address-not-allowed",
  class: "important",
  actor: { kind: "api-key", accountId: "a", displayName: "Payment hooks" },
  credential: { kind: "api-key", id: "k" },
  address: "192.0.2.7",
  userAgent: null,
  app: { id: "s", name: "Shop" },
  targets: [],
};
const SOME_CURSOR = Buffer.from("1.1.1.1.1").toString("base64url");

async function open(address = LOG, options = {}): Promise<Page> {
  const page = await panel.openAs(person, options);
  await page.goto(address);
  await page.getByRole("heading", { name: "Entries" }).waitFor();
  return page;
}

test("opens on what is important; routine is a sentence with its count, each a click away", async () => {
  const page = await open();
  await page.getByRole("link", { name: "You renamed the app “Shop”" }).waitFor();
  await page.getByRole("button", { name: "Show the routine" }).click();
  await page.getByText("You called Shop 15 times, 3 refused").waitFor();
  expect(await page.getByRole("link", { name: "You called Shop", exact: true }).count()).toBe(0);
  await page.getByRole("link", { name: /Show each.*You called Shop/ }).click();
  await page.getByRole("link", { name: "You called Shop", exact: true }).first().waitFor();
  expect(new URL(page.url()).searchParams.get("action")).toBe("decision.made");
  await page.goBack();
  await page.getByRole("link", { name: "You renamed the app “Shop”" }).waitFor();
});

test("the sums stand above the entries, which never wait for them nor move when they come", async () => {
  const page = await panel.openAs(person);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/v1/audit/summary?**", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto(LOG);
  const entry = page.getByRole("link", { name: "You renamed the app “Shop”" });
  await entry.waitFor();
  const before = await entry.boundingBox();
  release();
  const picture = page.getByRole("img", { name: /^Activity by day/ });
  await picture.waitFor();
  expect((await picture.boundingBox())?.y).toBeLessThan(before?.y ?? 0);
  expect((await entry.boundingBox())?.y).toBe(before?.y);
  await page.getByRole("button", { name: "Show the pictures" }).click();
  await page.getByRole("heading", { name: "By address" }).waitFor();
  expect(new URL(page.url()).searchParams.get("pictures")).toBe("open");
});

test("a key's refusals are one line with its count, which opens to each and grows as older ones come", async () => {
  const page = await panel.openAs(person);
  const refused = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      ...REFUSAL,
      id: `${from + index}`,
      at: new Date(Date.parse("2026-03-01T12:00:00Z") - (from + index) * 60_000).toISOString(),
      requestId: `request ${from + index}`,
    }));
  // Answers as a longer log does: two pages of the same key's refusals.
  await page.route("**/v1/audit/entries?**", async (route) => {
    const isFirst = !new URL(route.request().url()).searchParams.has("cursor");
    const json = isFirst
      ? { entries: refused(0, 4), nextCursor: SOME_CURSOR }
      : { entries: refused(4, 11), nextCursor: null };
    await route.fulfill({ json });
  });
  await page.goto(`${LOG}?outcome=refused`);
  await page.getByText("At least 4 times", { exact: false }).waitFor();
  const each = page.getByRole("button", { name: /^Show each.*Payment hooks/ });
  expect(await each.getAttribute("aria-expanded")).toBe("false");
  await each.click();
  const all = page.getByRole("link", { name: "Payment hooks tried to call Shop" });
  await expect.poll(() => all.count()).toBe(4);
  await page.getByRole("button", { name: "Show older entries" }).click();
  await page.getByText("11 times", { exact: false }).waitFor();
  expect(await page.getByText("At least", { exact: false }).count()).toBe(0);
  // What was open stays so.
  await expect.poll(() => all.count()).toBe(11);
  await page.getByRole("button", { name: /^Show as one.*Payment hooks/ }).click();
  await expect.poll(() => all.count()).toBe(0);
});

test("a filter stands in the address; Back takes it back; what fits nothing says so", async () => {
  const page = await open();
  await page.getByLabel("How it ended").selectOption("refused");
  await page.getByText("the address is not on the IP whitelist").first().waitFor();
  await page
    .getByRole("link", { name: "You renamed the app “Shop”" })
    .waitFor({ state: "detached" });
  expect(new URL(page.url()).searchParams.get("outcome")).toBe("refused");
  await page.goBack();
  await page.getByRole("link", { name: "You renamed the app “Shop”" }).waitFor();
  await page.getByLabel("Search in the entries").fill("no such thing anywhere");
  await page.getByText("No entry fits these filters.").waitFor();
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await page.getByRole("link", { name: "You renamed the app “Shop”" }).waitFor();
});

test("typing waits for nothing: while the answer hangs the field has what is typed, what is chosen shows, old entries stay", async () => {
  const page = await open();
  const known = page.getByRole("link", { name: "You renamed the app “Shop”" });
  await known.waitFor();
  const asked: string[] = [];
  const held: (() => void)[] = [];
  await page.route("**/v1/audit/entries?**", async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get("text") ?? "");
    await new Promise<void>((resolve) => held.push(resolve));
    await route.continue().catch(() => {});
  });
  const field = page.getByLabel("Search in the entries");
  await field.pressSequentially("renamed by somebody else");
  await expect.poll(() => asked.at(-1)).toBe("renamed by somebody else");
  // Letters are not asked for one by one, however slowly this machine types.
  expect(asked.length).toBeLessThan("renamed by somebody else".length / 2);
  await field.pressSequentially(", and more");
  expect(await field.inputValue()).toBe("renamed by somebody else, and more");
  expect(await known.isVisible()).toBe(true);
  await page.locator(".log-entries[aria-busy=true]").waitFor();
  const outcome = page.getByLabel("How it ended");
  await outcome.selectOption("failed");
  expect(await outcome.inputValue()).toBe("failed");
  await expect.poll(() => new URL(page.url()).searchParams.get("outcome")).toBe("failed");
  expect(await known.isVisible()).toBe(true);
  await page.unroute("**/v1/audit/entries?**");
  for (const release of held) release();
  await page.getByText("No entry fits these filters.").waitFor();
  await page.locator(".log-entries[aria-busy=false]").waitFor();
});

test("a filter asks for entries and counts, and for nothing else", async () => {
  const page = await open(`${LOG}?routine=open`);
  await page.getByText("You called Shop 15 times, 3 refused").waitFor();
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/v1/")) asked.push(pathname);
  });
  await page.getByLabel("How it ended").selectOption("refused");
  await page.getByText("the address is not on the IP whitelist").first().waitFor();
  await expect.poll(() => asked.includes("/v1/audit/summary")).toBe(true);
  const expected = ["/v1/audit/entries", "/v1/audit/stream", "/v1/audit/summary"];
  expect(asked.filter((path) => !expected.includes(path))).toEqual([]);
});

test("an entry in full: before and after, only what changed, and where it leads", async () => {
  const page = await open();
  await page.getByRole("link", { name: "You renamed the app “Shop”" }).click();
  const change = page.getByRole("dialog").getByRole("table", { name: "What changed" });
  await change.waitFor();
  expect(await change.getByRole("row").allInnerTexts()).toEqual([
    "Field\tBefore\tAfter",
    "name\tStore\tShop",
  ]);
  await page.getByRole("link", { name: "What this session did" }).waitFor();
  await page.getByRole("link", { name: "This wasn't me" }).click();
  await page.waitForURL("**/account/sessions");
});

test("a kept filter is there again on the next visit", async () => {
  const page = await open(`${LOG}?outcome=refused`);
  await page.getByRole("button", { name: "Kept filters" }).click();
  await page.getByRole("menuitem", { name: "Keep this filter" }).click();
  await page.getByLabel("Name of the filter").fill("Refusals");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Refusals” is kept.").waitFor();
  const later = await open();
  await later.getByRole("button", { name: "Kept filters" }).click();
  await later.getByRole("menuitem", { name: "Refusals" }).click();
  await later.waitForURL("**/action-log?outcome=refused");
});

test("new entries appear by themselves", async () => {
  const page = await open(`${LOG}?action=role.created`);
  await page.getByText("Nothing fits").waitFor();
  await put({ action: "role.created", outcome: "done", change: { after: { name: "Packer" } } });
  await page.getByRole("link", { name: "You created the role “Packer” in Shop" }).waitFor();
});

test("five pages of one person: none waits for another's stream, and the fifth follows once one is closed", async () => {
  const first = await open(`${LOG}?action=role.deleted`);
  const context = first.context();
  const others: Page[] = [];
  for (let index = 0; index < 4; index++) {
    const page = await context.newPage();
    // By HTTP/1.1 a browser opens six connections to a host: each page's calls get through beside the streams.
    await page.goto(`${LOG}?action=role.deleted`);
    await page.getByText("Nothing fits").waitFor();
    others.push(page);
  }
  const [last] = others.splice(-1);
  if (last === undefined) throw new Error("there are five");
  await last.getByText("Too many of your pages follow the log.").waitFor();
  await first.close({ runBeforeUnload: true });
  await last.getByText("Too many of your pages follow the log.").waitFor({ state: "detached" });
  await put({ action: "role.deleted", outcome: "done", change: { before: { name: "Packer" } } });
  for (const page of [last, ...others])
    await page.getByRole("link", { name: "You deleted the role “Packer” in Shop" }).waitFor();
  const tries = (await panel.h.entries()).filter(
    ({ action, outcome }) => action === "entry.followed" && outcome === "refused",
  );
  // Once when it was opened: it waited for its turn, and did not ask again and again.
  expect(tries).toHaveLength(1);
});

test("a stream that breaks off is followed again by itself, and misses nothing", async () => {
  const page = await open(`${LOG}?action=role.changed`);
  await page.getByText("Nothing fits").waitFor();
  await page.context().setOffline(true);
  panel.h.app.server.closeAllConnections();
  await page.getByText("New entries do not come through at the moment.").waitFor();
  await put({ action: "role.changed", outcome: "done", change: { after: { name: "Packer" } } });
  await page.context().setOffline(false);
  await page.getByRole("link", { name: /You changed the role/ }).waitFor();
});

test("an export holds what the API answers, and says how many it is", async () => {
  const page = await panel.openAs(person);
  await page.addInitScript(() => {
    const pieces: Uint8Array[] = [];
    Object.assign(globalThis, {
      written: async () => await new Blob(pieces as BlobPart[]).text(),
      showSaveFilePicker: async () => ({
        createWritable: async () =>
          new WritableStream<Uint8Array>({ write: (piece) => void pieces.push(piece) }),
      }),
    });
  });
  await page.goto(`${LOG}?action=decision.made&view=all&export=open`);
  await page.getByLabel("For programs (NDJSON)").check();
  await page.getByRole("button", { name: "Download" }).click();
  await page.getByRole("dialog").getByText("The file is whole: 15 entries.").waitFor();
  const text = await page.evaluate(() =>
    (globalThis as unknown as { written: () => Promise<string> }).written(),
  );
  const { body } = await panel.h.call("GET", "/v1/audit/entries?limit=200&action=decision.made", {
    as: person.headers,
  });
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(body.entries);
});

test("on a phone nothing is wider than the screen", async () => {
  const page = await open(`${LOG}?routine=open&pictures=open`, { viewport: PHONE });
  await page.getByText("You called Shop 15 times, 3 refused").waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(PHONE.width);
});

test("by keyboard alone: everything, and an entry opened and left", async () => {
  const page = await open(`${LOG}?action=app.renamed`);
  await page.getByRole("radio", { name: "Important" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL("**view=all**");
  await page.locator(".log-entries[aria-busy=false]").waitFor();
  const entry = page.getByRole("link", { name: "You renamed the app “Shop”" });
  await entry.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("What changed").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("half an address is no address yet: the page says so, keeps what was typed, and goes on when it is whole", async () => {
  const page = await open(`${LOG}?filters=more`);
  const field = page.getByLabel("Address or network");
  await field.pressSequentially("192.0.");
  await page.getByText("This filter can't be read").waitFor();
  expect(await field.inputValue()).toBe("192.0.");
  await field.pressSequentially("2.7");
  await page.getByRole("link", { name: "You renamed the app “Shop”" }).waitFor();
});

test("an export that is under way asks before the tab is closed, and says what becomes of it", async () => {
  const page = await panel.openAs(person);
  await page.addInitScript(() => {
    Object.assign(globalThis, {
      showSaveFilePicker: async () => ({ createWritable: async () => new WritableStream() }),
    });
  });
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/v1/audit/export?**", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto(`${LOG}?export=open`);
  await page.getByRole("button", { name: "Download" }).click();
  await page.getByText("Closing this tab stops the export", { exact: false }).waitFor();
  const asks = () =>
    page.evaluate(() => !globalThis.dispatchEvent(new Event("beforeunload", { cancelable: true })));
  expect(await asks()).toBe(true);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Help", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Help" }).waitFor();
  release();
  await page.getByText(/The file is whole: \d+ entries\./).waitFor();
  expect(await asks()).toBe(false);
});

test("a search that finds nothing for long says so and offers to look further back", async () => {
  const page = await panel.openAs(person);
  let isLong = true;
  let pages = 0;
  // Answers as a long log does: a page without entries, and more behind it.
  await page.route("**/v1/audit/entries?**", async (route) => {
    pages += 1;
    await route.fulfill({ json: { entries: [], nextCursor: isLong ? SOME_CURSOR : null } });
  });
  await page.goto(`${LOG}?text=nowhere`);
  await page.getByText("Nothing so far").waitFor();
  expect(pages).toBeGreaterThan(1);
  isLong = false;
  await page.getByRole("button", { name: "Look further back" }).click();
  await page.getByText("No entry fits these filters.").waitFor();
});
