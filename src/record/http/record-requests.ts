import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { problemBody } from "../../platform/http/problem-reply.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import { requestEntry } from "../entries/request-entry.ts";
import type { Promiser } from "../proofs/promise-entry.ts";
import type { EntryOutcome } from "../entries/entry.ts";

/**
 * Every authenticated request leaves exactly one entry. A change has written its own in its
 * transaction; for everything else the reply waits here until the entry is committed. If it can't be,
 * the answer is 503. What strangers try, and what a limiter refuses, is counted per minute once it repeats.
 * The reply names its entry.
 *
 * @param promise signs for the entries of those who ask for a receipt; null: this process can't.
 */
export function recordRequests(app: FastifyInstance, promise: Promiser | null): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    const isPromised = promise !== null && asksForReceipt(request);
    // Answers that are on record already are too many for a promise that nobody waits for.
    if (!mustRecord(request) && !isPromised) {
      nameEntry(request, reply);
      return done(null, payload);
    }
    recordAndName(request, reply, isPromised ? promise : null).then(
      () => done(null, payload),
      (error: unknown) => done(null, refuse(request, reply, { payload, error })),
    );
  });
}

/** The header that asks for a receipt, and brings it. */
const RECEIPT = "audit-receipt";
const PLEASE = "please";

/** A gateway passes its clients' headers on, and no receipt back to them: what they ask for costs nothing. */
const asksForReceipt = ({ headers, routeOptions }: FastifyRequest): boolean =>
  headers[RECEIPT] === PLEASE && routeOptions.config.bearsOthersKeys !== true;

async function recordAndName(
  request: FastifyRequest,
  reply: FastifyReply,
  promise: Promiser | null,
): Promise<void> {
  if (mustRecord(request)) await recordRequest(request, reply);
  const entryId = nameEntry(request, reply);
  const receipt = entryId === null ? null : ((await promise?.(entryId)) ?? null);
  if (receipt !== null) void reply.header(RECEIPT, receipt);
}

/** @returns the id of the request's own entry; null for a request that leaves none, or was counted with others. */
function nameEntry(request: FastifyRequest, reply: FastifyReply): string | null {
  const entryId = request.entryId ?? request.context?.entryId ?? null;
  if (entryId !== null) void reply.header("audit-id", entryId);
  return entryId;
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
  if (request.entryId !== null) return false;
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
    ({ entryId: ctx.entryId } = await ctx.recorder.submit(entry));
    return;
  }
  const who = entry.actor.credentialId ?? networkOf(ctx.origin.address);
  const kind = [action, outcome, entry.reason, who].join(" ");
  const recorded = await ctx.recorder.submitFolded(kind, entry);
  if (recorded !== null) ctx.entryId = recorded.entryId;
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
