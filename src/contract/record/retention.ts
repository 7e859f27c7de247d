/*
 * How long entries are kept, in days from when they came into the log. The log's leaves stay for good.
 */

/** What holds where an organisation chose nothing. */
export const defaultPeriods = { routineDays: 30, importantDays: 400, addressDays: 400 } as const;

/** No choice and no request makes an entry go sooner: what somebody did with a stolen session stays to be seen. */
export const leastPeriods = { routineDays: 30, importantDays: 90, addressDays: 90 } as const;

export const MAX_PERIOD_DAYS = 3_650;

/** A shorter period holds after this, days: its owners were told at once, and can take it back. */
export const SHORTENING_WAITS_DAYS = 14;

/** Who asked to be forgotten can take it back for so long, days. */
export const FORGETTING_WAITS_DAYS = 14;
