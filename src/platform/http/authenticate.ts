import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context, Principal } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import type { TokenBuckets } from "../limits/token-buckets.ts";
import { networkOf } from "../client-address/parse-address.ts";
import { cookieName, readCookie } from "./cookies.ts";
import { isCrossOrigin } from "./cross-origin.ts";
import { requireExpectedAccount } from "./expected-account.ts";
import { requireAdmission } from "./request-context.ts";

export const SESSION_COOKIE = "sallyport_session";
/** Tells a browser from others of the same account. It is no credential. */
export const DEVICE_COOKIE = "sallyport_device";

/** Longest User-Agent kept. */
const MAX_USER_AGENT_LENGTH = 400;

/**
 * Port: who a credential is. The identity wing resolves sessions, the access wing API keys, the
 * operator's wing its keys. A session that is not live is a stranger; a key that is not good throws.
 */
export type CredentialResolver = {
  session(token: string, ctx: Context): Promise<Principal | null>;
  /** @throws {ProblemError} `not-signed-in`, or `address-not-allowed` once the secret was proven. */
  bearer(token: string, ctx: Context): Promise<Principal>;
};

export type AuthenticateOptions = {
  resolveAddress: (request: FastifyRequest) => string | null;
  credentials: CredentialResolver;
  limits: {
    byPrincipal: TokenBuckets;
    /** Strangers. */
    byNetwork: TokenBuckets;
    /** Keys that were none: each costs a look-up, so it is judged before the next one is looked up. */
    wrongKeysByNetwork: TokenBuckets;
  };
};

/** Sets the request's context and refuses whom the route does not admit, before any route runs. */
export function authenticate(app: FastifyInstance, options: AuthenticateOptions): void {
  app.decorateRequest("context", null);
  app.decorateRequest("entryId", null);
  app.decorate("addressOf", options.resolveAddress);
  app.decorate("openContext", (request: FastifyRequest): Context => {
    request.context ??= strangerContext(app, request, options.resolveAddress(request));
    return request.context;
  });
  // A plain callback: a promise for each of the routes that judge their caller themselves costs them dearly.
  app.addHook("onRequest", (request, _reply, done) => {
    const { isPublicFile, authenticatesItself, admits } = request.routeOptions.config;
    if (isPublicFile === true) return done();
    requireFewWrongKeys(request, options.limits);
    // These are asked thousands of times a second: nothing is made that only a refusal needs.
    if (authenticatesItself === true) return done();
    const ctx = app.openContext(request);
    identify(request, ctx, options.credentials)
      .then((principal) => {
        ctx.principal = principal;
        requireWithinLimit(ctx, options.limits);
        requireInside(ctx, request);
        requireExpectedAccount(request, ctx.principal);
        // What is no address is that to everybody.
        if (!request.is404) requireAdmission(ctx.principal, admits ?? ["full"]);
      })
      .then(() => done(), done);
  });
  app.addHook("onError", (request, _reply, error, done) => {
    if (hasKey(request) && error instanceof ProblemError && error.code === "not-signed-in")
      options.limits.wrongKeysByNetwork.take(
        networkOfCaller(request),
        app.services.clock.now().getTime(),
      );
    done();
  });
}

/** Whether the caller shows a key of its own. */
const hasKey = ({ headers, routeOptions }: FastifyRequest): boolean =>
  headers.authorization !== undefined && routeOptions.config.bearsOthersKeys !== true;

const networkOfCaller = (request: FastifyRequest): string =>
  networkOf(request.server.addressOf(request));

/** @throws {ProblemError} `too-many-requests` for any key from a network that has sent too many wrong ones. */
function requireFewWrongKeys(
  request: FastifyRequest,
  { wrongKeysByNetwork }: AuthenticateOptions["limits"],
): void {
  if (wrongKeysByNetwork.isUnused || !hasKey(request)) return;
  const nowMs = request.server.services.clock.now().getTime();
  refuseAfter(wrongKeysByNetwork.waitMs(networkOfCaller(request), nowMs));
}

