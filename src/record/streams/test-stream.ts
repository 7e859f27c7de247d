import type { LogStreamTest } from "../../contract/record/streams.ts";
import type { Context } from "../../context.ts";
import { toFault } from "./present-stream.ts";
import { Outbound } from "../../platform/outbound/outbound.ts";
import { tests } from "./deliver.ts";
import { findStream } from "./read-streams.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import { cursorOf } from "./stream-row.ts";
import { openOrNothing } from "./stream-secrets.ts";

/** Sends a message without entries, and says what came of it. @throws {ProblemError} `not-found` */
export async function testStream(
  ctx: Context,
  keeper: StreamKeeper,
  streamId: string,
): Promise<LogStreamTest> {
  const row = await findStream(ctx, keeper, streamId);
  const cursor = cursorOf(row);
  const startedAtMs = performance.now();
  const destination = openOrNothing(ctx.keyRing, row);
  if (destination === null) return { fault: toFault({ code: "secret-unreadable" }), tookMs: 0 };
  const verdict = await tests[row.kind](new Outbound(ctx.config.outboundAllow), {
    streamId: row.id,
    format: row.format,
    destination,
    span: { from: cursor, to: cursor },
    entries: [],
    now: ctx.now(),
    hostName: ctx.config.publicUrl.hostname,
    stopping: new AbortController().signal,
  });
  const tookMs = Math.round(performance.now() - startedAtMs);
  if (verdict.kind === "delivered") return { fault: null, tookMs };
  return { fault: toFault(verdict.fault), tookMs };
}
