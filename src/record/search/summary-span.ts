import { DEFAULT_SUMMARY_DAYS, MAX_SUMMARY_DAYS } from "../../contract/record/summary.ts";
import { invalidQuery } from "./invalid-query.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A time in full hours of UTC, its days in somebody's zone. */
export type SummarySpan = { fromMs: number; toMs: number; timeZone: string };

/**
 * What is summed up, widened to full hours: so it is counted.
 *
 * @throws {ProblemError} `invalid-request` for an unknown zone, or a time that is too long or none.
 */
export function readSpan(
  asked: { fromMs?: number; toMs?: number },
  timeZone: string,
  now: Date,
): SummarySpan {
  if (!isZone(timeZone))
    throw invalidQuery([{ field: "timeZone", fault: { code: "not-a-time-zone" } }]);
  const toMs = Math.ceil((asked.toMs ?? now.getTime() + 1) / HOUR_MS) * HOUR_MS;
  const since = asked.fromMs ?? toMs - DEFAULT_SUMMARY_DAYS * DAY_MS;
  const fromMs = Math.floor(since / HOUR_MS) * HOUR_MS;
  if (fromMs >= toMs) throw invalidQuery([{ field: "from", fault: { code: "span-empty" } }]);
  // A day more: where clocks change, that many days have an hour more, and both ends were widened.
  if (toMs - fromMs > (MAX_SUMMARY_DAYS + 1) * DAY_MS)
    throw invalidQuery([
      { field: "from", fault: { code: "span-too-long", params: { days: MAX_SUMMARY_DAYS } } },
    ]);
  return { fromMs, toMs, timeZone };
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Tells the day of an instant in a zone, `2026-03-01`; each hour is worked out once. */
export function dayTeller(timeZone: string): (atMs: number) => string {
  // The calendar is named: a default would follow the machine's locale. sv writes ISO days.
  const format = new Intl.DateTimeFormat("sv-u-ca-gregory", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const known = new Map<number, string>();
  return (atMs) => {
    const hour = Math.floor(atMs / HOUR_MS);
    const day = known.get(hour) ?? format.format(hour * HOUR_MS);
    known.set(hour, day);
    return day;
  };
}

/** Every day that has an hour in the span, in order. */
export function daysOf({ fromMs, toMs, timeZone }: SummarySpan): string[] {
  const dayOf = dayTeller(timeZone);
  const days = new Set<string>();
  for (let atMs = fromMs; atMs < toMs; atMs += HOUR_MS) days.add(dayOf(atMs));
  return [...days];
}
