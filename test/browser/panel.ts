import { chromium, type Browser, type Page } from "playwright-core";
import { TOTP } from "otpauth";
import { expect } from "vitest";
import type { Person } from "../builders/people.ts";
import { CHROMIUM, CHROMIUM_ARGS } from "../../scripts/chromium.ts";
import { waitingFor, watchRequests } from "../../scripts/page-requests.ts";
import { startHarness, type Harness, type HarnessOptions } from "../harness.ts";
import { freePort } from "../support/free-port.ts";

/** Slower than this on two busy cores is a fault, ms. */
const PATIENCE_MS = 15_000;

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export type Panel = {
  h: Harness;
  url: string;
  browser: Browser;
  /** A browser of its own: no cookies, nothing stored. */
  open(options?: { viewport?: typeof DESKTOP; colorScheme?: "light" | "dark" }): Promise<Page>;
  /** The same, signed in as this person. */
  openAs(
    person: Person,
    options?: { viewport?: typeof DESKTOP; colorScheme?: "light" | "dark" },
  ): Promise<Page>;
  /**
   * Closes what was opened. After each test: a page that is left open goes on asking and following, and
   * takes what the next test's person is allowed of that.
   */
  closePages(): Promise<void>;
  stop(): Promise<void>;
};

/** The real server on a port of its own with its built panel, and Debian's Chromium. */
export async function startPanel({
  beside,
  env = {},
}: {
  /** Another process's, whose database is asked for by its URL. */ beside?: HarnessOptions["beside"];
  /** Settings beside the defaults. */
  env?: Record<string, string>;
} = {}): Promise<Panel> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const h = await startHarness({
    env: { SALLYPORT_PORT: String(port), SALLYPORT_PUBLIC_URL: url, ...env },
    ...(beside !== undefined && { beside, isFiling: false }),
  });
  await h.app.listen({ port, host: "127.0.0.1" });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...CHROMIUM_ARGS],
  });
  const open: Panel["open"] = async ({ viewport = DESKTOP, colorScheme = "light" } = {}) => {
    const context = await browser.newContext({
      viewport,
      colorScheme,
      locale: "en-GB",
      baseURL: url,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    watchRequests(page);
    return page;
  };
  return {
    h,
    url,
    browser,
    open,
    openAs: async (person, options) => {
      const page = await open(options);
      const [name = "", value = ""] = (person.headers["cookie"] ?? "").split("=");
      await page.context().addCookies([{ name, value, url }]);
      return page;
    },
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    stop: async () => {
      await browser.close();
      await h.stop();
    },
  };
}

/** The page has all that it shows: nothing is asked for, and nothing says that it is loading. */
export async function settled(page: Page): Promise<void> {
  await expect.poll(() => waitingFor(page), { timeout: PATIENCE_MS }).toBe(0);
}

/** What the person's authenticator app shows at the harness's time. */
export function codeOf(secret: string, nowMs: number): string {
  return new TOTP({ secret, digits: 6, period: 30, algorithm: "SHA1" }).generate({
    timestamp: nowMs,
  });
}
