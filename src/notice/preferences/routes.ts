import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  NoticePreferences,
  NoticePreferencesChange,
  NoticeTest,
  UnsubscribeBody,
  Unsubscribed,
  UnsubscribeQuery,
} from "../../contract/notice/preferences.ts";
import type { PanelPath } from "../../contract/panel-paths.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { changePreferences, readPreferences, testChannel } from "./own-preferences.ts";
import { unsubscribe } from "./unsubscribe.ts";

const tags = ["notice"];

export const preferenceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/notice-preferences",
    {
      config: { action: "notice-preferences.read" },
      schema: {
        tags,
        summary: "What reaches one by which way",
        response: { 200: NoticePreferences },
      },
    },
    async (request) => await readPreferences(contextOf(request)),
  );

  app.put(
    "/notice-preferences",
    {
      config: { action: "notice-preferences.changed" },
      schema: {
        tags,
        summary: "Switch classes of notices on and off; what is switched off is told",
        body: NoticePreferencesChange,
        response: { 200: NoticePreferences },
      },
    },
    async (request) => await changePreferences(contextOf(request), request.body),
  );

  app.post(
    "/notice-preferences/test",
    {
      config: { action: "notice-preferences.tested" },
      schema: {
        tags,
        summary: "Send oneself a notice by one channel",
        body: NoticeTest,
        response: { 202: Type.Object({}, { additionalProperties: false }) },
      },
    },
    async (request, reply) => {
      await testChannel(contextOf(request), request.body);
      return await reply.code(202).send({});
    },
  );
};

/** What mail programs send with their one POST (RFC 8058 §3.2): read by nobody, the address says it all. */
const ONE_CLICK_FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"];
const MAX_FORM_BYTES = 1_024;

export const unsubscribeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addContentTypeParser(
    ONE_CLICK_FORMS,
    { parseAs: "buffer", bodyLimit: MAX_FORM_BYTES },
    (_request, _body, done) => done(null, {}),
  );

  app.post(
    "/unsubscribe",
    {
      config: { action: "notice-preferences.unsubscribed", admits: ["stranger"] },
      schema: {
        tags,
        summary: "End the mails of an optional class, by the link in one of them",
        consumes: ["application/json", ...ONE_CLICK_FORMS],
        querystring: UnsubscribeQuery,
        body: UnsubscribeBody,
        response: { 200: Unsubscribed },
      },
    },
    async (request) => await unsubscribe(contextOf(request), request.query.token),
  );

  // Old mail programs open the same address: a page asks, and nothing has changed until somebody says yes.
  app.get(
    "/unsubscribe",
    { config: { isPublicFile: true }, schema: { hide: true, querystring: UnsubscribeQuery } },
    async (request, reply) => {
      const page: PanelPath = "/unsubscribe";
      const query = new URLSearchParams({ token: request.query.token });
      return await reply.redirect(`${page}?${query.toString()}`, 303);
    },
  );
};
