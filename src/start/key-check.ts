import type { KeyRing } from "../platform/crypto/key-ring.ts";
import type { Db } from "../platform/db/db.ts";
import { StartError } from "./start-error.ts";

/** What the check is a MAC of; permanent. */
const CHECKED = "sallyport: is this the secret key that this database was made with?";

/** Whether no key was used with this database yet. */
export async function isWithoutKey(db: Db): Promise<boolean> {
  const { key_check } = await db
    .selectFrom("installation")
    .select("key_check")
    .executeTakeFirstOrThrow();
  return key_check === null;
}

/**
 * Binds a new database to the secret key, and refuses to go on with another one: whatever is sealed
 * would fail one by one, and new things would be sealed with a key that nobody meant.
 *
 * @throws {StartError}
 */
export async function checkKey(db: Db, keyRing: KeyRing): Promise<void> {
  const made = keyRing.mac("fingerprint", CHECKED);
  // Of two first starts one writes; both then read what stands.
  await db
    .updateTable("installation")
    .set({ key_check: made.mac, key_check_id: made.keyId })
    .where("key_check", "is", null)
    .execute();
  const { key_check, key_check_id } = await db
    .selectFrom("installation")
    .select(["key_check", "key_check_id"])
    .executeTakeFirstOrThrow();
  if (key_check === null || key_check_id === null) throw new Error("the update has set it");
  if (!keyRing.verifyMac("fingerprint", key_check_id, CHECKED, key_check))
    throw new StartError(
      "The secret key is not the one this database was made with. Set SALLYPORT_SECRET_KEY (or the file secret-key in the data directory) to that one; to replace it, set the new one there and the old one as SALLYPORT_SECRET_KEY_PREVIOUS.",
    );
}
