import type { DecisionReason } from "../../contract/access/decisions.ts";
import { matchRules } from "../../platform/client-address/evaluate-rules.ts";
import { bindsApp, rulesAt, type LevelRules } from "../address-rules/effective-rules.ts";
import type { AppFact, KeyFact } from "./facts.ts";

/** What a decision came to, and until when its grounds hold. */
export type Verdict = {
  reason: DecisionReason;
  /** The earliest instant at which the verdict could be another without anybody changing anything, ms. */
  endsAtMs: number;
};

export type KeyQuestion = {
  key: KeyFact;
  app: AppFact;
  permission: string;
  /** Canonical; null: it could not be read, which is a refusal. */
  address: string | null;
  nowMs: number;
  /** Takes from the key's quota; asked last, so that a refusal costs none. */
  isWithinLimit: () => boolean;
};

/**
 * May this key, whose secret was proven, do this to this app from this address? Pure. The order is
 * fixed: what the credential is, then from where, then what it may, then how often; so a refused
 * address costs no quota and tells nothing about permissions.
 */
export function decide(question: KeyQuestion): Verdict {
  const ends = new Ends(question.nowMs);
  const reason = reasonFor(question, ends);
  return { reason, endsAtMs: ends.earliestMs };
}

function reasonFor(question: KeyQuestion, ends: Ends): DecisionReason {
  return (
    credentialFault(question, ends) ??
    (isAddressAllowed(question, ends) ? null : "address-not-allowed") ??
    grantFault(question, ends) ??
    (question.isWithinLimit() ? "allowed" : "rate-limited")
  );
}

function credentialFault({ key, app }: KeyQuestion, ends: Ends): DecisionReason | null {
  if (key.appId !== app.appId) return "unknown-credential";
  if (key.isRevoked) return "revoked";
  if (!ends.isAhead(key.expiresAtMs)) return "expired";
  return key.isDisabled || app.isDisabled ? "disabled" : null;
}

function grantFault({ key, app, permission }: KeyQuestion, ends: Ends): DecisionReason | null {
  const { grant } = key;
  if (grant === null) return "grant-missing";
  if (grant.expiresAtMs !== null && !ends.isAhead(grant.expiresAtMs)) return "grant-ended";
  return app.permissionsByRole.get(grant.role)?.has(permission) === true
    ? null
    : "permission-missing";
}

/** Levels intersect: each that is enforced must hold the address. Allocates nothing per level. */
function isAddressAllowed({ key, app, address, nowMs }: KeyQuestion, ends: Ends): boolean {
  if (address === null) return false;
  const { level } = app;
  if (level !== null && bindsApp(key.grant?.role ?? null) && !isPassed(level, address, nowMs, ends))
    return false;
  return key.levels.every((own) => isPassed(own, address, nowMs, ends));
}

function isPassed(
  { rules, heldOffUntilMs }: LevelRules,
  address: string,
  nowMs: number,
  ends: Ends,
): boolean {
  if (heldOffUntilMs !== null && ends.isAhead(heldOffUntilMs)) return true;
  if (rules.revertsAtMs !== null) ends.isAhead(rules.revertsAtMs);
  const { mode, compiled } = rulesAt(rules, nowMs);
  if (mode === "off" || mode === "monitor") return true;
  return matchRules(compiled, address) !== -1; // enforce, and whatever else a spoiled row may say
}

/** The ends looked at: which lie ahead, and which of those comes first. */
class Ends {
  readonly #nowMs: number;
  earliestMs = Number.POSITIVE_INFINITY;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  isAhead(endMs: number): boolean {
    if (endMs <= this.#nowMs) return false;
    if (endMs < this.earliestMs) this.earliestMs = endMs;
    return true;
  }
}
