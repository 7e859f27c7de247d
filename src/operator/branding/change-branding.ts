import { createHash } from "node:crypto";
import { DEFAULT_COLOR } from "../../contract/platform/brand-color.ts";
import type { Branding, BrandingChange } from "../../contract/platform/branding.ts";
import type { Context } from "../../context.ts";
import {
  readBranding,
  readLogo,
  type StoredBranding,
} from "../../platform/branding/branding-queries.ts";
import { logoUrl, senderOf } from "../../platform/branding/branding-facts.ts";
import { forgetBranding } from "../../platform/branding/latest-branding.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import { checkBranding } from "./check-branding.ts";
import { updateBranding } from "./branding-queries.ts";

/** What the operator set, and what holds where nothing is set. @throws {ProblemError} `not-found` */
export async function getBranding(ctx: Context): Promise<Branding> {
  requireOperator(ctx);
  return toReply(ctx, await readBranding(ctx.db));
}

/**
 * Changes how the panel and the mails look, all of it at once. This process shows it from the next request on,
 * others within two seconds.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `invalid-request` naming each field at fault;
 *   `conflict` when somebody else changed it since `version` was read.
 */
export async function changeBranding(ctx: Context, sent: BrandingChange): Promise<Branding> {
  const changed = await changeAsOperator(ctx, {}, async (tx) => {
    const { fields, logo } = checkBranding(sent);
    const before = await readBranding(tx);
    const logoBefore = await describeLogo(tx, before);
    if (!(await updateBranding(tx, { seen: sent.version, fields, logo, now: ctx.now() })))
      throw new ProblemError("conflict", {
        detail: { code: "branding-changed-meanwhile" },
      });
    const after = await readBranding(tx);
    const logoAfter = await describeLogo(tx, after);
    await record(tx, ctx, {
      action: "branding.changed",
      change: differences({ ...before, logo: logoBefore }, { ...after, logo: logoAfter }),
    });
    return after;
  });
  forgetBranding(ctx.db);
  return toReply(ctx, changed);
}

/** By its digest: the picture itself is no business of the log. */
async function describeLogo(tx: Tx, { logo }: StoredBranding): Promise<object | null> {
  const bytes = logo && (await readLogo(tx, logo.version));
  if (logo === null || bytes === null) return null;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { type: logo.type, sizeBytes: logo.sizeBytes, sha256 };
}

/** Of the two states what differs. */
function differences(before: object, after: object) {
  const [old, fresh] = [without(before), without(after)];
  const changed = Object.keys(fresh).filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]),
  );
  const pick = (all: Record<string, unknown>) =>
    Object.fromEntries(changed.map((name) => [name, all[name]]));
  return { before: pick(old), after: pick(fresh) };
}

function without(branding: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(branding).filter(([name]) => name !== "version" && name !== "changedAt"),
  );
}

function toReply(
  { config }: Pick<Context, "config">,
  { logo, changedAt, ...rest }: StoredBranding,
): Branding {
  const { address } = config.mailFrom;
  return {
    ...rest,
    logo: logo && { url: logoUrl(logo), type: logo.type, sizeBytes: logo.sizeBytes },
    changedAt: changedAt?.toISOString() ?? null,
    defaults: {
      mailFromName: senderOf({ ...rest, mailFromName: "" }, config).name,
      mailFromAddress: address,
      supportUrl: config.supportUrl ?? "",
      primaryColor: DEFAULT_COLOR,
    },
  };
}
