/** How an end is chosen: a preset, a day of one's own, or none. */
export const endChoices = ["none", "day", "week", "month", "date"] as const;
export type EndChoice = (typeof endChoices)[number];

export type ChosenEnd = {
  choice: EndChoice;
  /** The last day, as `YYYY-MM-DD` in the viewer's zone; used with the choice `date`. */
  date: string;
};

export const NO_END: ChosenEnd = { choice: "none", date: "" };

/** Access that ends within this is about to end, ms. */
const SOON_MS = 7 * 24 * 3_600_000;

/**
 * The instant that is meant, or null for none. A chosen day counts to its last second, in the viewer's
 * zone: whoever says "until Friday" means Friday too. A month that has no such day ends on its last.
 */
export function endOf({ choice, date }: ChosenEnd, now: Date): Date | null {
  const end = new Date(now);
  switch (choice) {
    case "none":
      return null;
    case "day":
      end.setDate(end.getDate() + 1);
      return end;
    case "week":
      end.setDate(end.getDate() + 7);
      return end;
    case "month":
      end.setMonth(end.getMonth() + 1);
      // 31 January plus a month runs over into March.
      if (end.getDate() !== now.getDate()) end.setDate(0);
      return end;
    case "date":
      return lastSecondOf(date);
  }
}

function lastSecondOf(date: string): Date | null {
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end;
}

/** The choice that stands for an end that somebody has already. */
export function chosenEndOf(expiresAt: string | null): ChosenEnd {
  return expiresAt === null ? NO_END : { choice: "date", date: dayOf(new Date(expiresAt)) };
}

const pad = (part: number): string => String(part).padStart(2, "0");

/** `YYYY-MM-DD` in the viewer's zone, as a date field wants it. */
export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

export const isSoon = (expiresAt: string, nowMs: number = Date.now()): boolean =>
  Date.parse(expiresAt) - nowMs < SOON_MS;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** `in 6 days`: days as far as people count in days, and never rounded to "next month". */
export function endWords(expiresAt: string, language: string, nowMs: number = Date.now()): string {
  const left = Date.parse(expiresAt) - nowMs;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  if (Math.abs(left) < 2 * HOUR_MS) return format.format(Math.round(left / 60_000), "minute");
  if (Math.abs(left) < 2 * DAY_MS) return format.format(Math.round(left / HOUR_MS), "hour");
  if (Math.abs(left) < 90 * DAY_MS) return format.format(Math.round(left / DAY_MS), "day");
  return format.format(Math.round(left / (30.44 * DAY_MS)), "month");
}
