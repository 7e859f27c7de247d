import type { Failure } from "../../src/contract/problems.ts";
import { failureText } from "./failure-text.ts";

/** The server's failures in the shape of `form.setErrors`: `/apps/0/role` becomes `apps.0.role`. */
export function toFormErrors(failures: readonly Failure[]): Record<string, string> {
  const errors: Record<string, string> = {};
  // The first failure of a field says what is most wrong with it.
  for (const failure of failures)
    if (failure.in === "body") errors[toFormPath(failure.pointer)] ??= failureText(failure);
  return errors;
}

/** RFC 6901: `~1` stands for a slash and `~0` for a tilde, undone in this order. */
function toFormPath(pointer: string): string {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~")).join(".");
}
