import type { SessionLevel } from "../../src/context.ts";
import { systemContext } from "../../src/context.ts";
import { SESSION_COOKIE } from "../../src/platform/http/authenticate.ts";
import { storedLevel } from "../../src/identity/sessions/session-level.ts";
import { hashToken, newToken } from "../../src/platform/crypto/tokens.ts";
import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import type { Harness, Headers } from "../harness.ts";

let counter = 0;

export type Person = { accountId: string; email: string; sessionId: string; headers: Headers };

/** An account with an organisation of its own and a signed-in session; the password is none. */
export async function addPerson(
  h: Harness,
  given: {
    email?: string;
    displayName?: string;
    level?: SessionLevel;
    isSteppedUp?: boolean;
    isOperator?: boolean;
    /** Tied to the operator's product, as its holder consented. */
    externalId?: string;
  } = {},
): Promise<Person> {
  const {
    email = `person-${process.pid}-${counter++}@example.test`,
    displayName = "Robin Example",
  } = given;
  const accountId = uuidv7(h.clock.now().getTime());
  await h.db.transaction().execute(async (tx) => {
    await tx
      .insertInto("account")
      .values({
        id: accountId,
        kind: "person",
        email,
        email_key: email.toLowerCase(),
        display_name: displayName,
        is_operator: given.isOperator ?? false,
        external_id: given.externalId ?? null,
      })
      .execute();
    await h.services.ports.accountMade(tx, systemContext(h.services, "test"), {
      accountId,
      displayName,
    });
  });
  const session = await addSession(h, accountId, given);
  return { accountId, email, ...session };
}

/** A further session of an account. */
export async function addSession(
  h: Harness,
  accountId: string,
  { level = "full", isSteppedUp = true }: { level?: SessionLevel; isSteppedUp?: boolean } = {},
): Promise<{ sessionId: string; headers: Headers }> {
  const sessionId = uuidv7(h.clock.now().getTime());
  const token = newToken();
  const now = h.clock.now();
  await h.db
    .insertInto("session")
    .values({
      id: sessionId,
      account_id: accountId,
      token_hash: hashToken(token),
      level: storedLevel(level),
      stepped_up_at: storedLevel(level) === "full" && isSteppedUp ? now : null,
      user_agent: "Firefox on Debian",
      address: "127.0.0.1",
      created_at: now,
      last_seen_at: now,
      ends_at: new Date(now.getTime() + 12 * 3_600_000),
    })
    .execute();
  if (level === "needs-new-password") await endPassword(h, accountId);
  return { sessionId, headers: { cookie: `${SESSION_COOKIE}=${token}` } };
}

/** The account has a password that an organisation of its own asked to be replaced at once. */
async function endPassword(h: Harness, accountId: string): Promise<void> {
  const demandedAt = h.clock.now();
  const { organisation_id: organisationId } = await h.db
    .selectFrom("organisation_member")
    .select("organisation_id")
    .where("account_id", "=", accountId)
    .executeTakeFirstOrThrow();
  await h.db
    .updateTable("account")
    .set({
      password_changed_at: new Date(demandedAt.getTime() - 1000),
      password_demanded_at: demandedAt,
    })
    .where("id", "=", accountId)
    .execute();
  await h.db
    .insertInto("password_demand")
    .values({ account_id: accountId, organisation_id: organisationId, demanded_at: demandedAt })
    .onConflict((conflict) =>
      conflict.columns(["account_id", "organisation_id"]).doUpdateSet({ demanded_at: demandedAt }),
    )
    .execute();
}
