import type { Context, Principal } from "../../context.ts";
import { judgeLevels } from "../../platform/client-address/evaluate-rules.ts";
import { parseApiKey } from "../../platform/crypto/api-key-format.ts";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { ProblemError } from "../../problem-error.ts";
import { levelsFor, loadRules } from "../address-rules/effective-rules.ts";
import { findPresentedKey, type PresentedKey } from "./api-key-queries.ts";
import type { KeyUsage } from "./key-usage.ts";

/** Compared with where there is no such key, so that a guessed id takes as long as a real one. */
const NO_MAC = Buffer.alloc(32);

/**
 * Makes the check of keys presented to Sallyport's own API, read from the primary at each request: a
 * revoked key is nobody's at once. Unknown, wrong, revoked, expired and disabled are one answer; only
 * who has proven the secret learns that the address was at fault.
 *
 * @throws {ProblemError} `not-signed-in`, `address-not-allowed`.
 */
export function createApiKeyResolver(
  usage: KeyUsage,
): (token: string, ctx: Context) => Promise<Principal> {
  return async (token, ctx) => {
    const claim = parseApiKey(token);
    if (claim?.kind !== "key") throw new ProblemError("not-signed-in");
    const key = await findPresentedKey(ctx.db, claim.id);
    if (!isProven(ctx.keyRing, token, key)) throw new ProblemError("not-signed-in");

    const { id: keyId, accountId, appId, organisationId } = key;
    ctx.notes = { organisationId, appId, targets: [{ type: "key", id: keyId, accountId }] };
    const nowMs = ctx.now().getTime();
    const problem = await problemOf(key, ctx, nowMs);
    usage.used(keyId, ctx.origin.address, problem === null, nowMs);
    if (problem !== null) throw new ProblemError(problem);
    ctx.notes = {};
    return { kind: "api-key", accountId, keyId, appId, organisationId };
  };
}

function isProven(
  keyRing: KeyRing,
  token: string,
  key: PresentedKey | undefined,
): key is PresentedKey {
  const macKeyId = key?.macKeyId ?? keyRing.key("api-key").id;
  return keyRing.verifyMac("api-key", macKeyId, token, key?.mac ?? NO_MAC) && key !== undefined;
}

async function problemOf(
  key: PresentedKey,
  ctx: Context,
  nowMs: number,
): Promise<"not-signed-in" | "address-not-allowed" | null> {
  if (!isLive(key, nowMs)) return "not-signed-in";
  const loaded = await loadRules(ctx.db, {
    appIds: [key.appId],
    accountIds: [key.accountId],
    keyIds: [key.id],
  });
  const own = [loaded.get("service-account", key.accountId), loaded.get("key", key.id)];
  const { levels } = levelsFor(
    {
      role: key.grant?.role ?? null,
      app: loaded.get("app", key.appId),
      own: own.filter((level) => level !== null),
    },
    nowMs,
  );
  return judgeLevels(levels, ctx.origin.address).allowed ? null : "address-not-allowed";
}

/** A service account whose access ended is nobody here, whatever its key's own end. */
function isLive({ isRevoked, isDisabled, expiresAt, grant }: PresentedKey, nowMs: number): boolean {
  if (isRevoked || isDisabled || expiresAt.getTime() <= nowMs || grant === null) return false;
  return grant.expiresAt === null || grant.expiresAt.getTime() > nowMs;
}
