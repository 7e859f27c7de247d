import type { SessionLevel } from "../../context.ts";

export const EVERY_LEVEL: readonly SessionLevel[] = [
  "needs-enrolment",
  "needs-second-factor",
  "needs-new-password",
  "full",
];

/**
 * The level that a session's row has. `needs-new-password` is none of them: it is a full session whose
 * account's password has ended at the moment it is asked (docs/decisions/0019-a-password-ends-when-it-is-asked.md).
 */
export const storedLevel = (level: SessionLevel): SessionLevel =>
  level === "needs-new-password" ? "full" : level;

/** A level as the database holds it; its schema has the same list. */
export function levelOf(stored: string): SessionLevel {
  const level = EVERY_LEVEL.find((candidate) => candidate === stored);
  if (level === undefined) throw new Error("the schema lets no other level in");
  return level;
}
