import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  MailPreview,
  MailText,
  MailTextChange,
  MailTextParams,
  MailTexts,
  MailWording,
} from "../../contract/platform/mail-texts.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { changeMailText, previewMail, readMailTexts, sendTestMail } from "./mail-texts.ts";

const tags = ["operator"];
const params = MailTextParams;

export const mailTextRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/mail-texts",
    {
      config: { action: "operator.mail-texts-read" },
      schema: {
        tags,
        summary: "Every mail in every language: its default words and the operator's",
        response: { 200: MailTexts },
      },
    },
    async (request) => await readMailTexts(contextOf(request)),
  );

  app.put(
    "/operator/mail-texts/:kind/:language",
    {
      config: { action: "mail-text.changed" },
      schema: {
        tags,
        summary: "Word a mail anew; it holds from the next mail on",
        params,
        body: MailTextChange,
        response: { 200: MailText },
      },
    },
    async (request) => await changeMailText(contextOf(request), request.params, request.body),
  );

  app.post(
    "/operator/mail-texts/:kind/:language/preview",
    {
      config: { action: "operator.mail-text-previewed" },
      schema: {
        tags,
        summary: "A mail as these words would make it, with made-up data; nothing is kept",
        params,
        body: MailWording,
        response: { 200: MailPreview },
      },
    },
    async (request) => await previewMail(contextOf(request), request.params, request.body),
  );

  app.post(
    "/operator/mail-texts/:kind/:language/test",
    {
      config: { action: "operator.mail-text-tested" },
      schema: {
        tags,
        summary: "The same as a mail to yourself",
        params,
        body: MailWording,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await sendTestMail(contextOf(request), request.params, request.body);
      return await reply.code(204).send(null);
    },
  );
};
