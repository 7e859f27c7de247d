import type { Context, SessionLevel } from "../../context.ts";
import { findPasswordAge, isPasswordDue } from "../passwords/password-due.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { noteArrival } from "../devices/note-arrival.ts";
import { storedLevel } from "./session-level.ts";
import { endSession, insertSession, moveSession, replaceSecret } from "./session-queries.ts";

/** A session whose secret is known now and never again. */
export type OpenedSession = {
  sessionId: string;
  accountId: string;
  level: SessionLevel;
  /** For `sessionCookie`; its digest alone is stored. */
  token: string;
  validSeconds: number;
  /** What the browser's own cookie says from now on, once the sign-in is whole. */
  deviceToken?: string;
};

/** How long a sign-in may take. */
const HALF_OPEN_SECONDS = 30 * 60;

/** Until the absolute end: use does not prolong it. */
const secondsOf = ({ config }: Pick<Context, "config">, level: SessionLevel): number =>
  level === "full" ? config.sessionHours * 3600 : HALF_OPEN_SECONDS;

/**
 * Opens a session in the caller's transaction. The session that this browser had ends: its cookie is
 * about to be overwritten. Every path that signs somebody in passes here, and only `changeLevel`
 * makes a session more than this (T5): a person's never begins as `full`.
 */
export async function openSession(
  tx: Tx,
  ctx: Context,
  accountId: string,
  level: Exclude<SessionLevel, "full">,
): Promise<OpenedSession> {
  const now = ctx.now();
  if (ctx.principal.kind === "session")
    await endSession(tx, {
      sessionId: ctx.principal.sessionId,
      accountId: ctx.principal.accountId,
      reason: "replaced",
      now,
    });
  const opened = newSecret(ctx, { sessionId: uuidv7(now.getTime()), accountId, level });
  await insertSession(tx, {
    ...opened,
    tokenHash: hashToken(opened.token),
    userAgent: ctx.origin.userAgent,
    address: ctx.origin.address,
    now,
    endsAt: new Date(now.getTime() + opened.validSeconds * 1000),
  });
  return opened;
}

/**
 * Moves the caller's session to another level, with a new secret: the old one is nobody's from the
 * commit on (T23). A session that becomes full has step-up.
 *
 * @throws {ProblemError} `not-signed-in` when it ended or moved meanwhile.
 */
export async function changeLevel(
  tx: Tx,
  ctx: Context,
  to: Exclude<SessionLevel, "needs-new-password">,
): Promise<OpenedSession> {
  const { sessionId, accountId, level } = sessionOf(ctx);
  const from = storedLevel(level);
  const now = ctx.now();
  const opened = newSecret(ctx, { sessionId, accountId, level: to });
  const isMoved = await moveSession(tx, {
    ...opened,
    from,
    tokenHash: hashToken(opened.token),
    now,
    endsAt: new Date(now.getTime() + opened.validSeconds * 1000),
  });
  if (!isMoved) throw new ProblemError("not-signed-in");
  return opened;
}

/**
 * Ends a sign-in: all its factors were given. How far that leads is decided here and nowhere else: where the
 * account's password has ended, the session can do no more than choose another, and its level says so.
 *
 * @throws {ProblemError} `not-signed-in` when it ended or moved meanwhile.
 */
export async function finishSignIn(tx: Tx, ctx: Context): Promise<OpenedSession> {
  const { accountId, level: from } = sessionOf(ctx);
  const opened = await changeLevel(tx, ctx, "full");
  const session = { ...opened, deviceToken: await noteArrival(tx, ctx, { accountId, from }) };
  const isDue = await isPasswordDue(tx, ctx, {
    accountId,
    ...(await findPasswordAge(tx, accountId)),
  });
  return isDue ? { ...session, level: "needs-new-password" } : session;
}

/**
 * Gives the caller's session another secret and nothing else: level, end and step-up stay. The old
 * secret is nobody's from the commit on.
 *
 * @throws {ProblemError} `not-signed-in` when it ended or moved meanwhile.
 */
export async function renewSecret(tx: Tx, ctx: Context): Promise<OpenedSession> {
  const { sessionId, accountId, level } = sessionOf(ctx);
  const now = ctx.now();
  const opened = newSecret(ctx, { sessionId, accountId, level });
  const endsAt = await replaceSecret(tx, { sessionId, tokenHash: hashToken(opened.token), now });
  if (endsAt === null) throw new ProblemError("not-signed-in");
  return { ...opened, validSeconds: Math.floor((endsAt.getTime() - now.getTime()) / 1000) };
}

function newSecret(
  ctx: Context,
  session: { sessionId: string; accountId: string; level: SessionLevel },
): OpenedSession {
  return { ...session, token: newToken(), validSeconds: secondsOf(ctx, session.level) };
}

/** The same context once the session is proven: who the entry says did it. */
export function actingAs(ctx: Context, { accountId, sessionId, level }: OpenedSession): Context {
  return {
    ...ctx,
    principal: {
      kind: "session",
      accountId,
      sessionId,
      level,
      steppedUpAt: null,
      isOperator: false,
    },
  };
}

export type SessionPrincipal = Extract<Context["principal"], { kind: "session" }>;

/** The caller's session, on routes that admit sessions alone. */
export function sessionOf(ctx: Context): SessionPrincipal {
  if (ctx.principal.kind !== "session") throw new Error("the route admits sessions alone");
  return ctx.principal;
}
