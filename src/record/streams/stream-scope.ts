import type { BatchRow } from "../entries/batch.ts";
import type { Entry } from "../entries/entry.ts";
import { appsOf } from "../entries/alike.ts";
import { asUuid } from "../entries/storable.ts";
import { visibleEntry, wholeEntry, type VisibleEntry } from "../search/visible-entry.ts";
import type { Db } from "../../platform/db/db.ts";

/** Whose log a stream sends: an organisation's with the apps that are its own now, or everything. */
export type StreamScope = { organisationId: string; apps: ReadonlySet<string> } | "everything";

/** An app that was deleted stays its organisation's; one that was handed over is the other's. */
export async function readScope(db: Db, organisationId: string | null): Promise<StreamScope> {
  if (organisationId === null) return "everything";
  const apps = await db
    .selectFrom("app")
    .select("id")
    .where("organisation_id", "=", organisationId)
    .execute();
  return { organisationId, apps: new Set(apps.map(({ id }) => id)) };
}

/**
 * What a stream may say of an entry, or null for nothing. Of an organisation's apps it is what their owners see in
 * the log and its exports; beside that, what was done to the organisation itself and to none of its apps.
 */
export function streamedEntry(
  scope: StreamScope,
  batch: BatchRow,
  placed: { position: number; entry: Entry },
): VisibleEntry | null {
  if (scope === "everything") return wholeEntry(batch, placed);
  const { organisationId, apps } = scope;
  const ofApps = visibleEntry({ accountId: null, apps }, batch, placed);
  if (ofApps !== null) return ofApps;
  const { entry } = placed;
  const isOwn = asUuid(entry.organisationId) === organisationId && appsOf(entry).length === 0;
  return isOwn ? wholeEntry(batch, placed) : null;
}
