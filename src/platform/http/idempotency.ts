import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import type { Db, Tx } from "../db/db.ts";
import { failureAt } from "../../failures.ts";

/** Members of a reply that are shown once and kept nowhere. */
const SHOWN_ONCE = ["key", "secret", "otpauthUrl", "qrSvg", "recoveryCodes"];

/** The reply is not known yet: the change is committed, or about to be. */
const UNKNOWN_STATUS = 0;

/** `fingerprints`: of the request, by each key of the ring; the current one's comes first and is stored. */
type Claim = { holder: string; key: string; fingerprints: readonly Buffer[] };

declare module "fastify" {
  interface FastifyRequest {
    /** The Idempotency-Key under which this request's change is committed. */
    idempotencyClaim: Claim | null;
  }
}

/**
 * `Idempotency-Key` on POST: a client that never got its answer sends the same request again and gets
 * the answer of the first, for 24 hours. The key is claimed in the transaction of the change, so of two
 * at once one happens. Secrets are not kept to be shown twice.
 */
export function replayCreations(app: FastifyInstance): void {
  app.decorateRequest("idempotencyClaim", null);
  app.addHook("preHandler", (request, reply, done) => {
    if (request.headers["idempotency-key"] === undefined) return done();
    replay(request, reply).then((isReplayed) => {
      if (!isReplayed) done();
    }, done);
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    const claim = request.idempotencyClaim;
    if (claim === null || request.context?.isRecorded !== true || reply.statusCode >= 500)
      return done(null, payload);
    // A refusal that is kept, of a wrong code for one, was no creation: its key is free again.
    const settled =
      reply.statusCode < 300
        ? keepReply(request, claim, { status: reply.statusCode, payload })
        : release(request, claim);
    settled.then(() => done(null, payload), done);
  });
}

/** Answers as the first time, where there was one. @throws {ProblemError} when it was another request, or is under way. */
async function replay(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const claim = claimOf(request);
  const ctx = request.context;
  if (claim === null || ctx === null) return false;
  const earlier = await ctx.db
    .selectFrom("idempotent_reply")
    .select(["request_hash", "status", "body"])
    .where("holder", "=", claim.holder)
    .where("key", "=", claim.key)
    .executeTakeFirst();
  if (earlier === undefined) {
    request.idempotencyClaim = claim;
    ctx.claim = (tx) => insertClaim(tx, ctx, claim);
    return false;
  }
  requireSameRequest(earlier, claim);
  ctx.notes.action = "request.replayed";
  void reply.code(earlier.status).send(earlier.body);
  return true;
}

function claimOf(request: FastifyRequest): Claim | null {
  const key = request.headers["idempotency-key"];
  const principal = request.context?.principal;
  if (request.method !== "POST" || key === undefined || principal === undefined) return null;
  if (principal.kind === "stranger" || principal.kind === "system") return null;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new ProblemError("invalid-request", {
      errors: [failureAt("/idempotency-key", { code: "idempotency-key" }, "headers")],
    });
  return {
    holder: "accountId" in principal ? principal.accountId : principal.keyId,
    key,
    fingerprints: fingerprintsOf(request),
  };
}

/** Keyed: whoever reads the table can't try out passwords, which sign-in's body holds, at a plain hash's speed. */
function fingerprintsOf({ url, body, server }: FastifyRequest): Buffer[] {
  const text = `idempotency\0${url}\n${JSON.stringify(body)}`;
  return server.services.keyRing.macs("fingerprint", text).map(({ mac }) => mac);
}

function requireSameRequest(
  earlier: { request_hash: Buffer; status: number; body: unknown },
  { fingerprints }: Claim,
): void {
  if (!fingerprints.some((fingerprint) => earlier.request_hash.equals(fingerprint)))
    throw new ProblemError("idempotency-key-reused");
  if (earlier.status === UNKNOWN_STATUS)
    throw new ProblemError("conflict", { detail: { code: "done-answer-lost" } });
  if (typeof earlier.body === "object" && earlier.body !== null && "shownOnce" in earlier.body)
    throw new ProblemError("conflict", { detail: { code: "done-shown-once" } });
}

async function insertClaim(
  tx: Tx,
  ctx: Context,
  { holder, key, fingerprints }: Claim,
): Promise<void> {
  const [fingerprint] = fingerprints;
  if (fingerprint === undefined) throw new Error("the ring has a current key");
  const row = await tx
    .insertInto("idempotent_reply")
    .values({
      holder,
      key,
      request_hash: fingerprint,
      status: UNKNOWN_STATUS,
      body: "{}",
      created_at: ctx.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("key")
    .executeTakeFirst();
  if (row === undefined)
    throw new ProblemError("conflict", { detail: { code: "request-under-way" } });
}

/** The change is committed: whatever happens here, a repetition is at worst told that it was done. */
async function keepReply(
  request: FastifyRequest,
  { holder, key }: Claim,
  { status, payload }: { status: number; payload: unknown },
): Promise<void> {
  const body: unknown = typeof payload === "string" && payload !== "" ? JSON.parse(payload) : null;
  const isShownOnce =
    typeof body === "object" && body !== null && SHOWN_ONCE.some((member) => member in body);
  await settle(request, async (db) => {
    await db
      .updateTable("idempotent_reply")
      .set({ status, body: JSON.stringify(isShownOnce ? { shownOnce: true } : body) })
      .where("holder", "=", holder)
      .where("key", "=", key)
      .execute();
  });
}

async function release(request: FastifyRequest, { holder, key }: Claim): Promise<void> {
  await settle(request, async (db) => {
    await db
      .deleteFrom("idempotent_reply")
      .where("holder", "=", holder)
      .where("key", "=", key)
      .where("status", "=", UNKNOWN_STATUS)
      .execute();
  });
}

async function settle(request: FastifyRequest, work: (db: Db) => Promise<void>): Promise<void> {
  try {
    await work(request.server.services.db);
  } catch (error) {
    request.log.warn(
      { err: error, requestId: request.id },
      "a reply could not be kept for its repetition",
    );
  }
}
