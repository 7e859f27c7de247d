import type { KeyCreated } from "../../contract/access/api-keys.ts";
import type { Context } from "../../context.ts";
import { newApiKey } from "../../platform/crypto/api-key-format.ts";
import type { Tx } from "../../platform/db/db.ts";
import { insertKey } from "./api-key-queries.ts";

/** How a key begins: enough to tell it by, nothing of its secret. */
export const prefixOf = (id: string): string => `sally_key_${id}_…`;

/** The latest end of a key made now, and its end where none is asked for: the same date next year. */
export function latestEnd(now: Date): Date {
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + 1);
  return end;
}

/** Makes a key and stores its MAC. The text in the answer is the only copy there is. */
export async function makeKey(
  tx: Tx,
  ctx: Context,
  given: {
    accountId: string;
    name: string;
    createdBy: string;
    expiresAt: Date;
    rotatedFrom: string | null;
  },
): Promise<KeyCreated> {
  const { id, text } = newApiKey("key");
  const { keyId: macKeyId, mac } = ctx.keyRing.mac("api-key", text);
  await insertKey(tx, { ...given, id, mac, macKeyId, createdAt: ctx.now() });
  return { id, key: text, expiresAt: given.expiresAt.toISOString() };
}
