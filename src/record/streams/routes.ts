import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { DeadLetterList, DeadLetterRetry, Retried } from "../../contract/record/dead-letters.ts";
import {
  LogStream,
  LogStreamChange,
  LogStreamList,
  LogStreamMade,
  LogStreamParams,
  LogStreamQuery,
  LogStreamTest,
  NewLogStream,
  NewOperatorLogStream,
  StreamStart,
} from "../../contract/record/streams.ts";
import type { Context } from "../../context.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import {
  changeStream,
  deleteStream,
  replayStream,
  retryDeadLetters,
  rotateSecret,
  setPaused,
} from "./change-stream.ts";
import { createStream } from "./create-stream.ts";
import { listStreams, readDeadLetters, readStream } from "./read-streams.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import { testStream } from "./test-stream.ts";
import { Gate } from "../search/gate.ts";

export type StreamRouteOptions = {
  /** Where they stand below /v1. */
  path: string;
  tags: string[];
  keeper: StreamKeeper;
  /** The operator's have no organisation to choose. */
  isOperators: boolean;
};

const Nothing = Type.Object({}, { additionalProperties: false });

/** A test waits for somebody else's machine. */
const TESTS = {
  perAccount: 1,
  together: 5,
  detail: { code: "stream-tests-running" },
  retryAfterSeconds: 20,
} as const;

/** List and make. */
const listRoutes =
  ({ path, tags, keeper, isOperators }: StreamRouteOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      path,
      {
        config: { action: "log-stream.listed" },
        schema: {
          tags,
          summary: "Streams of the log, and how far each has come",
          querystring: isOperators ? Nothing : LogStreamQuery,
          response: { 200: LogStreamList },
        },
      },
      async (request) => {
        const { organisationId } = request.query as { organisationId?: string };
        return await listStreams(contextOf(request), keeper, organisationId);
      },
    );

    app.post(
      path,
      {
        config: { action: "log-stream.created" },
        schema: {
          tags,
          summary: "Send the log on to a receiver; the secret is shown this once",
          body: isOperators ? NewOperatorLogStream : NewLogStream,
          response: { 201: LogStreamMade },
        },
      },
      async (request, reply) => {
        const made = await createStream(contextOf(request), keeper, request.body);
        return await reply.code(201).send(made);
      },
    );
  };

/** One of them: read, change, delete. */
const ownRoutes =
  ({ path, tags, keeper }: StreamRouteOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${path}/:streamId`,
      {
        config: { action: "log-stream.read" },
        schema: {
          tags,
          summary: "One stream",
          params: LogStreamParams,
          response: { 200: LogStream },
        },
      },
      async (request) => await readStream(contextOf(request), keeper, request.params.streamId),
    );

    app.patch(
      `${path}/:streamId`,
      {
        config: { action: "log-stream.changed" },
        schema: {
          tags,
          summary: "Change a stream or where it goes; secrets that are left out stay",
          params: LogStreamParams,
          body: LogStreamChange,
          response: { 200: LogStream },
        },
      },
      async (request) =>
        await changeStream(contextOf(request), {
          ...request.params,
          keeper,
          change: request.body,
        }),
    );

    app.delete(
      `${path}/:streamId`,
      {
        config: { action: "log-stream.deleted" },
        schema: {
          tags,
          summary: "Send nothing more, and forget the stream with its dead letters",
          params: LogStreamParams,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await deleteStream(contextOf(request), { ...request.params, keeper });
        return await reply.code(204).send(null);
      },
    );
  };

type Act = {
  name: string;
  action: "log-stream.paused" | "log-stream.resumed";
  summary: string;
  act: (ctx: Context, given: { keeper: StreamKeeper; streamId: string }) => Promise<LogStream>;
};

const acts: readonly Act[] = [
  {
    name: "pause",
    action: "log-stream.paused",
    summary: "Send nothing for now; nothing is lost",
    act: async (ctx, given) => await setPaused(ctx, { ...given, isPaused: true }),
  },
  {
    name: "resume",
    action: "log-stream.resumed",
    summary: "Go on from where the stream was",
    act: async (ctx, given) => await setPaused(ctx, { ...given, isPaused: false }),
  },
];

/** What is done to a stream that is there. */
const actRoutes =
  ({ path, tags, keeper }: StreamRouteOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const own = `${path}/:streamId`;

    for (const { name, action, summary, act } of acts)
      app.post(
        `${own}/${name}`,
        {
          config: { action },
          schema: {
            tags,
            summary,
            params: LogStreamParams,
            body: Nothing,
            response: { 200: LogStream },
          },
        },
        async (request) => await act(contextOf(request), { ...request.params, keeper }),
      );

    app.post(
      `${own}/replay`,
      {
        config: { action: "log-stream.replayed" },
        schema: {
          tags,
          summary: "Send everything again from a place of the log on",
          params: LogStreamParams,
          body: StreamStart,
          response: { 200: LogStream },
        },
      },
      async (request) =>
        await replayStream(contextOf(request), { ...request.params, keeper, start: request.body }),
    );

    app.post(
      `${own}/secret`,
      {
        config: { action: "log-stream.secret-rotated" },
        schema: {
          tags,
          summary: "A new signing secret, shown this once; the old one signs beside it for a day",
          params: LogStreamParams,
          body: Nothing,
          response: { 200: LogStreamMade },
        },
      },
      async (request) => await rotateSecret(contextOf(request), { ...request.params, keeper }),
    );
  };

/** What a receiver does: a test, and what it refused for good. */
const receiverRoutes =
  ({ path, tags, keeper }: StreamRouteOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const gate = new Gate(TESTS);

    app.post(
      `${path}/:streamId/test`,
      {
        config: { action: "log-stream.tested" },
        schema: {
          tags,
          summary: "Send a message without entries, and say what came of it",
          params: LogStreamParams,
          body: Nothing,
          response: { 200: LogStreamTest },
        },
      },
      async (request) => {
        const ctx = contextOf(request);
        const leave = gate.enter("accountId" in ctx.principal ? ctx.principal.accountId : "");
        return await testStream(ctx, keeper, request.params.streamId).finally(leave);
      },
    );

    app.get(
      `${path}/:streamId/dead-letters`,
      {
        config: { action: "log-stream.dead-letters-listed" },
        schema: {
          tags,
          summary: "Entries that the receiver refused for good: where they stand",
          params: LogStreamParams,
          response: { 200: DeadLetterList },
        },
      },
      async (request) => await readDeadLetters(contextOf(request), keeper, request.params.streamId),
    );

    app.post(
      `${path}/:streamId/dead-letters/retry`,
      {
        config: { action: "log-stream.dead-letters-retried" },
        schema: {
          tags,
          summary: "Send them again",
          params: LogStreamParams,
          body: DeadLetterRetry,
          response: { 200: Retried },
        },
      },
      async (request) =>
        await retryDeadLetters(contextOf(request), {
          ...request.params,
          keeper,
          ids: request.body.ids,
        }),
    );
  };

/** All that is done with streams, for one kind of keeper. */
export const streamRoutes = (options: StreamRouteOptions): FastifyPluginAsyncTypebox[] => [
  listRoutes(options),
  ownRoutes(options),
  actRoutes(options),
  receiverRoutes(options),
];
