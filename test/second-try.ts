/**
 * A browser that two busy cores kept from answering in time is asked once more, and named at the end
 * (closing-line-reporter.ts); what is not as it should be is never tried again.
 */
export const SECOND_TRY = { count: 1, condition: /Timeout \d+ms exceeded/ };
