import type { FastifyRequest } from "fastify";
import type { Failure } from "../../contract/problems.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import type { Fault } from "../../contract/failures.ts";
import { failureAt } from "../../failures.ts";

/**
 * A rule of one field that its schema can't say, judged without the database.
 *
 * @returns what is wrong; null when nothing is.
 */
export type FieldRule = (
  text: string,
  beside: { ctx: Context; body: unknown },
) => Fault | null | Promise<Fault | null>;

/** By JSON pointer; `*` stands for every entry of a list. */
export type FieldRules = Record<`/${string}`, FieldRule>;

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * Rules that the route's operation applies anyway, told together with whatever else is wrong. They
     * run only when the request is refused as invalid: one that is valid pays nothing for them.
     */
    fieldRules?: { body?: FieldRules; querystring?: FieldRules };
  }
}

/** Applies the route's rules to the fields that are there and not told of yet. */
export async function* brokenRules(
  request: FastifyRequest,
  isTold: (part: string, pointer: string) => boolean,
): AsyncGenerator<Failure> {
  const { fieldRules = {} } = request.routeOptions.config;
  const { context: ctx, body, query } = request;
  if (ctx === null) return;
  const inputs = { body, querystring: query };
  const parts = ["body", "querystring"] as const;
  const fields = parts.flatMap((part) =>
    Object.entries(fieldRules[part] ?? {}).flatMap(([pattern, rule]) =>
      textsAt(inputs[part], pattern.split("/").slice(1)).map((field) => ({ part, rule, ...field })),
    ),
  );
  for (const { part, rule, pointer, text } of fields) {
    if (isTold(part, pointer)) continue;
    const fault = await judge(rule, text, { ctx, body });
    if (fault !== null) yield failureAt(pointer, fault, part);
  }
}

/** What can't be judged now is judged by the operation, once the rest is mended. */
async function judge(
  rule: FieldRule,
  text: string,
  beside: { ctx: Context; body: unknown },
): Promise<Fault | null> {
  try {
    return await rule(text, beside);
  } catch (error) {
    if (!(error instanceof ProblemError))
      beside.ctx.log.warn({ err: error }, "a rule of a field could not be applied");
    return null;
  }
}

type TextField = { pointer: string; text: string };

function textsAt(value: unknown, [segment, ...rest]: readonly string[], pointer = ""): TextField[] {
  if (segment === undefined) return typeof value === "string" ? [{ pointer, text: value }] : [];
  if (segment !== "*")
    return textsAt(Reflect.get(Object(value), segment), rest, `${pointer}/${segment}`);
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry, index) => textsAt(entry, rest, `${pointer}/${index}`));
}
