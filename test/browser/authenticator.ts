import type { Page } from "playwright-core";
import type { Panel } from "./panel.ts";
import { codeOf } from "./panel.ts";

const STEP_MS = 30_000;

/**
 * A phone with an authenticator app, which reads the key from the page. Each code works once, so every
 * further one is that of the next 30 seconds, to which the harness's clock moves.
 */
export class Authenticator {
  readonly #panel: Panel;
  #secret: string;
  #hasShown = false;

  constructor(panel: Panel, secret = "") {
    this.#panel = panel;
    this.#secret = secret;
  }

  /** Scans what the page shows. */
  async scan(page: Page): Promise<void> {
    const key = await page.getByRole("group", { name: "Key" }).textContent();
    this.#secret = (key ?? "").replaceAll(" ", "");
    this.#hasShown = false;
  }

  code(): string {
    const { clock } = this.#panel.h;
    if (this.#hasShown) clock.advance(STEP_MS);
    this.#hasShown = true;
    return codeOf(this.#secret, clock.now().getTime());
  }
}

/** The address of the newest mail's link to somebody. */
export async function linkIn({ h }: Panel, email: string): Promise<string> {
  const mail = (await h.mails()).findLast(({ to }) => to === email);
  const link = /https?:\/\/\S+token=\S+/.exec(mail?.text ?? "")?.[0];
  if (link === undefined) throw new Error(`no link was mailed to ${email}`);
  return link;
}
