import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { countApps, insertApp } from "./app-queries.ts";

/** Apps an organisation can have: a free account can't fill the disk. */
export const MAX_APPS = 1_000;

/**
 * Makes an app, in the caller's transaction; the caller locks the organisation's slot, says who may,
 * and puts it on record.
 *
 * @returns its id.
 * @throws {ProblemError} `limit-reached`
 */
export async function makeApp(
  tx: Tx,
  ctx: Context,
  given: { organisationId: string; name: string; externalId?: string | undefined },
): Promise<string> {
  if ((await countApps(tx, given.organisationId)) >= MAX_APPS)
    throw new ProblemError("limit-reached", {
      detail: { code: "too-many-apps", params: { count: MAX_APPS } },
    });
  const createdAt = ctx.now();
  const id = uuidv7(createdAt.getTime());
  await insertApp(tx, { ...given, id, createdAt });
  return id;
}
