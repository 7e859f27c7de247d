import type { Failure } from "../../contract/problems.ts";
import type { FieldRule } from "../../platform/http/field-rules.ts";
import type { Fault } from "../../contract/failures.ts";
import { failureAt } from "../../failures.ts";

/** An end that a caller sets: an instant ahead. @returns what is wrong with it instead, when something is. */
export function parseEnd(
  text: string,
  { now, pointer }: { now: Date; pointer: string },
): { expiresAt: Date } | { failure: Failure; fault: Fault } {
  const expiresAt = new Date(text);
  const fault = (found: Fault) => ({ failure: failureAt(pointer, found), fault: found });
  // A leap second matches the format and is no Date.
  if (Number.isNaN(expiresAt.getTime())) return fault({ code: "not-an-instant" });
  return expiresAt > now ? { expiresAt } : fault({ code: "end-passed" });
}

/** The same, told together with what else is wrong. */
export const endRule: FieldRule = (text, { ctx }) => {
  const end = parseEnd(text, { now: ctx.now(), pointer: "" });
  return "failure" in end ? end.fault : null;
};
