const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Working days that the demo's story takes: some six weeks. */
export const STORY_DAYS = 31;

/** The story's days, counted back from the instant at which the demo is made, in this machine's zone. */
export class DemoCalendar {
  readonly nowMs: number;
  /** Local midnights of the working days before today, the latest first. */
  readonly #workdays: Date[] = [];

  constructor(now: Date) {
    this.nowMs = now.getTime();
    for (let back = 1; this.#workdays.length <= STORY_DAYS; back += 1) {
      const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
      if (isWorkday(day)) this.#workdays.push(day);
    }
  }

  /**
   * A time of day (hours, with minutes as their fraction) on the working day so many before today;
   * 1 is the latest.
   */
  at(workdaysAgo: number, hours: number): number {
    const day = this.#workdays[workdaysAgo - 1];
    if (day === undefined) throw new RangeError(`no working day ${workdaysAgo} in the story`);
    return atHours(day, hours);
  }

  /** Hours before the demo is made. */
  hoursAgo(hours: number): number {
    return this.nowMs - hours * HOUR_MS;
  }

  /** Days after the demo is made. */
  inDays(days: number): string {
    return new Date(this.nowMs + days * DAY_MS).toISOString();
  }

  /** Local midnights from a working day of the story up to today, in their order. */
  daysSince(workdaysAgo: number): Date[] {
    const days: Date[] = [];
    const first = new Date(this.at(workdaysAgo, 0));
    for (let day = first; day.getTime() <= this.nowMs; day = dayAfter(day)) days.push(day);
    return days;
  }
}

export const isWorkday = (day: Date): boolean => day.getDay() !== 0 && day.getDay() !== 6;

/** The hours as a clock on the wall shows them, also on the day on which it is moved. */
export function atHours(day: Date, hours: number): number {
  const minutes = Math.round(hours * 60);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, minutes).getTime();
}

const dayAfter = (day: Date): Date =>
  new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1);
