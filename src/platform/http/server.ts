import { randomBytes } from "node:crypto";
import Fastify, { LogController, type FastifyBaseLogger } from "fastify";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { ProblemError } from "../../problem-error.ts";
import { FAILS_AS } from "./schema-fault.ts";
import { refuseMalformed } from "./malformed.ts";
import { replyWithProblem } from "./problem-reply.ts";
import { sendSecurityHeaders } from "./security-headers.ts";
import { failureAt } from "../../failures.ts";

/** No body in the contract needs more; a route that takes a file sets its own limit. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** All headers of a request together; browsers stay far below. */
const MAX_HEADERS_BYTES = 16 * 1024;
/** A client gets this long to send its request; slower ones hold connections on purpose. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Its headers come first, and in one piece from every honest client. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often both are looked at: a late one ends at most so much later. */
const TIMEOUT_CHECK_MS = 2_000;
/** A connection on which nothing moves for so long, a reply that is not fetched among it, ends. */
const SILENCE_TIMEOUT_MS = 120_000;
/** Open connections; beyond it new ones are closed. Each costs a file and some 10 kB before it has said a word. */
const MAX_CONNECTIONS = 10_000;
/** Longer than the keep-alive of usual proxies, so that they and not we close idle connections. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** A server without routes that takes JSON alone and answers every refusal as a problem. */
export function createServer(log: FastifyBaseLogger) {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger for each request costs as much as routing it; the few lines there are name the request.
    childLoggerFactory: (logger) => logger,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionTimeout: SILENCE_TIMEOUT_MS,
    http: {
      maxHeaderSize: MAX_HEADERS_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    genReqId: requestIds(),
    // The client's address comes from one resolver (platform/client-address), never from here.
    trustProxy: false,
    exposeHeadRoutes: false,
    // An externalId of 200 characters, each as long as UTF-8 and percent signs make it.
    routerOptions: { maxParamLength: 2_400 },
    // What still arrives on a connection that is open is served, and the connection closed after it:
    // Fastify's own 503 is no problem of the contract and no entry.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void replyWithProblem(error, request, reply),
    clientErrorHandler: refuseMalformed,
    // Fastify's defaults would read 123 as "123", drop misspelt fields and stop at the first failure.
    // Checking everything is safe only while each string and array in the contract has a maximum.
    ajv: {
      customOptions: {
        allErrors: true,
        coerceTypes: false,
        removeAdditional: false,
        // A failure brings its schema: what is told of it is made from that. Valid requests cost the same.
        verbose: true,
        keywords: [FAILS_AS],
      },
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = MAX_CONNECTIONS;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, parseJson);
  app.decorateRequest("problemCode", null);
  app.setErrorHandler(replyWithProblem);
  app.setNotFoundHandler(() => {
    throw new ProblemError("route-not-found");
  });
  app.addHook("onSend", sendSecurityHeaders);
  // A POST without a body and without a type counts as `{}`, as the contract says.
  app.addHook("preValidation", (request, _reply, done) => {
    if (request.body === undefined && request.routeOptions.schema?.body !== undefined)
      request.body = {};
    done();
  });
  return app;
}

/** Ids that no other process gives: a random start, then a count. Short, because every entry holds one. */
function requestIds(): () => string {
  const start = randomBytes(9).toString("base64url");
  let count = 0;
  return () => `${start}-${(count++).toString(36)}`;
}

/** An empty body counts as `{}`. `__proto__` and `constructor` as keys are refused (secure-json-parse's reason). */
function parseJson(
  _request: unknown,
  text: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  const source = text.toString();
  if (source.trim() === "") return done(null, {});
  try {
    done(null, JSON.parse(source, SUSPECT.test(source) ? refusePrototype : undefined));
  } catch {
    done(
      new ProblemError("invalid-request", {
        errors: [failureAt("", { code: "not-json" })],
      }),
    );
  }
}

/** A reviver makes parsing several times slower: only for texts that may hold such a key, escaped or not. */
const SUSPECT = /"(?:__proto__|constructor)"|\\u/;

function refusePrototype(key: string, value: unknown): unknown {
  if (key === "__proto__" || key === "constructor") throw new SyntaxError("forbidden key");
  return value;
}
