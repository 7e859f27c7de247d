/** Longest statement of a request, ms: one that takes longer has lost its caller. */
export const STATEMENT_TIMEOUT_MS = 30_000;
/** Longest idle transaction, ms: whoever holds locks and does nothing is broken, or out of reach. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
