import { accessActions } from "./access/actions.ts";
import { identityActions } from "./identity/actions.ts";
import { noticeActions } from "./notice/actions.ts";
import { operatorActions } from "./operator/actions.ts";
import { privacyActions } from "./privacy/actions.ts";
import { recordActions } from "./record/actions.ts";

/**
 * Everything that can be on record, `noun.verbed`, a table for each wing. The class is that of an
 * entry that went well; what was refused or failed is always important.
 */
export const actions = {
  ...recordActions,
  ...identityActions,
  ...accessActions,
  ...operatorActions,
  ...privacyActions,
  ...noticeActions,
} as const;

export type Action = keyof typeof actions;
