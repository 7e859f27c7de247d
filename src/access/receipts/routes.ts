import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { OrganisationParams } from "../../contract/access/organisations.ts";
import {
  LeaverReceipt,
  ReceiptParams,
  ReceiptQuery,
  RemovalList,
} from "../../contract/access/receipt.ts";
import { DEFAULT_LANGUAGE } from "../../contract/languages.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { readReceipt, readRemovals } from "./read-receipt.ts";
import { receiptPage } from "./receipt-page.ts";

const tags = ["access"];

export const receiptRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/organisations/:organisationId/removals",
    {
      config: { action: "access.removals-listed" },
      schema: {
        tags,
        summary: "Who was removed from everything of an organisation",
        params: OrganisationParams,
        response: { 200: RemovalList },
      },
    },
    async (request) => readRemovals(contextOf(request), request.params),
  );

  app.get(
    "/organisations/:organisationId/removals/:removalId/receipt",
    {
      config: { action: "access.receipt-read" },
      schema: {
        tags,
        summary: "What shows that somebody was removed from everything, and did nothing afterwards",
        params: ReceiptParams,
        querystring: ReceiptQuery,
        produces: ["application/json", "text/html"],
        response: { 200: LeaverReceipt },
      },
    },
    async (request, reply) => {
      const { format, language = DEFAULT_LANGUAGE } = request.query;
      const receipt = await readReceipt(contextOf(request), request.params);
      const kind = format === "html" ? "html" : "json";
      void reply.header(
        "content-disposition",
        `attachment; filename="receipt-${receipt.removal.entry}.${kind}"`,
      );
      if (kind === "json") return receipt;
      // Kept as a file, never shown from here: the policy of replies lets no script run.
      const page: unknown = await receiptPage(receipt, { language });
      return await reply.type("text/html; charset=utf-8").send(page as never);
    },
  );
};
