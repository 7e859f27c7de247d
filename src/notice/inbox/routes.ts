import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  ArchiveMarks,
  Inbox,
  InboxMarks,
  InboxQuery,
  UnreadReply,
} from "../../contract/notice/inbox.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { sendEvents } from "../../platform/http/live-events.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { Gate } from "../../record/search/gate.ts";
import { recheckCaller } from "../../record/search/recheck-caller.ts";
import { followInbox } from "./follow-inbox.ts";
import { archiveItems, readInbox, seeItems } from "./read-inbox.ts";

const tags = ["notice"];

/** The panel follows where its page is looked at: that is one, or a few windows. Each asks the database once a second. */
const LIMITS = {
  perAccount: 4,
  together: 500,
  detail: { code: "followers-full" },
  retryAfterSeconds: 30,
} as const;

export const inboxRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/inbox",
    {
      config: { action: "inbox.read" },
      schema: {
        tags,
        summary: "What one was told, newest first",
        querystring: InboxQuery,
        response: { 200: Inbox },
      },
    },
    async (request) => await readInbox(contextOf(request), request.query),
  );

  app.post(
    "/inbox/seen",
    {
      config: { action: "inbox.marked" },
      schema: {
        tags,
        summary: "Mark items as seen",
        body: InboxMarks,
        response: { 200: UnreadReply },
      },
    },
    async (request) => await seeItems(contextOf(request), request.body),
  );

  app.post(
    "/inbox/archived",
    {
      config: { action: "inbox.marked" },
      schema: {
        tags,
        summary: "Put items away, or take them back",
        body: ArchiveMarks,
        response: { 200: UnreadReply },
      },
    },
    async (request) => await archiveItems(contextOf(request), request.body),
  );
};

export const inboxStreamRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const gate = new Gate(LIMITS);
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());

  app.get(
    "/inbox/stream",
    {
      config: { action: "inbox.followed" },
      schema: {
        tags,
        summary: "How many items are unread, as that changes",
        produces: ["text/event-stream"],
        response: { 200: Type.Unknown({ description: "Events `inbox` and `end`." }) },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const leave = gate.enter(sessionOf(ctx).accountId);
      return sendEvents(reply, {
        leave,
        start: (gone) =>
          followInbox(ctx, {
            signal: AbortSignal.any([stopping.signal, gone]),
            recheck: () => recheckCaller(ctx, undefined),
          }),
      });
    },
  );
};
