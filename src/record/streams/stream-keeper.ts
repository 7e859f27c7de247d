import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { MailValue } from "../../platform/mail/compose-mail.ts";

/**
 * Who keeps streams: the owners and officers of an organisation, or the operators. The wings that know them
 * implement it. An owner is an organisation's id; null stands for the operator.
 */
export type StreamKeeper = {
  /** Whose streams the caller may see. @throws {ProblemError} `not-found` to whom there is nothing here. */
  owners(ctx: Context): Promise<readonly (string | null)[]>;
  /** Whose a new stream will be. @throws {ProblemError} `not-found`; `invalid-request` where it has to be named. */
  choose(ctx: Context, organisationId: string | undefined): Promise<string | null>;
  /** What has to be so before anything is looked up. @throws {ProblemError} `step-up-required`, `not-found` */
  requireFresh(ctx: Context): void;
  /**
   * A change by somebody who keeps the owner's streams, whose second factor is fresh.
   *
   * @throws {ProblemError} `step-up-required`, `not-found`
   */
  change<T>(ctx: Context, owner: string | null, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Who does it, as a mail says it. */
  actor(tx: Tx, ctx: Context): Promise<MailValue>;
};
