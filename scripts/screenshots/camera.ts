import { writeFile } from "node:fs/promises";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { CHROMIUM, CHROMIUM_ARGS } from "../chromium.ts";
import { waitingFor, watchRequests } from "../page-requests.ts";
import type { RunningDemo } from "./running-demo.ts";

/** A page that needs longer is broken, also on a busy machine, ms. */
const PATIENCE_MS = 30_000;

/** A page is at rest when nothing was under way in so many looks, this far apart, ms. */
const QUIET_LOOKS = 5;
const LOOK_EVERY_MS = 100;

export type Look = { language: "en" | "nl"; colorScheme: "light" | "dark" };
export type Size = { width: number; height: number };

/** What is cut out of the page, in its own pixels. */
export type Region = { x: number; y: number; width: number; height: number };

/** What the demo's people would use; Chromium without a screen says that it has none. */
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

const LOCALES = { en: "en-GB", nl: "nl-NL" } as const;

/** Debian's Chromium, made to draw the same each time, with the demo's people signed in. */
export class Camera {
  readonly #browser: Browser;
  readonly #demo: RunningDemo;
  readonly #sessions = new Map<string, Awaited<ReturnType<BrowserContext["cookies"]>>>();

  private constructor(browser: Browser, demo: RunningDemo) {
    this.#browser = browser;
    this.#demo = demo;
  }

  static async open(demo: RunningDemo): Promise<Camera> {
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [...CHROMIUM_ARGS, "--font-render-hinting=none", "--hide-scrollbars"],
    });
    return new Camera(browser, demo);
  }

  /** A page as this person sees it; somebody signs in once, whatever looks are asked for. */
  async pageOf(email: string | null, look: Look, viewport: Size): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport,
      userAgent: USER_AGENT,
      colorScheme: look.colorScheme,
      locale: LOCALES[look.language],
      timezoneId: "Europe/Amsterdam",
      reducedMotion: "reduce",
      baseURL: this.#demo.url,
      // Some pages let no style of ours in.
      bypassCSP: true,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    if (email !== null) await context.addCookies(await this.#sessionOf(email));
    const page = await context.newPage();
    watchRequests(page);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #sessionOf(email: string) {
    const known = this.#sessions.get(email);
    if (known !== undefined) return known;
    const context = await this.#browser.newContext({
      baseURL: this.#demo.url,
      locale: "en-GB",
      userAgent: USER_AGENT,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const login = this.#demo.login(email);
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(login.email);
    await page.getByRole("textbox", { name: "Password" }).fill(login.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByLabel("6-digit code").fill(this.#demo.login(email).code);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("link", { name: "Home" }).first().waitFor();
    const cookies = await context.cookies();
    await context.close();
    this.#sessions.set(email, cookies);
    return cookies;
  }
}

/** Waits until nothing is loaded, moves or blinks any more. */
export async function settle(page: Page): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let quiet = 0; quiet < QUIET_LOOKS;) {
    if (performance.now() > deadline) throw new Error(`${page.url()} does not come to rest`);
    await page.waitForTimeout(LOOK_EVERY_MS);
    quiet = (await waitingFor(page)) === 0 ? quiet + 1 : 0;
  }
  await page.evaluate(
    "Promise.all([document.fonts.ready, ...document.getAnimations().map((each) => each.finished.catch(() => {}))])",
  );
  await page.addStyleTag({ content: "* { caret-color: transparent !important; }" });
}

/** WebP by Chromium itself: half of what PNG takes, and as sharp where there are letters. */
export async function shoot(
  page: Page,
  path: string,
  { region, scale, quality }: { region: Region; scale: number; quality: number },
): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send("Page.captureScreenshot", {
    format: "webp",
    quality,
    captureBeyondViewport: true,
    clip: { ...region, scale },
  });
  await devtools.detach();
  const bytes = Buffer.from(data, "base64");
  await writeFile(path, bytes);
  return bytes.length;
}
