import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { problemBody } from "../../platform/http/problem-reply.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import { requestEntry } from "../entries/request-entry.ts";
import type { EntryOutcome } from "../entries/entry.ts";

/**
 * Every authenticated request leaves exactly one entry. A change has written its own in its
 * transaction; for everything else the reply waits here until the entry is committed. If it can't be,
 * the answer is 503. What strangers try, and what a limiter refuses, is counted per minute once it repeats.
 */
export function recordRequests(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    if (!mustRecord(request)) return done(null, payload);
    recordRequest(request, reply).then(
      () => done(null, payload),
      (error: unknown) => done(null, refuse(request, reply, { payload, error })),
    );
  });
}

/** Turns a reply whose entry could not be written into a 503. */
function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { payload, error }: { payload: unknown; error: unknown },
): string {
  request.log.error({ err: error, requestId: request.id }, "a request could not be recorded");
  closeStream(payload);
  void reply.code(503).type("application/problem+json").removeHeader("content-length");
  reply.removeHeader("set-cookie");
  return JSON.stringify(problemBody("record-unavailable", request.id));
}

function mustRecord(request: FastifyRequest): boolean {
  if (request.isOnRecord) return false;
  const { isPublicFile, authenticatesItself } = request.routeOptions.config;
  if (isPublicFile === true) return false;
  const context =
    authenticatesItself === true ? request.server.openContext(request) : request.context;
  return context !== null && !context.isRecorded;
}

async function recordRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const ctx = request.context;
  if (ctx === null) return;
  const outcome = outcomeOf(reply.statusCode);
  const action = request.routeOptions.config.action ?? "request.made";
  const entry = requestEntry(ctx, { action, outcome, reason: request.problemCode ?? undefined });
  ctx.isRecorded = true;
  const isFolded = ctx.principal.kind === "stranger" || reply.statusCode === 429;
  if (!isFolded) {
    await ctx.recorder.submit(entry);
    return;
  }
  const who = entry.actor.credentialId ?? networkOf(ctx.origin.address);
  await ctx.recorder.submitFolded([action, outcome, entry.reason, who].join(" "), entry);
}

function outcomeOf(status: number): EntryOutcome {
  if (status < 400) return "done";
  return status < 500 ? "refused" : "failed";
}

function closeStream(payload: unknown): void {
  if (
    typeof payload === "object" &&
    payload !== null &&
    "destroy" in payload &&
    typeof payload.destroy === "function"
  )
    payload.destroy();
}
