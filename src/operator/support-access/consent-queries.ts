import type { Db, Tx } from "../../platform/db/db.ts";

export async function insertConsent(
  tx: Tx,
  consent: {
    id: string;
    appId: string;
    givenBy: string;
    reason: string;
    createdAt: Date;
    endsAt: Date;
  },
): Promise<void> {
  await tx
    .insertInto("support_consent")
    .values({
      id: consent.id,
      app_id: consent.appId,
      given_by: consent.givenBy,
      reason: consent.reason,
      created_at: consent.createdAt,
      ends_at: consent.endsAt,
    })
    .execute();
}

/** An app's consents, newest first; those that ended too. */
export async function listConsents(db: Db, appId: string) {
  return await db
    .selectFrom("support_consent as consent")
    .innerJoin("account", "account.id", "consent.given_by")
    .select([
      "consent.id",
      "consent.reason",
      "consent.given_by",
      "account.display_name",
      "consent.created_at",
      "consent.ends_at",
      "consent.withdrawn_at",
    ])
    .where("consent.app_id", "=", appId)
    .orderBy("consent.created_at", "desc")
    .orderBy("consent.id", "desc")
    .limit(200)
    .execute();
}

/** False when the app has no such consent that still holds. */
export async function withdrawConsent(
  tx: Tx,
  { appId, consentId, now }: { appId: string; consentId: string; now: Date },
): Promise<boolean> {
  const withdrawn = await tx
    .updateTable("support_consent")
    .set({ withdrawn_at: now })
    .where("id", "=", consentId)
    .where("app_id", "=", appId)
    .where("withdrawn_at", "is", null)
    .where("ends_at", ">", now)
    .returning("id")
    .executeTakeFirst();
  return withdrawn !== undefined;
}

/** The consent that lets the operator read the app's entries now; of several the one that holds longest. */
export async function findLiveConsent(
  db: Db,
  { appId, now }: { appId: string; now: Date },
): Promise<{ id: string; reason: string } | undefined> {
  return await db
    .selectFrom("support_consent")
    .select(["id", "reason"])
    .where("app_id", "=", appId)
    .where("withdrawn_at", "is", null)
    .where("ends_at", ">", now)
    .orderBy("ends_at", "desc")
    .limit(1)
    .executeTakeFirst();
}
