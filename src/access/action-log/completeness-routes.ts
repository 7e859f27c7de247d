import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { CompletenessProof, CompletenessQuery } from "../../contract/record/counts.ts";
import type { Fault } from "../../contract/failures.ts";
import type { Context } from "../../context.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { parseCountPlace, readCompleteness } from "../../record/completeness/read-completeness.ts";
import { Gate } from "../../record/search/gate.ts";
import { invalidQuery } from "../../record/search/invalid-query.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { callerOf } from "../sharing/app-access.ts";

const placeRule = (text: string): Fault | null =>
  parseCountPlace(text) === null ? { code: "not-a-log-place" } : null;

/** Each reads a part of the log's list of leaves: long, where much was written. */
const LIMITS = {
  perAccount: 2,
  together: 3,
  detail: { code: "exports-running" },
  retryAfterSeconds: 5,
} as const;

export const completenessRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const gate = new Gate(LIMITS);

  app.get(
    "/audit/completeness",
    {
      config: {
        action: "entry.completeness-read",
        fieldRules: { querystring: { "/from": placeRule, "/to": placeRule } },
      },
      schema: {
        tags: ["record"],
        summary:
          "How many entries of an organisation and its apps the log has, with what proves it",
        querystring: CompletenessQuery,
        response: { 200: CompletenessProof },
      },
    },
    async (request) => {
      const ctx = contextOf(request);
      const leave = gate.enter(callerOf(ctx));
      return await completenessOf(ctx, request.query).finally(leave);
    },
  );
};

/** @throws {ProblemError} `not-found` to whom the organisation is nothing; `invalid-request`; what reading it throws. */
async function completenessOf(
  ctx: Context,
  { organisationId, ...places }: CompletenessQuery,
): Promise<CompletenessProof> {
  const { from, to } = readPlaces(places);
  await requireMembership(ctx.db, ctx, organisationId, "any");
  const apps = await ctx.db
    .selectFrom("app")
    .select(["id", "name"])
    .where("organisation_id", "=", organisationId)
    .orderBy("name")
    .orderBy("id")
    .execute();
  return await readCompleteness(ctx.db, {
    organisationId,
    apps,
    from,
    to,
  });
}

function readPlaces(given: Pick<CompletenessQuery, "from" | "to">) {
  const failures = (["from", "to"] as const).flatMap((field) => {
    const fault = given[field] === undefined ? null : placeRule(given[field]);
    return fault === null ? [] : [{ field, fault }];
  });
  if (failures.length > 0) throw invalidQuery(failures);
  return { from: placeOf(given.from), to: placeOf(given.to) };
}

const placeOf = (text: string | undefined) => (text === undefined ? null : parseCountPlace(text));
