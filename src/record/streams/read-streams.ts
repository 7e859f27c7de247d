import type { DeadLetterList } from "../../contract/record/dead-letters.ts";
import type { LogStream, LogStreamList } from "../../contract/record/streams.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { countDeadLetters, listDeadLetters } from "./dead-letter-queries.ts";
import { presentDeadLetter, presentStream } from "./present-stream.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import { readStreams, type StreamView } from "./stream-queries.ts";

/** @throws {ProblemError} `not-found` for an organisation that is not the caller's. */
export async function listStreams(
  ctx: Context,
  keeper: StreamKeeper,
  organisationId?: string,
): Promise<LogStreamList> {
  const owners = await keeper.owners(ctx);
  if (organisationId !== undefined && !owners.includes(organisationId))
    throw new ProblemError("not-found");
  const chosen = organisationId === undefined ? owners : [organisationId];
  const rows = await readStreams(ctx.db, { owners: chosen, now: ctx.now() });
  return { streams: rows.map((row) => presentStream(ctx, row)) };
}

/** @throws {ProblemError} `not-found` */
export async function readStream(
  ctx: Context,
  keeper: StreamKeeper,
  streamId: string,
): Promise<LogStream> {
  return presentStream(ctx, await findStream(ctx, keeper, streamId));
}

/** Names the stream in the request's entry. @throws {ProblemError} `not-found` */
export async function findStream(
  ctx: Context,
  keeper: StreamKeeper,
  streamId: string,
): Promise<StreamView> {
  const owners = await keeper.owners(ctx);
  const [row] = await readStreams(ctx.db, { owners, id: streamId, now: ctx.now() });
  if (row === undefined) throw new ProblemError("not-found");
  ctx.notes.organisationId = row.organisation_id ?? undefined;
  ctx.notes.targets = [{ type: "log-stream", id: row.id }];
  return row;
}

/** The stream as it is in a transaction under way. */
export async function streamNow(
  db: Db,
  ctx: Context,
  { id, owner }: { id: string; owner: string | null },
): Promise<LogStream> {
  const [row] = await readStreams(db, { owners: [owner], id, now: ctx.now() });
  if (row === undefined) throw new Error("the stream was just written");
  return presentStream(ctx, row);
}

/** Of dead letters, more are not shown at once. */
const LETTERS_SHOWN = 200;

/** @throws {ProblemError} `not-found` */
export async function readDeadLetters(
  ctx: Context,
  keeper: StreamKeeper,
  streamId: string,
): Promise<DeadLetterList> {
  const { id } = await findStream(ctx, keeper, streamId);
  const rows = await listDeadLetters(ctx.db, id, LETTERS_SHOWN);
  return {
    deadLetters: rows.map(presentDeadLetter),
    total: await countDeadLetters(ctx.db, id),
  };
}
