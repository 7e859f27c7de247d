import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { tellWithLinks } from "../mail-links/tell-with-links.ts";
import type { OpenReset } from "./reset-queries.ts";

type Reset = Pick<OpenReset, "id" | "accountId" | "askedBy" | "readyAt" | "endsAt">;

/** To every address, each with a link of its own that stops it. */
export async function mailRecovery(
  tx: Tx,
  ctx: Context,
  reset: Reset,
  stage: "begun" | "waiting" | "ready",
): Promise<void> {
  const { id, accountId, askedBy, readyAt, endsAt } = reset;
  const asked = askedBy === null ? "holder" : "operator";
  const mail: Mail =
    stage === "ready"
      ? { kind: "recovery-ready", values: { endsAt }, lines: ["what", "how"] }
      : {
          kind: "recovery-waits",
          values: { readyAt },
          lines: [stage === "waiting" ? "again" : asked, "then", "stop"],
        };
  await tellWithLinks(tx, ctx, await recipientsOf(tx, accountId), {
    link: { purpose: "stop-recovery", subjectId: id, endsAt },
    mail,
  });
}
