import type { SessionLevel } from "../../context.ts";

export const EVERY_LEVEL: readonly SessionLevel[] = [
  "needs-enrolment",
  "needs-second-factor",
  "needs-new-password",
  "full",
];

/** A level as the database holds it; its schema has the same list. */
export function levelOf(stored: string): SessionLevel {
  const level = EVERY_LEVEL.find((candidate) => candidate === stored);
  if (level === undefined) throw new Error("the schema lets no other level in");
  return level;
}
