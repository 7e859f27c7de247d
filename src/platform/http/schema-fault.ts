import type { FastifySchemaValidationError } from "fastify";
import type { Fault } from "../../contract/failures.ts";

/** The part of JSON Schema that the contract is written in. */
type Expected = {
  type?: string | string[];
  format?: string;
  const?: string | number | boolean;
  enum?: unknown[];
  anyOf?: Expected[];
  properties?: object;
  required?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  /** What is wrong when it isn't met; the contract sets it beside every pattern. */
  "x-failure"?: Fault;
};

/** A failure as Ajv tells it when it is told to be verbose. */
export type SchemaFailure = FastifySchemaValidationError & { parentSchema?: Expected };

/** The contract's own keyword; `failsAs` sets it. */
export const FAILS_AS = "x-failure";

/**
 * What is wrong with a field, by the contract's numbers. Never the value, which may be a password, and
 * never a regular expression.
 */
export function schemaFault({ keyword, params, parentSchema = {} }: SchemaFailure): Fault {
  return faults[keyword]?.(parentSchema, params) ?? expected(parentSchema);
}

const faults: Record<
  string,
  ((schema: Expected, params: Record<string, unknown>) => Fault) | undefined
> = {
  required: () => ({ code: "missing" }),
  additionalProperties: () => ({ code: "unknown-field" }),
  minLength: (schema) => {
    if (schema[FAILS_AS] !== undefined) return schema[FAILS_AS];
    return schema.minLength === 1
      ? { code: "empty" }
      : { code: "too-short", params: { count: schema.minLength ?? 0 } };
  },
  maxLength: ({ maxLength = 0 }) => ({ code: "too-long", params: { count: maxLength } }),
  minItems: entries,
  maxItems: entries,
  uniqueItems: (_schema, { i, j }) => ({
    code: "twice",
    params: { first: Number(j) + 1, second: Number(i) + 1 },
  }),
  minProperties: ({ properties = {} }) => ({
    code: "some-field-needed",
    params: { fields: Object.keys(properties).join(", ") },
  }),
  maxProperties: ({ properties = {} }) => ({
    code: "one-field-only",
    params: { fields: Object.keys(properties).join(", ") },
  }),
};

function entries({ minItems = 0, maxItems }: Expected): Fault {
  if (maxItems === undefined) return { code: "too-few", params: { count: minItems } };
  if (minItems === 0) return { code: "too-many", params: { count: maxItems } };
  return { code: "entries-between", params: { min: minItems, max: maxItems } };
}

const formats: Record<string, Fault | undefined> = {
  uuid: { code: "not-an-id" },
  "date-time": { code: "not-an-instant" },
};

const types: Record<string, ((schema: Expected) => Fault) | undefined> = {
  string: () => ({ code: "not-text" }),
  boolean: () => ({ code: "not-a-boolean" }),
  null: () => ({ code: "not-null" }),
  array: () => ({ code: "not-a-list" }),
  integer: wholeNumber,
  number: anyNumber,
  object: ({ required = [] }) =>
    required.length === 0
      ? { code: "not-an-object" }
      : { code: "not-an-object-with", params: { fields: required.join(", ") } },
};

/** What a value would have to be. */
function expected(schema: Expected): Fault {
  if (schema[FAILS_AS] !== undefined) return schema[FAILS_AS];
  if (schema.anyOf !== undefined) return oneOf(schema.anyOf);
  if (schema.enum !== undefined) return notAChoice(schema.enum.map(String));
  if (schema.const !== undefined) return notAChoice([String(schema.const)]);
  return (
    formats[schema.format ?? ""] ??
    types[String(schema.type)]?.(schema) ?? { code: "not-as-described" }
  );
}

/** That null would do as well is nothing that a person could type. */
function oneOf(branches: readonly Expected[]): Fault {
  const wanted = branches.filter(({ type }) => type !== "null");
  const [only] = wanted;
  return wanted.length === 1 && only !== undefined
    ? expected(only)
    : notAChoice(branches.map(shape));
}

const notAChoice = (choices: readonly string[]): Fault => ({
  code: "not-a-choice",
  params: { choices: choices.join(", ") },
});

/** A choice in no language: `{accountId}` for an object with that member, else what JSON Schema calls it. */
function shape(schema: Expected): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.required !== undefined) return `{${schema.required.join(", ")}}`;
  return schema.format ?? String(schema.type);
}

function wholeNumber({ minimum: min, maximum: max }: Expected): Fault {
  if (min !== undefined && max !== undefined)
    return { code: "whole-number-between", params: { min, max } };
  if (min !== undefined) return { code: "whole-number-from", params: { min } };
  if (max !== undefined) return { code: "whole-number-to", params: { max } };
  return { code: "not-a-whole-number" };
}

function anyNumber({ minimum: min, maximum: max }: Expected): Fault {
  if (min !== undefined && max !== undefined)
    return { code: "number-between", params: { min, max } };
  if (min !== undefined) return { code: "number-from", params: { min } };
  if (max !== undefined) return { code: "number-to", params: { max } };
  return { code: "not-a-number" };
}
