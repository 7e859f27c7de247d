import { newApiKey } from "../../src/platform/crypto/api-key-format.ts";
import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import { accountSlot, lockSlots, organisationSlot } from "../../src/platform/db/version-slots.ts";
import type { Harness, Headers } from "../harness.ts";

/*
 * Apps, service accounts and keys as rows, for tests of what is decided about them. Tests of how they
 * come to be go through the API.
 */

export type TestApp = { appId: string; organisationId: string };

export type TestKey = { keyId: string; accountId: string; text: string; headers: Headers };

const id = (h: Harness): string => uuidv7(h.clock.now().getTime());

export async function insertApp(h: Harness, organisationId?: string): Promise<TestApp> {
  const app = { appId: id(h), organisationId: organisationId ?? id(h) };
  if (organisationId === undefined)
    await h.db
      .insertInto("organisation")
      .values({ id: app.organisationId, name: "Acme" })
      .execute();
  await h.db
    .insertInto("app")
    .values({ id: app.appId, organisation_id: app.organisationId, name: "Shop" })
    .execute();
  return app;
}

export type KeyShape = { role?: string | null; grantEndsAt?: Date | null; expiresAt?: Date };

/** A service account with a grant in the app and one key. `role: null`: without a grant. */
export async function insertKey(h: Harness, app: TestApp, shape: KeyShape = {}): Promise<TestKey> {
  const { role = "editor", grantEndsAt = null } = shape;
  const now = h.clock.now();
  const accountId = id(h);
  const { id: keyId, text } = newApiKey("key");
  const { keyId: macKeyId, mac } = h.services.keyRing.mac("api-key", text);
  await h.db.transaction().execute(async (tx) => {
    await lockSlots(tx, {
      touches: [organisationSlot(app.organisationId), accountSlot(accountId)],
    });
    await tx
      .insertInto("account")
      .values({ id: accountId, kind: "service", display_name: "Billing" })
      .execute();
    await tx
      .insertInto("service_account")
      .values({ account_id: accountId, app_id: app.appId })
      .execute();
    if (role !== null)
      await tx
        .insertInto("access_grant")
        .values({
          id: id(h),
          account_id: accountId,
          app_id: app.appId,
          role,
          expires_at: grantEndsAt,
        })
        .execute();
    await tx
      .insertInto("api_key")
      .values({
        id: keyId,
        account_id: accountId,
        name: "Production",
        mac,
        mac_key_id: macKeyId,
        created_at: now,
        expires_at: shape.expiresAt ?? new Date(now.getTime() + 365 * 86_400_000),
      })
      .execute();
  });
  return { keyId, accountId, text, headers: { authorization: `Bearer ${text}` } };
}

/** A change behind the desk's back, as another process would make it: slots, then rows. */
export async function changeAccess(
  h: Harness,
  { app, key }: { app: TestApp; key: TestKey },
  work: (tx: Parameters<typeof lockSlots>[0]) => Promise<unknown>,
): Promise<void> {
  await h.db.transaction().execute(async (tx) => {
    await lockSlots(tx, {
      touches: [organisationSlot(app.organisationId), accountSlot(key.accountId)],
    });
    await work(tx);
  });
}