function refuseAfter(waitMs: number): void {
  if (waitMs > 0)
    throw new ProblemError("too-many-requests", { retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

function strangerContext(
  app: FastifyInstance,
  request: FastifyRequest,
  address: string | null,
): Context {
  return {
    ...app.services,
    principal: { kind: "stranger" },
    origin: {
      requestId: request.id,
      address,
      userAgent: (request.headers["user-agent"] ?? "").slice(0, MAX_USER_AGENT_LENGTH),
      deviceToken: cookieOf(app.services, request, DEVICE_COOKIE),
    },
    now: app.services.clock.now,
    notes: {},
    isRecorded: false,
  };
}

const cookieOf = (
  { config: { publicUrl } }: Pick<Context, "config">,
  { headers }: FastifyRequest,
  name: string,
): string | undefined =>
  readCookie(headers.cookie, cookieName(name, publicUrl.protocol === "https:"));

async function identify(
  request: FastifyRequest,
  ctx: Context,
  credentials: CredentialResolver,
): Promise<Principal> {
  const authorization = authorizationOf(request);
  const { publicUrl } = ctx.config;
  const cookie = cookieOf(ctx, request, SESSION_COOKIE);
  if (authorization !== undefined) {
    if (cookie !== undefined) throw new ProblemError("ambiguous-credential");
    return await credentials.bearer(keyOf(authorization), ctx);
  }
  if (isCrossOrigin(request.method, request.headers, publicUrl.origin))
    throw new ProblemError("cross-origin");
  if (cookie === undefined) return { kind: "stranger" };
  return (await credentials.session(cookie, ctx)) ?? { kind: "stranger" };
}

const isNamed = (text: string | undefined, name: string): boolean =>
  text?.length === name.length && text.toLowerCase() === name;

/** All values of a header; `headers` holds the first of two alike only. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    if (isNamed(rawHeaders[index], name)) values.push(rawHeaders[index + 1] ?? "");
  return values;
}

/**
 * The key of a request that must carry one.
 *
 * @throws {ProblemError} `not-signed-in`, `ambiguous-credential`
 */
export function bearerOf(request: FastifyRequest): string {
  return keyOf(authorizationOf(request) ?? "");
}

/** Node silently keeps the first of two Authorization headers; a proxy before us may have judged the other. */
function authorizationOf(request: FastifyRequest): string | undefined {
  const [authorization, another] = valuesOf(request.raw.rawHeaders, "authorization");
  if (another !== undefined) throw new ProblemError("ambiguous-credential");
  return authorization;
}

function keyOf(authorization: string): string {
  const match = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(authorization);
  if (match?.[1] === undefined) throw new ProblemError("not-signed-in");
  return match[1];
}

/**
 * A session that is used from where it may not be can leave, and its holder is a stranger where strangers may come.
 *
 * @throws {ProblemError} `address-not-allowed`
 */
function requireInside(ctx: Context, { routeOptions: { config } }: FastifyRequest): void {
  const { principal } = ctx;
  if (principal.kind !== "session" || principal.isOutside !== true) return;
  if (config.answersAnywhere === true) return;
  if (config.admits?.includes("stranger") !== true) throw new ProblemError("address-not-allowed");
  ctx.principal = { kind: "stranger" };
}

function requireWithinLimit(ctx: Context, limits: AuthenticateOptions["limits"]): void {
  const { principal } = ctx;
  const waitMs =
    principal.kind === "stranger" || principal.kind === "system"
      ? limits.byNetwork.take(networkOf(ctx.origin.address), ctx.now().getTime())
      : limits.byPrincipal.take(
          "accountId" in principal ? principal.accountId : principal.keyId,
          ctx.now().getTime(),
        );
  refuseAfter(waitMs);
}
