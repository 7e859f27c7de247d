import { sql } from "kysely";
import type { Services } from "../../context.ts";
import { systemContext } from "../../context.ts";
import type { StreamFault } from "../../contract/failures.ts";
import { change, record } from "../entries/change.ts";
import { countDeadLetters, putDeadLetter } from "./dead-letter-queries.ts";
import type { Place } from "./place.ts";
import { advance, stopStream, type Held } from "./work-queries.ts";

/** Decisions rely on no stream: no version slot. */
const NO_DECISION = {};

/** Nothing was done: somebody else has the stream. */
class TakenOver extends Error {}

/** What the worker does with a stream that its owners have to hear of: under its own name, on record, by mail. */
const asWorker = (services: Services) => systemContext(services, "log streams");

/** The receiver is gone: nothing more is sent before somebody resumes the stream. */
export async function stop(services: Services, held: Held, fault: StreamFault): Promise<void> {
  const ctx = asWorker(services);
  const { row } = held;
  await unlessTakenOver(
    change(ctx, NO_DECISION, async (tx) => {
      const stopped = await stopStream(tx, held, { fault, now: ctx.now() });
      if (stopped === null) throw new TakenOver();
      await ctx.ports.tellStreamOwners(tx, ctx, row.organisation_id, (organisation) => ({
        kind: "stream-stopped",
        values: { organisation, stream: row.name },
        lines: ["what"],
      }));
      await record(tx, ctx, {
        action: "log-stream.paused",
        reason: "gone",
        ...ownerOf(row),
      });
    }),
  );
}

/** An entry is refused for good: where it stands is kept, and the stream goes on behind it. Told once, not each time. */
export async function setAside(
  services: Services,
  held: Held,
  { place, fault, to }: { place: Place; fault: StreamFault; to: Place },
): Promise<Held | null> {
  const ctx = asWorker(services);
  const { row } = held;
  if ((await countDeadLetters(ctx.db, row.id)) > 0)
    return await ctx.db.transaction().execute(async (tx) => {
      const on = await advance(tx, held, { to, count: 0, now: ctx.now() });
      if (on !== null) await putDeadLetter(tx, row.id, { place, fault, now: ctx.now() });
      return on;
    });
  return await unlessTakenOver(
    change(ctx, NO_DECISION, async (tx) => {
      const on = await advance(tx, held, { to, count: 0, now: ctx.now() });
      if (on === null) throw new TakenOver();
      await putDeadLetter(tx, row.id, { place, fault, now: ctx.now() });
      await ctx.ports.tellStreamOwners(tx, ctx, row.organisation_id, (organisation) => ({
        kind: "stream-refused",
        values: { organisation, stream: row.name },
        lines: ["what"],
      }));
      await record(tx, ctx, { action: "log-stream.entry-set-aside", ...ownerOf(row) });
      return on;
    }),
  );
}

type Behind = { id: string; organisation_id: string | null; name: string; minutes: number };

/** A stream is behind, or in time again: its owners are mailed once, whichever process sees it first. */
export async function tellBehind(
  services: Services,
  stream: Behind,
  isBehind: boolean,
): Promise<void> {
  const ctx = asWorker(services);
  await unlessTakenOver(
    change(ctx, NO_DECISION, async (tx) => {
      const { numAffectedRows } = await sql`
        update log_stream set alarmed_at = ${isBehind ? ctx.now() : null}
        where id = ${stream.id} and state = 'on' and (alarmed_at is null) = ${isBehind}`.execute(
        tx,
      );
      if (numAffectedRows !== 1n) throw new TakenOver();
      await ctx.ports.tellStreamOwners(tx, ctx, stream.organisation_id, (organisation) =>
        isBehind
          ? {
              kind: "stream-behind",
              values: { organisation, stream: stream.name, minutes: stream.minutes },
              lines: ["what", "next"],
            }
          : {
              kind: "stream-recovered",
              values: { organisation, stream: stream.name },
              lines: ["what"],
            },
      );
      await record(tx, ctx, {
        action: isBehind ? "log-stream.fell-behind" : "log-stream.caught-up",
        ...ownerOf(stream),
      });
    }),
  );
}

const ownerOf = ({ id, organisation_id }: { id: string; organisation_id: string | null }) => ({
  organisationId: organisation_id ?? undefined,
  targets: [{ type: "log-stream", id }],
});

async function unlessTakenOver<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TakenOver) return null;
    throw error;
  }
}
