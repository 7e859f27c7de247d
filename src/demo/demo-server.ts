import type { InjectOptions } from "fastify";
import { Heartbeat } from "../platform/jobs/heartbeat.ts";
import {
  openServices,
  type OpenServices,
  type OpenServicesOptions,
} from "../start/open-services.ts";
import { renewClaimLink } from "../start/claim-link.ts";
import { buildApp } from "../sallyport.ts";
import type { DemoClock } from "./demo-clock.ts";

// eslint-disable-next-line typescript/no-explicit-any -- replies of many shapes; the story knows what it asked for
type Json = any;

export type DemoReply = { status: number; body: Json; cookies: readonly string[] };

export type DemoCall = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  /** Where it comes from. */
  from: string;
  headers?: Record<string, string>;
};

/**
 * All of Sallyport but the socket, on a clock of its own: calls go through the same door as those of
 * browsers and back ends, so that everything in the demo is decided, stored and recorded as ever.
 */
export class DemoServer {
  readonly clock: DemoClock;
  readonly #open: OpenServices;
  readonly #app: Awaited<ReturnType<typeof buildApp>>;
  readonly #stops: readonly (() => Promise<void>)[];

  private constructor(
    clock: DemoClock,
    open: OpenServices,
    app: Awaited<ReturnType<typeof buildApp>>,
    stops: readonly (() => Promise<void>)[],
  ) {
    this.clock = clock;
    this.#open = open;
    this.#app = app;
    this.#stops = stops;
  }

  static async start(options: OpenServicesOptions & { clock: DemoClock }): Promise<DemoServer> {
    const open = await openServices(options);
    const { services, wings } = open;
    const stops: (() => Promise<void>)[] = [];
    try {
      const app = await buildApp(services, wings);
      const heartbeat = new Heartbeat({ ...services, ...options, ...IDLE });
      await heartbeat.start();
      stops.push(() => heartbeat.stop());
      for (const begin of wings.wings.flatMap(({ start, background }) => [background, start])) {
        const stop = await begin?.();
        if (stop !== undefined) stops.unshift(stop);
      }
      await app.ready();
      return new DemoServer(options.clock, open, app, stops);
    } catch (error) {
      for (const stop of stops) await stop();
      await open.close();
      throw error;
    }
  }

  async call({ method, path, body, from, headers }: DemoCall): Promise<DemoReply> {
    const options: InjectOptions = {
      method,
      url: path,
      remoteAddress: from,
      headers: {
        ...headers,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    };
    const reply = await this.#app.inject(options);
    const isJson = String(reply.headers["content-type"]).includes("json");
    return {
      status: reply.statusCode,
      body: isJson ? reply.json() : undefined,
      cookies: [reply.headers["set-cookie"] ?? []].flat(),
    };
  }

  /** The token of the newest link mailed to an address; read in the sandbox, as whoever tries Sallyport does. */
  async mailedToken(email: string): Promise<string> {
    const path = "/sandbox/mail.json";
    const headers = { host: "localhost" };
    const { body } = await this.call({ method: "GET", path, from: "127.0.0.1", headers });
    const mails: readonly { to: string; text: string }[] = body.mails;
    const links = mails.filter(({ to }) => to === email).map(({ text }) => tokenIn(text));
    const token = links.findLast((found) => found !== undefined);
    if (token === undefined) throw new Error(`no link was mailed to ${email}`);
    return token;
  }

  /** What the first start's link holds. */
  async claimToken(): Promise<string> {
    const { db, config } = this.#open.services;
    const link = await renewClaimLink(db, config, this.clock.now());
    return new URL(link ?? "").searchParams.get("token") ?? "";
  }

  /** Puts everything that waits on record. */
  async stop(): Promise<void> {
    await this.#app.close();
    for (const stop of this.#stops) await stop();
    await this.#open.close();
  }
}

/** A process without a worker: jobs wait for the demo's own start. */
const IDLE = { roles: [], workerIds: () => [], releases: false };

const tokenIn = (text: string): string | undefined => /[?&]token=([\w-]+)/.exec(text)?.[1];
