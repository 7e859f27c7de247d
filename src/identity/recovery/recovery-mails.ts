import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import { queueMail } from "../../platform/mail/queue-mail.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { makeLink } from "../mail-links/mail-links.ts";
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
  for (const recipient of await recipientsOf(tx, accountId)) {
    const token = await makeLink(tx, { purpose: "stop-recovery", subjectId: id, endsAt });
    const mail: Mail =
      stage === "ready"
        ? { kind: "recovery-ready", values: { endsAt }, lines: ["what", "how"], token }
        : {
            kind: "recovery-waits",
            values: { readyAt },
            lines: [stage === "waiting" ? "again" : asked, "then", "stop"],
            token,
          };
    await queueMail(tx, ctx, recipient, mail);
  }
}
