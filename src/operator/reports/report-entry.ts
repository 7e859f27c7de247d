import type { Report } from "../../contract/operator/reports.ts";
import type { Context } from "../../context.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import type { FieldRule } from "../../platform/http/field-rules.ts";
import type { Tx } from "../../platform/db/db.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import type { EntryActor } from "../../record/entries/entry.ts";
import { changeWithKey } from "../keys/change-with-key.ts";
import { canonicalJson } from "./canonical-json.ts";
import { findActor, findReport, findReportedApp, insertReport } from "./report-queries.ts";

/** A report that is told later than this, or of a time to come, is not believed, ms. */
const MAX_DISTANCE_MS = 24 * 3_600_000;
/** `before` and `after` together, as JSON; a longer change would not be kept whole, bytes. */
const MAX_CHANGE_BYTES = 32 * 1024;

export type Reported = { entryId: string; isNew: boolean };

/**
 * Puts on record what the operator's product says that somebody did: marked as told, under the product's
 * name for the action, and the only entry of its call. Sent again, the same report adds nothing.
 *
 * @throws {ProblemError} `forbidden`; `report-id-reused` when the id had another content;
 *   `invalid-request` at /at, /actor, /app and /after.
 */
export async function reportEntry(ctx: Context, report: Report): Promise<Reported> {
  const requestHash = hashOf(report);
  return await changeWithKey(ctx, "report", async (tx, keyId) => {
    const earlier = await findReport(tx, { keyId, reportedId: report.id });
    if (earlier === undefined) return await add(tx, ctx, { report, requestHash, keyId });
    if (!earlier.requestHash.equals(requestHash)) throw new ProblemError("report-id-reused");
    await record(tx, ctx, {
      action: "entry.report-repeated",
      targets: [{ type: "entry", id: earlier.entryId }],
    });
    return { entryId: earlier.entryId, isNew: false };
  });
}

function hashOf({ at, actor, app, targets, ...rest }: Report): Buffer {
  const change = canonicalJson({ before: rest.before, after: rest.after });
  if (change === null) throw invalidField("/after", { code: "change-too-deep" });
  if (Buffer.byteLength(change) > MAX_CHANGE_BYTES)
    throw invalidField("/after", { code: "change-too-long", params: { bytes: MAX_CHANGE_BYTES } });
  const { id, action, outcome } = rest;
  const text = canonicalJson([id, action, outcome, at, actor, app, targets, change]);
  if (text === null) throw new Error("the contract's report is flat but for its change");
  return hashToken(text);
}

async function add(
  tx: Tx,
  ctx: Context,
  { report, requestHash, keyId }: { report: Report; requestHash: Buffer; keyId: string },
): Promise<Reported> {
  const now = ctx.now();
  const at = readAt(report.at, now);
  const actor = await actorOf(tx, report.actor, keyId);
  const app = await readApp(tx, report.app);
  const { before, after } = report;
  const entryId = await record(tx, ctx, {
    action: "entry.reported",
    outcome: report.outcome ?? "done",
    appId: app?.id,
    organisationId: app?.organisationId,
    targets: report.targets,
    change: before === undefined && after === undefined ? undefined : { before, after },
    reported: { actor, action: report.action, at },
  });
  const row = { keyId, reportedId: report.id, requestHash, entryId, now };
  // Two at once: the other one's commit was waited for, and this call begins anew.
  if (!(await insertReport(tx, row))) throw new ReportedMeanwhile();
  return { entryId, isNew: true };
}

/** Another call has just reported under this id: nothing happened, and the same call again finds it. */
export class ReportedMeanwhile extends Error {
  override readonly name = "ReportedMeanwhile";
}

function readAt(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  if (!isNear(text, now)) throw invalidField("/at", TOO_FAR);
  return new Date(text);
}

const TOO_FAR = { code: "not-near-now" } as const;

/** The same, told together with what else is wrong. */
export const reportedAtRule: FieldRule = (text, { ctx }) =>
  isNear(text, ctx.now()) ? null : TOO_FAR;

/** A leap second matches the format and is no Date. */
const isNear = (text: string, now: Date): boolean =>
  Math.abs(new Date(text).getTime() - now.getTime()) <= MAX_DISTANCE_MS;

async function readApp(tx: Tx, given: Report["app"]) {
  if (given === undefined) return undefined;
  const app = await findReportedApp(tx, given);
  if (app === undefined)
    throw invalidField(`/app/${"id" in given ? "id" : "externalId"}`, { code: "no-such-app" });
  return app;
}

/** Who it is said to be; the credential is that of who says it. */
async function actorOf(tx: Tx, actor: Report["actor"], keyId: string): Promise<EntryActor> {
  const told = { kind: "reported", credentialId: keyId } as const;
  if ("name" in actor) return { ...told, accountId: null, name: actor.name };
  const account = await findActor(tx, actor);
  if (account === undefined) {
    const field = "accountId" in actor ? "accountId" : "externalId";
    throw invalidField(`/actor/${field}`, { code: "no-such-account" });
  }
  return { ...told, accountId: account.id };
}
