import type { Db, Tx } from "../../platform/db/db.ts";

export type TransferRow = {
  app_id: string;
  requested_by: string;
  email: string;
  email_key: string;
  created_at: Date;
  ends_at: Date;
};

const columns = ["app_id", "requested_by", "email", "email_key", "created_at", "ends_at"] as const;

/** The offer that waits for its receiver. */
export async function findTransfer(
  db: Db,
  { appId, now }: { appId: string; now: Date },
): Promise<TransferRow | undefined> {
  return db
    .selectFrom("app_transfer")
    .select(columns)
    .where("app_id", "=", appId)
    .where("ends_at", ">", now)
    .executeTakeFirst();
}

/** The live offer that a link opens. */
export async function findTransferByToken(
  db: Db,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<(TransferRow & { organisation_id: string }) | undefined> {
  return db
    .selectFrom("app_transfer")
    .innerJoin("app", "app.id", "app_transfer.app_id")
    .select(columns.map((column) => `app_transfer.${column}` as const))
    .select("app.organisation_id")
    .where("app_transfer.token_hash", "=", tokenHash)
    .where("app_transfer.ends_at", ">", now)
    .where("app.deleted_at", "is", null)
    .executeTakeFirst();
}

/** Makes an offer; a new one replaces the old, whose link dies. */
export async function upsertTransfer(
  tx: Tx,
  offer: {
    appId: string;
    requestedBy: string;
    email: string;
    emailKey: string;
    tokenHash: Buffer;
    createdAt: Date;
    endsAt: Date;
  },
): Promise<void> {
  const values = {
    requested_by: offer.requestedBy,
    email: offer.email,
    email_key: offer.emailKey,
    token_hash: offer.tokenHash,
    created_at: offer.createdAt,
    ends_at: offer.endsAt,
  };
  await tx
    .insertInto("app_transfer")
    .values({ app_id: offer.appId, ...values })
    .onConflict((conflict) => conflict.column("app_id").doUpdateSet(values))
    .execute();
}

/** Spends a live offer; undefined when another request was first, or it has ended. */
export async function consumeTransfer(
  tx: Tx,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<TransferRow | undefined> {
  return tx
    .deleteFrom("app_transfer")
    .where("token_hash", "=", tokenHash)
    .where("ends_at", ">", now)
    .returning(columns)
    .executeTakeFirst();
}

export async function deleteTransfer(
  tx: Tx,
  { appId }: { appId: string },
): Promise<{ email: string } | undefined> {
  return tx
    .deleteFrom("app_transfer")
    .where("app_id", "=", appId)
    .returning("email")
    .executeTakeFirst();
}
