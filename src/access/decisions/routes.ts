import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { DecisionAnswer, DecisionQuestion } from "../../contract/access/decisions.ts";
import { parseAddress } from "../../platform/client-address/parse-address.ts";
import { ProblemError } from "../../problem-error.ts";
import { bearerOf } from "../../platform/http/authenticate.ts";
import type { DecisionDesk, Question } from "./decision-desk.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The key of whoever asks for a decision. */
    askerKey: string;
  }
}

/** Asks, and when the asker itself is refused, says in the entry which key that was. */
export async function askFor(
  request: FastifyRequest,
  desk: DecisionDesk,
  question: Question,
): Promise<DecisionAnswer> {
  try {
    const answer = await desk.ask(question);
    request.entryId = answer.entryId;
    return answer;
  } catch (error) {
    if (error instanceof ProblemError) await nameAsker(request, question.askerKey);
    throw error;
  }
}

async function nameAsker(request: FastifyRequest, askerKey: string): Promise<void> {
  const ctx = request.server.openContext(request);
  ctx.principal = await ctx.ports.resolveBearer(askerKey, ctx).catch(() => ctx.principal);
}

export function decisionRoutes(desk: DecisionDesk): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.decorateRequest("askerKey", "");
    app.post(
      "/decisions",
      {
        // The asker's key is judged with the question, from the same memory and under the same fence.
        config: {
          action: "decision.made",
          admits: ["api-key", "operator-key"],
          authenticatesItself: true,
        },
        // Who brings no key is told so before anything is said about the question.
        onRequest: (request, _reply, done) => {
          request.askerKey = bearerOf(request);
          done();
        },
        schema: {
          tags: ["access"],
          summary:
            "May this credential, from this address, do this to this app? On record before it is answered.",
          body: DecisionQuestion,
          response: { 200: DecisionAnswer },
        },
      },
      async (request) => {
        const { credential, action, appId, address } = request.body;
        return await askFor(request, desk, {
          askerKey: request.askerKey,
          askerAddress: request.server.addressOf(request),
          credential,
          action,
          appId,
          address: parseAddress(address),
          requestId: request.id,
          userAgent: "",
        });
      },
    );
  };
}
