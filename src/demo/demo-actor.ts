import { Secret, TOTP } from "otpauth";
import { DEVICE_COOKIE } from "../platform/http/authenticate.ts";
import { DEMO_PASSWORD, type DemoPerson } from "./demo-people.ts";
import type { DemoCall, DemoReply, DemoServer } from "./demo-server.ts";

const STEP_MS = 30_000;
/** A second factor counts as fresh for ten minutes; a code is given again a little earlier, ms. */
const FRESH_MS = 9 * 60_000;
/** Nobody stays signed in overnight: a session lasts twelve hours, ms. */
const SESSION_MS = 11 * 3_600_000;

/** Somebody with a browser and an authenticator app. */
export class DemoActor {
  readonly person: DemoPerson;
  readonly #server: DemoServer;
  readonly #cookies = new Map<string, string>();
  #secret = "";
  #lastStep = 0;
  #signedInAtMs = Number.NEGATIVE_INFINITY;
  #provenAtMs = Number.NEGATIVE_INFINITY;
  #recoveryCodes: string[] = [];

  constructor(server: DemoServer, person: DemoPerson) {
    this.#server = server;
    this.person = person;
  }

  /** What the authenticator app holds, base32. */
  get secret(): string {
    return this.#secret;
  }

  /** Has the other one's authenticator app at hand: the same person in another browser. */
  carry({ secret }: DemoActor): void {
    this.#secret = secret;
  }

  async signUp(): Promise<void> {
    const { email, displayName } = this.person;
    await this.#must("POST", "/v1/accounts", { email, password: DEMO_PASSWORD, displayName });
    this.#pass(2 * 60_000);
    const token = await this.#server.mailedToken(email);
    await this.#must("POST", "/v1/accounts/verify", { token });
    await this.enrol();
  }

  /** Opens the newest invitation's link and makes the account that it asks for. */
  async joinByInvitation(): Promise<void> {
    const { email, displayName } = this.person;
    const token = await this.#server.mailedToken(email);
    const given = { token, password: DEMO_PASSWORD, displayName };
    await this.#must("POST", "/v1/invitations/accept", given);
    await this.enrol();
  }

  /** ... or accepts it with the account that there is. */
  async acceptInvitation(): Promise<void> {
    await this.#beSignedIn();
    const token = await this.#server.mailedToken(this.person.email);
    await this.#must("POST", "/v1/invitations/accept", { token });
  }

  /** Scans the picture of the page and types the first code. */
  async enrol(): Promise<void> {
    const { secret } = await this.#must("POST", "/v1/second-factors/totp", {});
    this.#pass(60_000);
    this.#secret = secret;
    const code = this.#code();
    const { recoveryCodes } = await this.#must("POST", "/v1/second-factors/totp/confirm", { code });
    this.#recoveryCodes = recoveryCodes;
    this.#signedInAtMs = this.#provenAtMs = this.#nowMs;
  }

  /** A new phone: the old one's codes end with the new one's first. */
  async replacePhone(): Promise<void> {
    await this.#beProven();
    await this.enrol();
  }

  async signIn(): Promise<void> {
    await this.#givePassword();
    await this.#must("POST", "/v1/sign-in/totp", { code: this.#code() });
    this.#signedInAtMs = this.#provenAtMs = this.#nowMs;
  }

  /** The phone is at home. */
  async signInByRecoveryCode(): Promise<void> {
    await this.#givePassword();
    const code = this.#recoveryCodes.pop();
    await this.#must("POST", "/v1/sign-in/recovery-code", { code });
    this.#signedInAtMs = this.#provenAtMs = this.#nowMs;
  }

  async signOut(): Promise<void> {
    await this.#must("POST", "/v1/sign-out");
    this.#signedInAtMs = Number.NEGATIVE_INFINITY;
  }

  /** A call that must succeed, signed in, with a fresh second factor where it changes something. */
  async do(method: DemoCall["method"], path: string, body?: unknown, headers = {}) {
    if (method === "GET") await this.#beSignedIn();
    else await this.#beProven();
    return await this.#must(method, path, body, headers);
  }

  /** A call that is refused, and on record as such. */
  async beRefused(method: DemoCall["method"], path: string, body?: unknown): Promise<void> {
    await this.#beProven();
    const reply = await this.#call(method, path, body);
    if (reply.status < 400) throw new Error(`${method} ${path} was not refused`);
  }

  async #givePassword(): Promise<void> {
    // What a browser is known by stays when a session ends.
    for (const name of this.#cookies.keys())
      if (!name.endsWith(DEVICE_COOKIE)) this.#cookies.delete(name);
    await this.#must("POST", "/v1/sign-in", { email: this.person.email, password: DEMO_PASSWORD });
    this.#pass(20_000);
  }

  async #beSignedIn(): Promise<void> {
    if (this.#nowMs - this.#signedInAtMs > SESSION_MS) await this.signIn();
  }

  async #beProven(): Promise<void> {
    await this.#beSignedIn();
    if (this.#nowMs - this.#provenAtMs <= FRESH_MS) return;
    await this.#must("POST", "/v1/step-up", { code: this.#code() });
    this.#provenAtMs = this.#nowMs;
  }

  async #must(method: DemoCall["method"], path: string, body?: unknown, headers = {}) {
    const reply = await this.#call(method, path, body, headers);
    if (reply.status >= 400)
      throw new Error(
        `the demo's story broke: ${method} ${path} by ${this.person.displayName} was answered ${reply.status} ${String(reply.body?.code)} ${JSON.stringify(reply.body?.errors ?? "")}`,
      );
    return reply.body;
  }

  async #call(
    method: DemoCall["method"],
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<DemoReply> {
    const { address, userAgent } = this.person;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await this.#server.call({
      method,
      path,
      body,
      from: address,
      headers: { "user-agent": userAgent, ...(cookie !== "" && { cookie }), ...headers },
    });
    for (const line of reply.cookies) this.#keepCookie(line);
    return reply;
  }

  #keepCookie(line: string): void {
    const [pair = ""] = line.split(";", 1);
    const at = pair.indexOf("=");
    this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }

  get #nowMs(): number {
    return this.#server.clock.now().getTime();
  }

  #pass(ms: number): void {
    this.#server.clock.moveTo(this.#nowMs + ms);
  }

  /** A code works once: of the next half minute where this one's was typed already. */
  #code(): string {
    const step = Math.max(Math.floor(this.#nowMs / STEP_MS), this.#lastStep + 1);
    this.#server.clock.moveTo(step * STEP_MS);
    this.#lastStep = step;
    return new TOTP({ secret: Secret.fromBase32(this.#secret) }).generate({
      timestamp: step * STEP_MS,
    });
  }
}
