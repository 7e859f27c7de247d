import type { Loaded } from "../../access/decisions/fact-store.ts";
import type { OperatorKeyFact } from "../../access/decisions/facts.ts";
import type { Context, Principal } from "../../context.ts";
import { compileRules, matchRules } from "../../platform/client-address/evaluate-rules.ts";
import { parseApiKey } from "../../platform/crypto/api-key-format.ts";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import type { Db } from "../../platform/db/db.ts";
import { INSTALLATION_SLOT } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { findKeys, noteUse, type StoredKey } from "./key-queries.ts";

/** Compared with where there is no such key, so that a guessed id takes as long as a real one. */
const NO_MAC = Buffer.alloc(32);
/** "Last used" is to the minute: a write at each request would cost more than the request. */
const USED_EVERY_MS = 60_000;

/**
 * Who presents an operator key, read from the primary at each request: a revoked key is nobody's at
 * once. Only who has proven the secret learns that the address was at fault.
 *
 * @throws {ProblemError} `not-signed-in`, `address-not-allowed`
 */
export async function resolveOperatorKey(token: string, ctx: Context): Promise<Principal> {
  const claim = parseApiKey(token);
  if (claim?.kind !== "op") throw new ProblemError("not-signed-in");
  const [key] = await findKeys(ctx.db, [claim.id]);
  if (!isProven(ctx.keyRing, token, key)) throw new ProblemError("not-signed-in");

  ctx.notes.targets = [{ type: "operator-key", id: key.id }];
  if (!isLive(key, ctx.now())) throw new ProblemError("not-signed-in");
  if (matchRules(rulesOf(key), ctx.origin.address) === -1)
    throw new ProblemError("address-not-allowed");
  ctx.notes = {};
  noteUsed(ctx, key);
  return { kind: "operator-key", keyId: key.id, scopes: key.scopes };
}

/** The operator's keys by id, for decisions; an id that is not returned does not exist. */
export async function loadOperatorKeys(
  db: Db,
  ids: readonly string[],
): Promise<Loaded<OperatorKeyFact>[]> {
  const keys = await findKeys(db, ids);
  return keys.map((key) => ({
    id: key.id,
    slots: [INSTALLATION_SLOT],
    value: {
      keyId: key.id,
      mac: key.mac,
      macKeyId: key.macKeyId,
      scopes: key.scopes,
      addresses: rulesOf(key),
      expiresAtMs: key.expiresAt?.getTime() ?? null,
      isRevoked: key.revokedAt !== null,
    },
  }));
}

const rulesOf = ({ addresses }: StoredKey) =>
  compileRules(addresses.map((cidr) => ({ cidr, note: "" })));

function isProven(keyRing: KeyRing, token: string, key: StoredKey | undefined): key is StoredKey {
  const macKeyId = key?.macKeyId ?? keyRing.key("api-key").id;
  return keyRing.verifyMac("api-key", macKeyId, token, key?.mac ?? NO_MAC) && key !== undefined;
}

const isLive = ({ revokedAt, expiresAt }: StoredKey, now: Date): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

/** Beside the request, which waits for nothing here and does not fail by it. */
function noteUsed(ctx: Context, { id, lastUsedAt }: StoredKey): void {
  const now = ctx.now();
  const usedBefore = new Date(now.getTime() - USED_EVERY_MS);
  if (lastUsedAt !== null && lastUsedAt > usedBefore) return;
  noteUse(ctx.db, { keyId: id, now, usedBefore }).catch((error: unknown) =>
    ctx.log.warn({ err: error }, "an operator key's last use was not noted"),
  );
}
