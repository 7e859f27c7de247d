import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { CHROMIUM, CHROMIUM_ARGS } from "../scripts/chromium.ts";
import { Client } from "pg";
import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { machine, median, openLab, type Lab, type Server } from "./lab.ts";
import { seedLog, type SeededLog } from "./seed-log.ts";

const ENTRIES = 1_000_000;
const PORT = 27_794;
const ROUNDS = 5;
/** Between keys, ms: somebody who types fast. */
const KEY_MS = 70;
const TYPED = "production from the north office";
/** Requests of each kind without a browser. */
const ASKED = 20;
const POLL_MS = 500;
/** Pictures and rests of scripts come after the entries; nothing is measured before them, ms. */
const SETTLED_MS = 1_500;
/** Between two looks at what the page has noted, and how long it is waited for, ms. */
const LOOK_MS = 50;
const PATIENCE_MS = 30_000;
const LOG = "/security/action-log";
const HELP = "/help";

/**
 * How long the action log takes in a browser with a million entries on record: from the address to the
 * entries, from a filter to what fits, and what typing feels like meanwhile.
 */
export async function benchActionLog(
  _seconds: number,
  tell: (line: string) => void,
): Promise<object> {
  const lab = await openLab({ isPinned: false });
  try {
    const began = performance.now();
    const seeded = await seedLog(lab, ENTRIES);
    tell(`${seeded.entries} entries in ${seeded.batches} batches, ${since(began)} s`);
    const server = await lab.startSallyport(PORT, { isPinned: false });
    try {
      await filed(lab, tell);
      tell(`filed after ${since(began)} s`);
      return await inBrowser(server, seeded, tell);
    } finally {
      await server.stop();
    }
  } finally {
    await lab.stop();
  }
}

const since = (began: number): string => ((performance.now() - began) / 1000).toFixed(0);

/** Waits until the server's filer is through, and does then what autovacuum would within a minute. */
async function filed(lab: Lab, tell: (line: string) => void): Promise<void> {
  const client = new Client({ connectionString: lab.ownerUrl });
  await client.connect();
  try {
    // The newest routine batches are indexed when their hour is over.
    for (let looks = 1; ; looks++) {
      const { rows } = await client.query<{ waiting: string }>(
        `select sum(newest.number - least(filed_through, indexed_through + 2048, tallied_through)) as waiting
         from entry_writer cross join lateral (
           select coalesce(max(number), 0) as number from entry_batch where writer = id) as newest
         where id <= 4`,
      );
      const waiting = Number(rows[0]?.waiting);
      if (waiting === 0) break;
      if (looks % 40 === 0) tell(`${waiting} batches are not filed yet`);
      await delay(POLL_MS);
    }
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}

/** What the panel asks for, without a browser. */
async function askServer(origin: string, token: string, samples: Samples): Promise<void> {
  for (const path of ["entries?class=important", "entries", "summary?timeZone=UTC"])
    for (let turn = 0; turn < ASKED; turn++) {
      const began = performance.now();
      const reply = await fetch(`${origin}/v1/audit/${path}`, {
        headers: { cookie: `sallyport_session=${token}` },
      });
      await reply.text();
      samples.add(
        `server, ${path}${reply.ok ? "" : `, refused with ${reply.status}`}`,
        performance.now() - began,
      );
    }
}

async function inBrowser(
  { url }: Server,
  { busy, quiet, ...counts }: SeededLog,
  tell: (line: string) => void,
) {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...CHROMIUM_ARGS],
  });
  try {
    const origin = url.replace("127.0.0.1", "localhost");
    const results: Record<string, string> = {};
    for (const [who, token] of [
      ["busy", busy],
      ["quiet", quiet],
    ] as const) {
      const samples = new Samples();
      await askServer(origin, token, samples);
      for (let round = 0; round < ROUNDS; round++)
        await oneRound({ browser, origin, token, samples });
      for (const [name, text] of samples.told()) {
        results[`${who}: ${name}`] = text;
        tell(`${who}: ${name}: ${text}`);
      }
    }
    return { ...results, ...counts, machine: machine(), load: loadavg()[0]?.toFixed(1) };
  } finally {
    await browser.close();
  }
}

