import type { ActionTable } from "../record/entry-class.ts";

export const privacyActions = {
  "retention.read": "routine",
  /** How many entries would go with other periods. */
  "retention.previewed": "routine",
  "retention.changed": "important",
  "hold.listed": "routine",
  "hold.placed": "important",
  "hold.released": "important",
  "erasure.read": "routine",
  "erasure.requested": "important",
  "erasure.withdrawn": "important",
} as const satisfies ActionTable;
