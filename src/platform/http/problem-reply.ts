import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { problems, type Failure, type Problem, type ProblemCode } from "../../contract/problems.ts";
import { ProblemError } from "../../problem-error.ts";
import { isDatabaseUnavailable } from "../db/unavailable.ts";
import { fieldFailures, type FieldFault } from "./field-failures.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set when the reply is a problem: the entry's reason. */
    problemCode: ProblemCode | null;
  }
}

/** Fastify's own refusals, by status. It makes them before any code of ours runs. */
const fastifyProblems: Partial<Record<number, ProblemCode>> = {
  400: "invalid-request", // not JSON, or an address that does not decode
  413: "body-too-large",
  414: "address-too-long",
  415: "media-type-not-supported",
};

/** The one place where an error becomes a reply: RFC 9457 problem+json. Unknown errors tell the caller nothing. */
export function replyWithProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void | Promise<FastifyReply> {
  const told = describe(error);
  const fault = fieldFault(error);
  if (fault === null) return send(error, told, { request, reply });
  return fieldFailures(fault, request).then((errors) => {
    send(error, { ...told, errors }, { request, reply });
    return reply;
  });
}

type Told = { code: ProblemCode; detail?: string; errors?: Failure[] };

/** What the refusal says of fields, if it is about fields. */
function fieldFault(error: FastifyError | Error): FieldFault | null {
  if (error instanceof ProblemError)
    return error.code === "invalid-request" && error.errors !== undefined ? error : null;
  return "validation" in error && error.validation !== undefined ? error : null;
}

function send(
  error: FastifyError | Error,
  { code, ...told }: Told,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): void {
  if (problems[code].status >= 500)
    request.log.error({ err: error, requestId: request.id }, "request failed");
  request.problemCode = code;
  if (error instanceof ProblemError && error.retryAfterSeconds !== undefined)
    void reply.header("retry-after", String(error.retryAfterSeconds));
  if (problems[code].status === 401) void reply.header("www-authenticate", "Bearer");
  void reply
    .code(problems[code].status)
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send(problemBody(code, request.id, told));
}

export function problemBody(code: ProblemCode, requestId: string, told: object = {}): Problem {
  const { status, title } = problems[code];
  return { ...told, type: `/problems/${code}`, code, status, title, requestId };
}

function describe(error: FastifyError | Error): Told {
  if (error instanceof ProblemError) return tellOf(error);
  if (error.name === "RecordUnavailable" || isDatabaseUnavailable(error))
    return { code: "record-unavailable" };
  if (!("code" in error) || !error.code.startsWith("FST_ERR_")) return { code: "internal" };
  return { code: fastifyProblems[error.statusCode ?? 500] ?? "internal" };
}

function tellOf({ code, detail, told, errors, members }: ProblemError) {
  return {
    ...members,
    code,
    ...(detail !== undefined && { detail, detailCode: told?.code }),
    ...(told?.params !== undefined && { params: told.params }),
    ...(errors !== undefined && { errors }),
  };
}
