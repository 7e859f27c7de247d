import type { Config } from "../config.ts";
import { hashToken, newToken } from "../platform/crypto/tokens.ts";
import type { Db } from "../platform/db/db.ts";

/** How long a link is good, ms. */
const CLAIM_MS = 24 * 3_600_000;

/**
 * A new one-time link for whoever becomes the first operator; the one before it is dead. It is printed,
 * never logged: whoever holds it owns the installation.
 *
 * @returns undefined once the installation is claimed.
 */
export async function renewClaimLink(
  db: Db,
  { publicUrl }: Pick<Config, "publicUrl">,
  now: Date,
): Promise<string | undefined> {
  const token = newToken();
  const renewed = await db
    .updateTable("installation")
    .set({ claim_hash: hashToken(token), claim_ends_at: new Date(now.getTime() + CLAIM_MS) })
    .where("claimed_at", "is", null)
    .returning("only_row")
    .executeTakeFirst();
  if (renewed === undefined) return undefined;
  const link = new URL("/claim", publicUrl);
  link.searchParams.set("token", token);
  return link.href;
}
