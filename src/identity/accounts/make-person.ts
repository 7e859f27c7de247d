import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { isKept } from "../addresses/address-queries.ts";
import { insertPerson, takeOverUnproven } from "./account-queries.ts";
import type { EmailAddress } from "./email-address.ts";
import type { ReaderChoice } from "./reader.ts";
import { deleteSignUps } from "./sign-up-queries.ts";

export type NewPerson = EmailAddress & {
  displayName: string;
  /** From `choosePassword`; null where the person has none yet. */
  passwordHash: string | null;
  reader: ReaderChoice;
};

/**
 * Makes a person's account, with its organisation, in the caller's transaction: the one way to make
 * one. Whoever calls has proof of the address. Sign-ups waiting for the address end. An account that the
 * operator's product made for the address before anybody had proven it becomes this person's.
 *
 * @returns the account's id, or null when the address has an account already, or is kept for one that had it.
 */
export async function makePerson(
  tx: Tx,
  ctx: Context,
  person: NewPerson,
): Promise<{ accountId: string } | null> {
  const now = ctx.now();
  if (await isKept(tx, { emailKey: person.emailKey, now })) return null;
  const accountId = uuidv7(now.getTime());
  if (!(await insertPerson(tx, { ...person, id: accountId, now })))
    return await takeOver(tx, { ...person, now });
  await deleteSignUps(tx, person.emailKey);
  await ctx.ports.accountMade(tx, ctx, { accountId, displayName: person.displayName });
  return { accountId };
}

async function takeOver(
  tx: Tx,
  { passwordHash, ...person }: NewPerson & { now: Date },
): Promise<{ accountId: string } | null> {
  if (passwordHash === null) return null;
  const accountId = await takeOverUnproven(tx, { ...person, passwordHash });
  if (accountId === null) return null;
  await deleteSignUps(tx, person.emailKey);
  return { accountId };
}
