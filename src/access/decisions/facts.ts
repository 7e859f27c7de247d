import type { CompiledRules } from "../../platform/client-address/evaluate-rules.ts";
import type { LevelRules } from "../address-rules/effective-rules.ts";

/** An API key with everything about its service account that decides. */
export type KeyFact = {
  keyId: string;
  mac: Buffer;
  macKeyId: string;
  expiresAtMs: number;
  isRevoked: boolean;
  accountId: string;
  displayName: string;
  /** The service account is disabled or deleted. */
  isDisabled: boolean;
  appId: string;
  organisationId: string;
  /** The service account's role in its app; null: revoked. */
  grant: { role: string; expiresAtMs: number | null } | null;
  /** Service account's and key's own. */
  levels: readonly LevelRules[];
};

export type AppFact = {
  appId: string;
  organisationId: string;
  isDisabled: boolean;
  /** Permissions of each role, built-in and custom, wildcards resolved against the catalogue. */
  permissionsByRole: ReadonlyMap<string, ReadonlySet<string>>;
  level: LevelRules | null;
};

/** A key of the operator's, which may ask about any app within its scopes. */
export type OperatorKeyFact = {
  keyId: string;
  mac: Buffer;
  macKeyId: string;
  scopes: readonly string[];
  addresses: CompiledRules;
  expiresAtMs: number | null;
  isRevoked: boolean;
};
