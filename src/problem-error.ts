import type { Detail, Fault } from "./contract/failures.ts";
import { problems, type Failure, type ProblemCode } from "./contract/problems.ts";
import { detailText, failureAt } from "./failures.ts";

type ProblemErrorOptions = {
  /** What the caller is told beyond the code. Never put a secret or another account's data into its parameters. */
  detail?: Detail;
  /** Fields at fault, as JSON pointers; for `invalid-request`. */
  errors?: Failure[];
  /** Sent as Retry-After, whole seconds. */
  retryAfterSeconds?: number;
  /** Further members of the problem, named in the contract (RFC 9457 §3.2). */
  members?: Record<string, unknown>;
  /** Goes to the log only. */
  cause?: unknown;
};

/**
 * A refusal the caller can act on. Throwing it inside a transaction rolls everything back, so throw
 * only when nothing may be kept; an outcome that must be kept (the count of a wrong code) is returned.
 * The refusal itself is on record either way: the request's entry says it.
 */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  /** In English; `detailCode` and `params` say the same in no language. */
  readonly detail: string | undefined;
  readonly told: Detail | undefined;
  readonly errors: Failure[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly members: Record<string, unknown>;

  constructor(code: ProblemCode, options: ProblemErrorOptions = {}) {
    const detail = options.detail && detailText(options.detail);
    super(`${code}: ${detail ?? problems[code].title}`, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.told = options.detail;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.members = options.members ?? {};
  }
}

/** A field that the schema let through and a rule did not: 400 naming the field. */
export function invalidField(pointer: string, fault: Fault): ProblemError {
  return new ProblemError("invalid-request", { errors: [failureAt(pointer, fault)] });
}
