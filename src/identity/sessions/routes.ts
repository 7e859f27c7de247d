import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NoBody } from "../../contract/identity/second-factors.ts";
import {
  CurrentSession,
  EndSessionRequest,
  SessionList,
  SessionParams,
  SessionsEnded,
  type SessionSummary,
} from "../../contract/identity/sessions.ts";
import type { Context } from "../../context.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { newPasswordAsked } from "../passwords/effective-policy.ts";
import { acceptedFactors } from "../second-factors/read-factors.ts";
import { deviceName } from "./device-name.ts";
import { endOtherSessions, endOwnSession, signOut } from "./end-session.ts";
import { idleLimit } from "./idle-limit.ts";
import { sessionOf } from "./open-session.ts";
import { STEP_UP_VALID_MS } from "./require-step-up.ts";
import { noSessionCookie } from "./session-cookie.ts";
import { EVERY_LEVEL, levelOf } from "./session-level.ts";
import { listLiveSessions, readSession, type SessionRow } from "./session-queries.ts";

const tags = ["identity"];

export const sessionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/sign-out",
    {
      config: { action: "session.signed-out", admits: EVERY_LEVEL, answersAnywhere: true },
      schema: { tags, summary: "Sign out", body: NoBody, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      await signOut(ctx);
      void reply.header("set-cookie", noSessionCookie(ctx.config));
      return await reply.code(204).send(null);
    },
  );

  app.get(
    "/sessions/current",
    {
      config: { action: "session.read", admits: EVERY_LEVEL },
      schema: { tags, summary: "How far this sign-in has come", response: { 200: CurrentSession } },
    },
    async (request) => await readCurrent(contextOf(request)),
  );

  app.get(
    "/sessions",
    {
      config: { action: "session.listed" },
      schema: { tags, summary: "Where one is signed in", response: { 200: SessionList } },
    },
    async (request) => {
      const ctx = contextOf(request);
      const { accountId, sessionId } = sessionOf(ctx);
      const idleMinutes = await idleLimit(ctx.db, ctx, accountId);
      const rows = await listLiveSessions(ctx.db, { accountId, now: ctx.now(), idleMinutes });
      return { sessions: rows.map((row) => toSummary(row, sessionId)) };
    },
  );
};

export const endSessionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    "/sessions",
    {
      config: { action: "session.others-ended" },
      schema: {
        tags,
        summary: "Sign out everywhere else; no device is known any more",
        response: { 200: SessionsEnded },
      },
    },
    async (request) => ({ ended: await endOtherSessions(contextOf(request)) }),
  );

  app.delete(
    "/sessions/:sessionId",
    {
      config: { action: "session.ended" },
      schema: {
        tags,
        summary: "End a session: not me, or not needed any more",
        params: SessionParams,
        body: EndSessionRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { sessionId } = request.params;
      await endOwnSession(ctx, { sessionId, reason: request.body.reason });
      if (sessionOf(ctx).sessionId === sessionId)
        void reply.header("set-cookie", noSessionCookie(ctx.config));
      return await reply.code(204).send(null);
    },
  );
};

async function readCurrent(ctx: Context): Promise<CurrentSession> {
  const { accountId, sessionId, level, steppedUpAt } = sessionOf(ctx);
  const row = await readSession(ctx.db, sessionId);
  const until = steppedUpAt === null ? 0 : steppedUpAt.getTime() + STEP_UP_VALID_MS;
  return {
    session: {
      id: sessionId,
      level,
      createdAt: row.created_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      idleMinutes: level === "full" ? await idleLimit(ctx.db, ctx, accountId) : null,
      steppedUpUntil: until > ctx.now().getTime() ? new Date(until).toISOString() : null,
      accepts: await acceptedFactors(ctx),
      newPassword: await newPasswordAsked(ctx),
    },
  };
}

function toSummary(row: SessionRow, currentSessionId: string): SessionSummary {
  return {
    id: row.id,
    level: levelOf(row.level),
    userAgent: deviceName(row.user_agent),
    address: row.address,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    isCurrent: row.id === currentSessionId,
  };
}
