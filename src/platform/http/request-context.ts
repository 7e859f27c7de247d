import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from "fastify";
import type { Action } from "../../contract/actions.ts";
import type { Context, Principal, Services, SessionLevel } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";

/** Who may call a route: a stranger, a session at a level, a key. */
export type Admission = "stranger" | SessionLevel | "api-key" | "operator-key";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a call of this route is on record as. A route without it is not registered. */
    action?: Action;
    /** Who may call it; only full sessions where it is left out. */
    admits?: readonly Admission[];
    /** Not a part of the API: health, pages, documents. Leaves no entry and asks for no credential. */
    isPublicFile?: boolean;
    /** Answers a session also from where its account's list of addresses does not let it: it can leave. */
    answersAnywhere?: boolean;
    /** The route judges its caller's key itself, and puts the answer on record with it. */
    authenticatesItself?: boolean;
    /** `Authorization` is not the caller's: a gateway passes its clients' on, so wrong ones are not held against it. */
    bearsOthersKeys?: boolean;
  }
  interface FastifyInstance {
    services: Services;
    routeTable: readonly RouteRow[];
    /** Where a request comes from, canonical; null: it can't be told. */
    addressOf(request: FastifyRequest): string | null;
    /** The request's context, made when it is first needed. */
    openContext(request: FastifyRequest): Context;
  }
  interface FastifyRequest {
    /** Set by the authenticate hook; null on routes that judge their caller themselves until it is opened. */
    context: Context | null;
    /** The entry that holds the answer already, with what it was made with; null where none does. */
    entryId: string | null;
  }
}

/** What routes build on: the operation's context of an admitted request. */
export function contextOf(request: FastifyRequest): Context {
  if (request.context === null)
    throw new Error("the authenticate hook runs before every route of the API");
  return request.context;
}

const HALF_OPEN = {
  "needs-enrolment": "enrolment-required",
  "needs-second-factor": "second-factor-required",
  "needs-new-password": "new-password-required",
} as const;

/** @throws {ProblemError} what stands between this principal and the route. */
export function requireAdmission(principal: Principal, admits: readonly Admission[]): void {
  if (principal.kind === "system" || admits.includes("stranger")) return;
  if (principal.kind === "stranger") throw new ProblemError("not-signed-in");
  if (principal.kind !== "session") {
    if (!admits.includes(principal.kind)) throw new ProblemError("forbidden");
    return;
  }
  if (admits.includes(principal.level)) return;
  throw new ProblemError(principal.level === "full" ? "forbidden" : HALF_OPEN[principal.level]);
}

/** A route as it was registered; tests walk all of them. */
export type RouteRow = { method: string; url: string; config: FastifyContextConfig };

/** Refuses routes that do not say what they are on record as, and lists those that do. */
export function requireActions(app: FastifyInstance): void {
  const table: RouteRow[] = [];
  app.decorate("routeTable", table);
  app.addHook("onRoute", (route) => {
    const config = route.config ?? {};
    const methods = [route.method].flat();
    if (config.action === undefined && config.isPublicFile !== true)
      throw new Error(`${methods.join()} ${route.url} does not name its action`);
    table.push(...methods.map((method) => ({ method, url: route.url, config })));
  });
}
