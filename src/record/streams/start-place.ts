import type { StreamStart } from "../../contract/record/streams.ts";
import type { Db } from "../../platform/db/db.ts";
import { invalidField } from "../../problem-error.ts";
import { placeAtTime, readLogEnd } from "./leaf-queries.ts";
import type { Place } from "./place.ts";

/**
 * Where a stream begins: where it is told to, else behind everything that is in the log.
 *
 * @param pointer of what says so, in the request.
 * @throws {ProblemError} `invalid-request` for a leaf that the log does not have.
 */
export async function startPlace(
  db: Db,
  start: StreamStart | undefined,
  pointer = "/start/fromLeaf",
): Promise<Place> {
  if (start?.fromTime !== undefined) return await placeAtTime(db, new Date(start.fromTime));
  const end = await readLogEnd(db);
  if (start?.fromLeaf === undefined) return end;
  if (start.fromLeaf > end.leaf) throw invalidField(pointer, { code: "not-in-the-log" });
  return { ...end, leaf: start.fromLeaf };
}
