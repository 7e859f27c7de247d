import { actions, type Action } from "../../contract/actions.ts";
import type { EntryClass } from "../../contract/record/entry-class.ts";

export type EntryOutcome = "done" | "refused" | "failed";

/** Something an operation touched; `accountId` where it is, or belongs to, a person or service. */
export type EntryTarget = { type: string; id: string; accountId?: string | undefined };

export type EntryActor = {
  /** `erased`: who it was is not on record any more. */
  kind: "session" | "api-key" | "operator-key" | "stranger" | "system" | "reported" | "erased";
  accountId: string | null;
  /** Id of the session or key; for the system the name of job or command. */
  credentialId: string | null;
  /** Of a reported actor that has no account: what the operator's product calls it. */
  name?: string | undefined;
};

/** A part of an entry that can go while the rest stays. */
export type ErasedPart = "actor" | "target" | "context" | "change";

/** One operation, done, refused or failed. Secrets never stand in it: `change` holds fingerprints of them. */
export type Entry = {
  at: Date;
  action: Action;
  outcome: EntryOutcome;
  reason?: string | undefined;
  actor: EntryActor;
  organisationId?: string | undefined;
  appId?: string | undefined;
  targets?: readonly EntryTarget[] | undefined;
  address: string | null;
  userAgent: string;
  requestId: string;
  change?: { before?: unknown; after?: unknown } | undefined;
  /** How many alike it stands for; strangers' repeated tries are counted per minute. */
  count?: number | undefined;
  /** Told by the operator's product, not observed by us: then its name for the action. */
  reportedAction?: string | undefined;
  /** When it happened, as told; `at` is when we were told. */
  reportedAt?: Date | undefined;
  /** What was in it and was erased; each once. Only of an entry that is read. */
  erased?: readonly ErasedPart[] | undefined;
};

/** What was refused or failed is important whatever the action. */
export function classOf(entry: Pick<Entry, "action" | "outcome">): EntryClass {
  return entry.outcome === "done" ? actions[entry.action] : "important";
}
