import type { MemberRole } from "../../contract/access/roles.ts";
import type { InvitationStatus } from "../../contract/access/sharing.ts";
import type { Context } from "../../context.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import { ProblemError } from "../../problem-error.ts";
import type { EntryTarget } from "../../record/entries/entry.ts";
import { endPhrase, memberPhrase, rolePhrase } from "./access-mails.ts";
import type { InvitationRow, PartRow } from "./invitation-queries.ts";
import type { Detail } from "../../contract/failures.ts";

/** How long an invitation's link is good for, from each sending. */
const INVITATION_VALID_MS = 7 * 24 * 3_600_000;

/** An expired invitation stays in the lists this long, to be sent again. */
export const EXPIRED_SHOWN_MS = 90 * 24 * 3_600_000;

/** A fresh link: the token goes into the mail, its digest into the row. */
export function newLink(ctx: Context): {
  token: string;
  tokenHash: Buffer;
  sentAt: Date;
  endsAt: Date;
} {
  const token = newToken();
  const sentAt = ctx.now();
  return {
    token,
    tokenHash: hashToken(token),
    sentAt,
    endsAt: new Date(sentAt.getTime() + INVITATION_VALID_MS),
  };
}

export function statusOf(
  row: Pick<InvitationRow, "ends_at" | "wrong_account_at">,
  now: Date,
): InvitationStatus {
  if (row.ends_at <= now) return "expired";
  return row.wrong_account_at === null ? "sent" : "wrong-account";
}

/** What an entry about an invitation names. */
export function invitationTargets(
  invitationId: string,
  parts: readonly Pick<PartRow, "app_id">[],
): EntryTarget[] {
  return [
    { type: "invitation", id: invitationId },
    ...parts.map((part) => ({ type: "app", id: part.app_id })),
  ];
}

/** The app and organisation of an entry about several apps of one organisation: the first; targets name all. */
export function entryPlace(parts: readonly Pick<PartRow, "app_id" | "organisation_id">[]): {
  appId?: string;
  organisationId?: string;
} {
  const [first] = parts;
  return first === undefined ? {} : { appId: first.app_id, organisationId: first.organisation_id };
}

/** Whether it never was, was used, replaced, cancelled or has expired is not told: a stranger may be asking. */
export const deadInvitation = (detail: Detail = { code: "invitation-dead" }): ProblemError =>
  new ProblemError("dead-link", { detail });

type MailFacts = {
  inviterName: string;
  parts: readonly Pick<PartRow, "app_name" | "organisation_name" | "role" | "expires_at">[];
  organisation: { name: string; role: MemberRole } | null;
  token: string;
  endsAt: Date;
  isResent: boolean;
};

export function invitationMail({ parts, organisation, ...mail }: MailFacts): Mail {
  const { inviterName: inviter, endsAt, token } = mail;
  if (organisation !== null)
    return {
      kind: "invitation-to-organisation",
      values: {
        inviter,
        organisation: organisation.name,
        role: memberPhrase(organisation.role),
        endsAt,
      },
      lines: ["what", "role", "link", ...(mail.isResent ? (["again"] as const) : [])],
      token,
    };
  const [first] = parts;
  const app =
    parts.length > 1
      ? ({ say: "apps", with: { count: parts.length } } as const)
      : (first?.app_name ?? "");
  return {
    kind: "invitation",
    values: { inviter, app, endsAt },
    lines: [
      "what",
      ...parts.map((part) => ["part", valuesOf(part)] as ["part", ReturnType<typeof valuesOf>]),
      "link",
      ...(mail.isResent ? (["again"] as const) : []),
    ],
    token,
  };
}

const valuesOf = (part: MailFacts["parts"][number]) => ({
  app: part.app_name,
  organisation: part.organisation_name,
  role: rolePhrase(part.role),
  end: endPhrase(part.expires_at),
});
