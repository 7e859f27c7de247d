import { ProblemError } from "../../problem-error.ts";
import { parseEnd } from "../sharing/parse-end.ts";

/** An end that a caller sets at `/expiresAt`: an instant ahead. @throws {ProblemError} `invalid-request` */
export function requireEnd(text: string, now: Date): Date {
  const end = parseEnd(text, { now, pointer: "/expiresAt" });
  if ("failure" in end) throw new ProblemError("invalid-request", { errors: [end.failure] });
  return end.expiresAt;
}
