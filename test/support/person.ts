import { TOTP } from "otpauth";
import { SESSION_COOKIE } from "../../src/platform/http/authenticate.ts";

// eslint-disable-next-line typescript/no-explicit-any -- replies of many shapes; each test states the one it expects
type Json = any;

export type ApiReply = { status: number; body: Json };

/** The 30 s of RFC 6238, ms. */
const STEP_MS = 30_000;

/** A person with a browser and an authenticator, at a real Sallyport. Nothing here knows the database. */
export class Browser {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  #secret = "";
  /** The authenticator's clock may be one step ahead: a code works once, and nobody waits 30 s in a test. */
  #stepsUsed = -1;

  constructor(url: string) {
    this.#url = url;
  }

  get hasSession(): boolean {
    return this.#cookies.has(SESSION_COOKIE);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiReply> {
    const reply = await fetch(this.#url + path, {
      method,
      redirect: "manual",
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";", 1);
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await reply.text();
    return { status: reply.status, body: text === "" ? undefined : parse(text) };
  }

  /** Like `call`, for a step that must succeed. */
  async must(method: string, path: string, body?: unknown): Promise<Json> {
    const reply = await this.call(method, path, body);
    if (reply.status >= 300)
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  /** Signs up, opens the mail's link, and sets up the authenticator. */
  async signUp(email: string, displayName: string): Promise<void> {
    const password = newPassword();
    await this.must("POST", "/v1/accounts", { email, password, displayName });
    await this.must("POST", "/v1/accounts/verify", { token: await this.tokenFor(email) });
    await this.enrol();
  }

  async enrol(): Promise<void> {
    const { secret } = await this.must("POST", "/v1/second-factors/totp", {});
    this.#secret = secret;
    await this.must("POST", "/v1/second-factors/totp/confirm", { code: this.code() });
  }

  /** A code that was not used yet: this step's, then the next one's, which one step of skew allows. */
  code(): string {
    const now = Date.now();
    const step = Math.max(Math.floor(now / STEP_MS), this.#stepsUsed + 1);
    this.#stepsUsed = step;
    return new TOTP({ secret: this.#secret }).generate({ timestamp: step * STEP_MS });
  }

  /** The token in the newest mail to an address. */
  async tokenFor(email: string): Promise<string> {
    const { mails } = await this.must("GET", "/sandbox/mail.json");
    const mail = mails.findLast((candidate: { to: string }) => candidate.to === email);
    const token = /[?&]token=([\w-]+)/.exec(mail?.text ?? "")?.[1];
    if (token === undefined) throw new Error(`no mail with a link to ${email}`);
    return token;
  }
}

/** Strong, and another one each time. */
export const newPassword = (): string => `correct ${crypto.randomUUID()} staple`;

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
