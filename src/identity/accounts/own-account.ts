import type { AccountChange, OwnAccount, Person } from "../../contract/identity/accounts.ts";
import type { Context } from "../../context.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { change, record } from "../../record/entries/change.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import {
  accountTarget,
  findDisplayName,
  findPerson,
  updatePerson,
  type PersonRow,
} from "./account-queries.ts";
import { requireTimeZone } from "./reader.ts";
import { storedReader } from "./recipients.ts";

/** The account of the credential: a person, or for an API key the service account that holds it. */
export async function readOwnAccount(ctx: Context): Promise<OwnAccount> {
  const { principal } = ctx;
  if (principal.kind === "api-key")
    return {
      id: principal.accountId,
      kind: "service",
      displayName: await findDisplayName(ctx.db, principal.accountId),
      app: { id: principal.appId },
    };
  return toPerson(await findPerson(ctx.db, sessionOf(ctx).accountId));
}

/**
 * Changes what the person is called, and how their mails read. Only what was sent, and differs, is on record.
 *
 * @throws {ProblemError} `invalid-request` at /timeZone; `not-signed-in` when the session ended meanwhile.
 */
export async function changeAccount(ctx: Context, sent: AccountChange): Promise<Person> {
  const { accountId } = sessionOf(ctx);
  const timeZone = sent.timeZone && requireTimeZone(sent.timeZone);
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const row = await findPerson(tx, accountId);
    const before = { displayName: row.display_name, ...storedReader(row) };
    const after = {
      displayName: sent.displayName?.trim() ?? before.displayName,
      language: sent.language ?? before.language,
      timeZone: timeZone === undefined ? before.timeZone : timeZone,
    };
    await updatePerson(tx, accountId, after);
    await record(tx, ctx, {
      action: sent.displayName === undefined ? "account.settings-changed" : "account.renamed",
      targets: [accountTarget(accountId)],
      change: { before: pick(before, sent), after: pick(after, sent) },
    });
    return toPerson({
      ...row,
      display_name: after.displayName,
      language: after.language,
      time_zone: after.timeZone,
    });
  });
}

const pick = (state: Record<string, unknown>, sent: object): Record<string, unknown> =>
  Object.fromEntries(Object.keys(sent).map((name) => [name, state[name]]));

function toPerson(row: PersonRow): Person {
  return {
    id: row.id,
    kind: "person",
    email: row.email,
    displayName: row.display_name,
    isOperator: row.is_operator,
    ...storedReader(row),
    createdAt: row.created_at.toISOString(),
  };
}
