import type { Context, Principal } from "./context.ts";
import type { StrictestRules } from "./contract/identity/strictest-rules.ts";
import type { Db, Tx } from "./platform/db/db.ts";
import type { Mail, MailValue } from "./platform/mail/compose-mail.ts";
import type { Notice } from "./platform/mail/queue-mail.ts";

/** Whose entries a caller may read: what the account did and what was done to it, and whole apps. */
export type EntryScope = {
  /** The caller's own account; null for nobody's. */
  accountId: string | null;
  /** Apps that the caller may audit. */
  appIds: readonly string[];
};

/**
 * What lower wings need of higher ones. The higher wing implements it; `wings.ts` alone binds it.
 */
export type Ports = {
  /**
   * Tells people of one event in the transaction of what happened: in their inbox, by mail, as its class and they
   * want it. Nothing reaches anybody by another way.
   */
  notify(tx: Tx, ctx: Context, notice: Notice): Promise<void>;
  /** A person's account was made, in its transaction: access gives it an organisation. */
  accountMade(
    tx: Tx,
    ctx: Context,
    account: { accountId: string; displayName: string },
  ): Promise<void>;
  /** Whose entries may be read. */
  entryScope(ctx: Context): Promise<EntryScope>;
  /** How many important batches wait to be filed, and since when. */
  filingLag(db: Db): Promise<{ batches: number; oldestAt: Date | null }>;
  /**
   * Since when a batch waits for a signed checkpoint that covers it, when the last one was signed, and the
   * witnesses that would not sign it.
   */
  logLag(
    db: Db,
  ): Promise<{ oldestAt: Date | null; signedAt: Date | null; failingWitnesses: string[] }>;
  /** How the streams of the log stand. */
  streamState(
    db: Db,
    now: Date,
  ): Promise<{
    behind: string[];
    longestLagSeconds: number;
    deadLetters: number;
    refused: string[];
  }>;
  /**
   * Mails the owners of an organisation's stream of the log, or all operators for one of theirs (null).
   *
   * @param mailFor is given the organisation's name, or what the installation is called.
   */
  tellStreamOwners(
    tx: Tx,
    ctx: Context,
    organisationId: string | null,
    mailFor: (organisation: MailValue) => Mail,
  ): Promise<void>;
  /**
   * Which password rules bind an account at a moment: the strictest part of each of all organisations whose
   * apps reach it, with whose it is. `changedAt`: when its password was set; null without one. `distrustedAt`:
   * when its holder said that a stranger had signed in.
   */
  passwordRules(
    db: Db,
    account: { accountId: string; changedAt: Date | null; distrustedAt: Date | null; now: Date },
  ): Promise<StrictestRules>;
  /** Whether a session of the account may be used from an address (null: it could not be told) at a moment. */
  sessionMayCome(
    db: Db,
    given: { accountId: string; address: string | null; now: Date },
  ): Promise<boolean>;
  /** That the caller's session still is what it was. @throws {ProblemError} `not-signed-in`, `new-password-required`, `address-not-allowed`. */
  requireStillLive(db: Db, ctx: Context): Promise<void>;
  /** Who an `Authorization: Bearer` key is. @throws {ProblemError} `not-signed-in`, `address-not-allowed`. */
  resolveBearer(token: string, ctx: Context): Promise<Principal>;
};
