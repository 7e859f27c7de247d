import type { FastifyRequest, FastifySchemaValidationError } from "fastify";
import type { Failure } from "../../contract/problems.ts";
import { schemaFault, type SchemaFailure } from "./schema-fault.ts";
import { brokenRules } from "./field-rules.ts";
import { failureAt } from "../../failures.ts";

/** A caller gains nothing from more, and a hostile body must not make the reply grow with it. */
const MAX_FAILURES = 20;
const MAX_POINTER_LENGTH = 400;

/** The parts of a request in the order in which Fastify checks them, stopping at the first that fails. */
const PARTS = ["params", "body", "querystring", "headers"] as const;

/** What a request was refused for: by its schema, or by a rule of the operation. */
export type FieldFault = {
  errors?: Failure[] | undefined;
  validation?: FastifySchemaValidationError[] | undefined;
  validationContext?: string | undefined;
};

/**
 * Everything that is wrong with the fields of a refused request, so that a person mends it in one go:
 * what the schemas of all its parts say, and the rules that the route names. Each field once.
 */
export async function fieldFailures(
  fault: FieldFault,
  request: FastifyRequest,
): Promise<Failure[]> {
  const failures = new Map<string, Failure>();
  const add = (failure: Failure) => {
    const key = keyOf(failure.in, failure.pointer);
    if (failures.size < MAX_FAILURES && !failures.has(key)) failures.set(key, failure);
  };
  for (const failure of fault.errors ?? []) add(failure);
  for (const failure of schemaFailures(fault, request)) add(failure);
  const isTold = (part: string, pointer: string) => failures.has(keyOf(part, pointer));
  for await (const failure of brokenRules(request, isTold)) {
    add(failure);
    if (failures.size === MAX_FAILURES) break;
  }
  return [...failures.values()];
}

const keyOf = (part: string, pointer: string): string => `${part} ${pointer}`;

function schemaFailures(fault: FieldFault, request: FastifyRequest): Failure[] {
  const { validation, validationContext = "body" } = fault;
  if (validation === undefined) return [];
  const later = PARTS.slice(PARTS.findIndex((part) => part === validationContext) + 1);
  return [
    ...tell(validationContext, validation),
    ...later.flatMap((part) => tell(part, check(request, part))),
  ];
}

/** The failures of a part that Fastify didn't come to. */
function check(
  request: FastifyRequest,
  part: (typeof PARTS)[number],
): FastifySchemaValidationError[] {
  const validate = request.getValidationFunction(part);
  if (validate === undefined) return [];
  const isValid: unknown = validate(request[part === "querystring" ? "query" : part]);
  return isValid === true ? [] : ((validate.errors ?? []) as FastifySchemaValidationError[]);
}

function tell(part: string, failures: readonly SchemaFailure[]): Failure[] {
  return likeliest(failures).map((failure) =>
    failureAt(pointerOf(failure).slice(0, MAX_POINTER_LENGTH), schemaFault(failure), part),
  );
}

/** Ajv points at the object when a property is missing or unknown; the caller wants the property. */
function pointerOf({ instancePath, params }: SchemaFailure): string {
  const property = params["missingProperty"] ?? params["additionalProperty"];
  if (typeof property !== "string") return instancePath;
  return `${instancePath}/${property.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * Of a union Ajv tells what is wrong by every branch, then that none fits. If what is there has the
 * shape of one branch alone, that branch's failures stay; else the one that names the choices.
 */
function likeliest(failures: readonly SchemaFailure[]): readonly SchemaFailure[] {
  let left = failures;
  for (const union of failures) {
    if (union.keyword !== "anyOf") continue;
    const branches = Map.groupBy(
      left.filter((failure) => isInside(failure, union)),
      ({ schemaPath }) => schemaPath.slice(union.schemaPath.length + 1).split("/", 1)[0],
    );
    const fitting = [...branches.values()].filter((branch) =>
      branch.every((failure) => !isOfShape(failure, union)),
    );
    const kept = fitting.length === 1 ? fitting[0] : [union];
    left = left.flatMap((failure) => {
      if (failure === union) return kept ?? [];
      return isInside(failure, union) ? [] : [failure];
    });
  }
  return left;
}

const isInside = (failure: SchemaFailure, union: SchemaFailure): boolean =>
  failure.schemaPath.startsWith(`${union.schemaPath}/`) &&
  (failure.instancePath === union.instancePath ||
    failure.instancePath.startsWith(`${union.instancePath}/`));

/** Says that the value is something else than the branch describes, not that something in it is wrong. */
const isOfShape = ({ keyword, instancePath }: SchemaFailure, union: SchemaFailure): boolean =>
  instancePath === union.instancePath &&
  ["type", "const", "enum", "required", "additionalProperties"].includes(keyword);
