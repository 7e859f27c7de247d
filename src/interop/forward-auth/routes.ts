import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { DecisionDesk, Question } from "../../access/decisions/decision-desk.ts";
import { askFor } from "../../access/decisions/routes.ts";
import type { DecisionAnswer, DecisionReason } from "../../contract/access/decisions.ts";
import { ForwardAuthQuery } from "../../contract/interop/forward-auth.ts";
import { ProblemError } from "../../problem-error.ts";
import { readOriginalRequest, type OriginalRequestFault } from "./original-request.ts";

/** The credential is at fault: the client is asked for another. Everything else is 403. */
const UNAUTHENTICATED: ReadonlySet<DecisionReason> = new Set([
  "unknown-credential",
  "expired",
  "revoked",
  "disabled",
]);

/** Longest path kept on record. */
const MAX_PATH_LENGTH = 400;

/**
 * nginx's `auth_request` and its like. The gateway's own key comes in a header of its own, so nobody
 * who merely reaches this address can claim an address or a path. nginx takes any status but 2xx, 401
 * and 403 for an error, so nothing else is answered about a credential.
 */
export function forwardAuthRoutes(desk: DecisionDesk): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      "/forward-auth",
      {
        config: {
          action: "decision.made",
          admits: ["api-key", "operator-key"],
          authenticatesItself: true,
          bearsOthersKeys: true,
        },
        // Before anything can go wrong, a misspelt question among it.
        onRequest: (_request, reply, done) => {
          nameNobody(reply);
          done();
        },
        schema: {
          tags: ["interop"],
          summary: "The one question, as a gateway asks it for each request (nginx auth_request)",
          querystring: ForwardAuthQuery,
          response: { 200: Type.Null(), 401: Type.Null(), 403: Type.Null() },
        },
      },
      async (request, reply) => {
        const original = readOriginalRequest(request.raw.rawHeaders);
        if (typeof original === "string")
          throw new ProblemError(problemOf(original), { detail: { code: original } });
        const { app: appId, action } = request.query;
        const answer = await askAsGateway(request, desk, {
          askerKey: original.gatewayKey,
          askerAddress: request.server.addressOf(request),
          credential: original.credential,
          action,
          appId,
          address: original.address,
          requestId: request.id,
          userAgent: "",
          method: original.method,
          // The path alone: query strings hold what does not belong on record.
          path: (original.uri.split("?", 1)[0] ?? "").slice(0, MAX_PATH_LENGTH),
        });
        const status = statusOf(answer);
        // nginx passes it on: the client is told by what to prove itself (RFC 9110 §11.6.1, RFC 6750 §3).
        if (status === 401) void reply.header("www-authenticate", 'Bearer error="invalid_token"');
        return reply.headers(identityHeaders(answer)).code(status).send(null);
      },
    );
  };
}

/** What is wrong with the gateway is not the client's to mend: 403, never the 401 that asks it for another key. */
async function askAsGateway(
  request: FastifyRequest,
  desk: DecisionDesk,
  question: Question,
): Promise<DecisionAnswer> {
  try {
    return await askFor(request, desk, question);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError("forbidden", {
      detail: { code: "gateway-key-may-not" },
      cause: error,
    });
  }
}

function statusOf({ allowed, reason }: DecisionAnswer): 200 | 401 | 403 {
  if (allowed) return 200;
  return UNAUTHENTICATED.has(reason) ? 401 : 403;
}

/** Always all of them, empty where there is nothing: a header left out would let the client's own through. */
function identityHeaders({
  allowed,
  reason,
  accountId,
  role,
  credentialId,
}: DecisionAnswer): Record<string, string> {
  return {
    "x-sallyport-account": allowed ? (accountId ?? "") : "",
    "x-sallyport-role": allowed ? (role ?? "") : "",
    "x-sallyport-credential": allowed ? (credentialId ?? "") : "",
    "x-sallyport-reason": reason,
    vary: "Authorization",
  };
}

function nameNobody(reply: FastifyReply): void {
  void reply.headers({
    "x-sallyport-account": "",
    "x-sallyport-role": "",
    "x-sallyport-credential": "",
  });
}

const problemOf = (fault: OriginalRequestFault) =>
  fault === "no-credential" ? "not-signed-in" : "forbidden";
