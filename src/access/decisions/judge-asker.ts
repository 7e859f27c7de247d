import type { DecisionReason } from "../../contract/access/decisions.ts";
import type { OwnPermission } from "../../contract/access/permissions.ts";
import type { ProblemCode } from "../../contract/problems.ts";
import { matchRules } from "../../platform/client-address/evaluate-rules.ts";
import { INSTALLATION_SLOT } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { decide } from "./decide.ts";
import type { Absent, FactRoom, Missing } from "./fact-room.ts";
import type { AppFact } from "./facts.ts";

const ASK = "decision:ask" satisfies OwnPermission;

/** Whoever may ask: its key and what its right to ask relies on. */
export type Asker = {
  kind: "api-key" | "operator-key";
  keyId: string;
  accountId: string | null;
  slots: readonly number[];
  endsAtMs: number;
};

export type Asking = {
  key: string;
  /** Where the asker calls from, canonical; null: could not be told. */
  address: string | null;
  /** The app asked about; null: there is none. */
  app: AppFact | null;
  nowMs: number;
  absent: Absent;
};

/**
 * Whether whoever asks may ask about the app: a gateway key about its own, an operator key with scope
 * `decide` about any.
 *
 * @throws {ProblemError} `not-signed-in`, `address-not-allowed`, `forbidden`; `not-found` for an app
 *   that is another's or none.
 */
export function judgeAsker(facts: FactRoom, asking: Asking): Asker | Missing {
  return asking.key.startsWith("sally_op_")
    ? judgeOperatorKey(facts, asking)
    : judgeGatewayKey(facts, asking);
}

function judgeGatewayKey(facts: FactRoom, asking: Asking): Asker | Missing {
  const { key: text, address, app, nowMs, absent } = asking;
  const key = facts.askerKey(text, absent);
  if (key instanceof Promise) return key;
  if (key === null) throw new ProblemError("not-signed-in");
  const home = homeOf(facts, key.value.appId, asking);
  if (home instanceof Promise) return home;
  if (home === null) throw new ProblemError("not-signed-in"); // its app was deleted
  const { reason, endsAtMs } = decide({
    key: key.value,
    app: home,
    permission: ASK,
    address,
    nowMs,
    isWithinLimit: () => true,
  });
  if (reason !== "allowed") throw new ProblemError(problemOf[reason]);
  if (home !== app) throw new ProblemError("not-found");
  const { keyId, accountId } = key.value;
  return { kind: "api-key", keyId, accountId, slots: key.slots, endsAtMs };
}

/** The gateway's own app: nearly always the one it asks about. */
function homeOf(facts: FactRoom, appId: string, { app, absent }: Asking): AppFact | null | Missing {
  if (app?.appId === appId) return app;
  const home = facts.app(appId, absent);
  return home instanceof Promise || home === null ? home : home.value;
}

/** What a gateway is told about itself: of its credential no more than any other caller. */
const problemOf: Record<Exclude<DecisionReason, "allowed">, ProblemCode> = {
  "unknown-credential": "not-signed-in",
  expired: "not-signed-in",
  revoked: "not-signed-in",
  disabled: "not-signed-in",
  "address-not-allowed": "address-not-allowed",
  "grant-missing": "forbidden",
  "grant-ended": "forbidden",
  "permission-missing": "forbidden",
  "rate-limited": "too-many-requests",
  "password-change-required": "new-password-required",
};

function judgeOperatorKey(
  facts: FactRoom,
  { key: text, address, app, nowMs, absent }: Asking,
): Asker | Missing {
  const key = facts.operatorKey(text, absent);
  if (key instanceof Promise) return key;
  if (key === null) throw new ProblemError("not-signed-in");
  const { keyId, isRevoked, addresses, scopes } = key.value;
  const endsAtMs = key.value.expiresAtMs ?? Number.POSITIVE_INFINITY;
  if (isRevoked || endsAtMs <= nowMs) throw new ProblemError("not-signed-in");
  if (matchRules(addresses, address) === -1) throw new ProblemError("address-not-allowed");
  if (!scopes.includes("decide")) throw new ProblemError("forbidden");
  if (app === null) throw new ProblemError("not-found");
  return { kind: "operator-key", keyId, accountId: null, slots: [INSTALLATION_SLOT], endsAtMs };
}
