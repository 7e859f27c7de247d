import type { Fault } from "../../contract/failures.ts";
import { failureAt } from "../../failures.ts";
import { ProblemError } from "../../problem-error.ts";

/** Query parameters that the schema let through and a rule did not: 400 naming each. */
export function invalidQuery(failures: readonly { field: string; fault: Fault }[]): ProblemError {
  return new ProblemError("invalid-request", {
    errors: failures.map(({ field, fault }) => failureAt(`/${field}`, fault, "querystring")),
  });
}
