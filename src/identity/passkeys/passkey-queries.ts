import type { Db, Tx } from "../../platform/db/db.ts";
import type { NewPasskey, Proof } from "./verify-passkey.ts";

export type PasskeyRow = {
  id: string;
  name: string;
  is_backed_up: boolean;
  created_at: Date;
  last_used_at: Date | null;
  clone_noticed_at: Date | null;
};

/** The account's passkeys, oldest first. */
export async function listPasskeys(db: Db, accountId: string): Promise<PasskeyRow[]> {
  return await db
    .selectFrom("passkey")
    .select(["id", "name", "is_backed_up", "created_at", "last_used_at", "clone_noticed_at"])
    .where("account_id", "=", accountId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** How a browser finds the account's passkeys. */
export async function listCredentials(
  db: Db,
  accountId: string,
): Promise<{ credential_id: Buffer; transports: string[] }[]> {
  return await db
    .selectFrom("passkey")
    .select(["credential_id", "transports"])
    .where("account_id", "=", accountId)
    .orderBy("last_used_at", (order) => order.desc().nullsLast())
    .execute();
}

export async function countPasskeys(db: Db, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom("passkey")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("account_id", "=", accountId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** A credential, whose it is and what it is judged by. */
export type Credential = {
  id: string;
  account_id: string;
  name: string;
  public_key: Buffer;
  counter: string;
  clone_noticed_at: Date | null;
  disabled_at: Date | null;
};

export async function findCredential(
  db: Db,
  credentialId: Buffer,
): Promise<Credential | undefined> {
  return await db
    .selectFrom("passkey")
    .innerJoin("account", "account.id", "passkey.account_id")
    .select(["passkey.id", "account_id", "name", "public_key", "counter", "clone_noticed_at"])
    .select("disabled_at")
    .where("credential_id", "=", credentialId)
    .executeTakeFirst();
}

/** False when somebody has added this credential already. */
export async function insertPasskey(
  tx: Tx,
  passkey: NewPasskey & {
    id: string;
    accountId: string;
    transports: string[];
    name: string;
    now: Date;
  },
): Promise<boolean> {
  const inserted = await tx
    .insertInto("passkey")
    .values({
      id: passkey.id,
      account_id: passkey.accountId,
      credential_id: passkey.credentialId,
      public_key: passkey.publicKey,
      counter: passkey.counter,
      transports: passkey.transports,
      is_synced_kind: passkey.isSyncedKind,
      is_backed_up: passkey.isBackedUp,
      aaguid: passkey.aaguid,
      name: passkey.name,
      created_at: passkey.now,
    })
    .onConflict((conflict) => conflict.constraint("passkey_credential_id_key").doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

/**
 * Notes a use, unless the authenticator's count has not grown since the last one: then there is a copy of it
 * somewhere (WebAuthn §6.1.1). Authenticators that do not count say 0 each time.
 */
export async function noteUse(
  tx: Tx,
  {
    id,
    counter,
    isBackedUp,
    now,
  }: Pick<Proof, "counter" | "isBackedUp"> & { id: string; now: Date },
): Promise<boolean> {
  const noted = await tx
    .updateTable("passkey")
    .set({ counter, is_backed_up: isBackedUp, last_used_at: now })
    .where("id", "=", id)
    .where((eb) =>
      eb.or([
        eb("counter", "<", String(counter)),
        eb.and([eb("counter", "=", "0"), eb.val(counter === 0)]),
      ]),
    )
    .returning("id")
    .executeTakeFirst();
  return noted !== undefined;
}

/** False when a copy was noticed before. */
export async function noteClone(tx: Tx, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const noted = await tx
    .updateTable("passkey")
    .set({ clone_noticed_at: now })
    .where("id", "=", id)
    .where("clone_noticed_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return noted !== undefined;
}

type OwnPasskey = { passkeyId: string; accountId: string };

/** @returns its row and the name before; undefined when the account has no such passkey. */
export async function renameRow(
  tx: Tx,
  { passkeyId, accountId, name }: OwnPasskey & { name: string },
): Promise<{ row: PasskeyRow; before: string } | undefined> {
  const held = await tx
    .selectFrom("passkey")
    .select("name")
    .where("id", "=", passkeyId)
    .where("account_id", "=", accountId)
    .forUpdate()
    .executeTakeFirst();
  if (held === undefined) return undefined;
  const row = await tx
    .updateTable("passkey")
    .set({ name })
    .where("id", "=", passkeyId)
    .where("account_id", "=", accountId)
    .returning(["id", "name", "is_backed_up", "created_at", "last_used_at", "clone_noticed_at"])
    .executeTakeFirstOrThrow();
  return { row, before: held.name };
}

/** @returns its name; undefined when the account has no such passkey. */
export async function deletePasskey(
  tx: Tx,
  { passkeyId, accountId }: OwnPasskey,
): Promise<string | undefined> {
  const deleted = await tx
    .deleteFrom("passkey")
    .where("id", "=", passkeyId)
    .where("account_id", "=", accountId)
    .returning("name")
    .executeTakeFirst();
  return deleted?.name;
}
