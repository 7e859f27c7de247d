import { invalidQuery } from "./invalid-query.ts";
import type { Fault } from "../../contract/failures.ts";

/**
 * Where an entry stands in the log: by the time its batch was put on record, then by writer, number
 * and position. Permanent, so pages cut at it neither repeat nor skip while new entries arrive.
 */
export type Position = { atMs: number; writer: number; number: number; position: number };

/** Before every entry, in the order of reading: newest first. */
export const NEWEST: Position = {
  atMs: Number.POSITIVE_INFINITY,
  writer: 0,
  number: 0,
  position: 0,
};

/** Below zero when `one` is newer, and so read first. */
export function compareNewestFirst(one: Position, other: Position): number {
  if (one.atMs !== other.atMs) return one.atMs > other.atMs ? -1 : 1;
  return other.writer - one.writer || other.number - one.number || other.position - one.position;
}

/** Whether `position` is read after `before`. */
export const isAfter = (position: Position, before: Position): boolean =>
  compareNewestFirst(before, position) < 0;

/** The instant as PostgreSQL takes it. */
export const toTimestamp = ({ atMs }: Pick<Position, "atMs">): Date | "infinity" =>
  Number.isFinite(atMs) ? new Date(atMs) : "infinity";

/** A position as the opaque text that callers send back. */
export function toCursor({ atMs, writer, number, position }: Position): string {
  return Buffer.from(`1.${atMs}.${writer}.${number}.${position}`).toString("base64url");
}

/**
 * A cursor holds no secret and grants nothing: whatever it says, only entries in the reader's scope
 * are read. So it is checked, not signed.
 *
 * @throws {ProblemError} `invalid-request` when it is none of ours.
 */
export function fromCursor(cursor: string): Position {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  const match = /^1\.(\d{1,15})\.(\d{1,9})\.(\d{1,15})\.(\d{1,6})$/.exec(text);
  if (match === null || Buffer.from(text).toString("base64url") !== cursor)
    throw invalidQuery([{ field: "cursor", fault: NO_CURSOR }]);
  return {
    atMs: Math.min(Number(match[1]), MAX_DATE_MS),
    writer: Number(match[2]),
    number: Number(match[3]),
    position: Number(match[4]),
  };
}

/** Told together with what else is wrong. */
export function cursorRule(cursor: string): Fault | null {
  try {
    fromCursor(cursor);
    return null;
  } catch {
    return NO_CURSOR;
  }
}

const NO_CURSOR = { code: "not-a-cursor" } as const;

/** The last instant that PostgreSQL and JavaScript both write with four digits of year. */
const MAX_DATE_MS = Date.UTC(9999, 11, 31);