/** Measured values by what they are of. */
class Samples {
  readonly #values = new Map<string, number[]>();

  add(name: string, ms: number): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), ms]);
  }

  /** Median, best and worst of each: on a shared machine the best says most about ours. */
  told(): [string, string][] {
    return [...this.#values].map(([name, values]) => [
      name,
      `${Math.round(median(values))} ms (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`,
    ]);
  }
}

type Round = { browser: Browser; origin: string; token: string; samples: Samples };

/** A browser that was never here, then the same with its cache. */
async function oneRound({ browser, origin, token, samples }: Round): Promise<void> {
  const context = await browser.newContext({ baseURL: origin, locale: "en-GB" });
  try {
    await prepare(context, { origin, token });
    // Another page of the same panel in the same minute: what of it is the panel's, and the machine's.
    const help = await browser.newContext({ baseURL: origin, locale: "en-GB" });
    await prepare(help, { origin, token });
    const other = await openPage(help, HELP, "headingMs");
    samples.add("first visit to Help", await read(other, "headingMs"));
    await help.close();
    await visit(context, samples, "first visit");
    await visit(context, samples, "later visit");
    const page = await openPage(context, LOG, "entriesMs");
    await filters(page, samples);
    await typing(page, samples);
  } finally {
    await context.close();
  }
}

async function prepare(
  context: BrowserContext,
  { origin, token }: Pick<Round, "origin" | "token">,
): Promise<void> {
  await context.addCookies([{ name: "sallyport_session", value: token, url: origin }]);
  await context.addInitScript({ path: fileURLToPath(new URL("panel-probe.js", import.meta.url)) });
}

async function visit(context: BrowserContext, samples: Samples, name: string): Promise<void> {
  const page = await openPage(context, LOG, "entriesMs");
  samples.add(`${name} to entries`, await read(page, "entriesMs"));
  samples.add(`${name} to pictures`, await read(page, "picturesMs"));
  await page.close();
}

async function openPage(context: BrowserContext, path: string, until: Measure): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await read(page, until);
  await page.waitForTimeout(SETTLED_MS);
  return page;
}

const filtersTried = [
  ["outcome refused", (page: Page) => page.getByLabel("How it ended").selectOption("refused")],
  ["seven days", (page: Page) => page.getByLabel("When").selectOption("7d")],
  ["everything", (page: Page) => page.getByText("Everything", { exact: true }).click()],
  ["a text that fits", (page: Page) => search(page, "production 7")],
  ["a text that fits nothing", (page: Page) => search(page, "nowhere at all")],
] as const;

/** With the pause that the page waits for; a field that is left tells no change of its own. */
async function search(page: Page, text: string): Promise<void> {
  await page.evaluate("probe.begin()");
  await page.getByLabel("Search in the entries").fill(text);
}

async function filters(page: Page, samples: Samples): Promise<void> {
  for (const [name, act] of filtersTried) {
    await page.evaluate("probe.reset()");
    await act(page);
    samples.add(`filter, ${name}`, await read(page, "changeMs"));
    await page.waitForTimeout(SETTLED_MS);
  }
}

/** Keys while the entries for what was typed before are on their way: a pause in the middle asks for them. */
async function typing(page: Page, samples: Samples): Promise<void> {
  const field = page.getByLabel("Search in the entries");
  await field.click();
  await page.evaluate("probe.reset()");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(TYPED.slice(0, 10), { delay: KEY_MS });
  await page.waitForTimeout(400);
  await page.keyboard.type(TYPED.slice(10), { delay: KEY_MS });
  await page.waitForTimeout(SETTLED_MS);
  samples.add("typing, slowest key", await read(page, "slowestInputMs"));
  samples.add("typing, longest task", await read(page, "longestTaskMs"));
}

type Measure =
  | "headingMs"
  | "entriesMs"
  | "picturesMs"
  | "changeMs"
  | "slowestInputMs"
  | "longestTaskMs";

/** Waits until it is there; Infinity when it does not come. The page's policy runs no text as script, so it is asked from outside. */
async function read(page: Page, name: Measure): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const value = await page.evaluate<number | null>(`probe.${name}`);
    if (value !== null && Number.isFinite(value)) return value;
    await delay(LOOK_MS);
  }
  return Number.POSITIVE_INFINITY;
}
