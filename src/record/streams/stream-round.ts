import { randomUUID } from "node:crypto";
import { sendNext, type SendingServices } from "./send-parcel.ts";
import { tellBehind } from "./tell-owners-of-stream.ts";
import { readLags } from "./lag-queries.ts";
import { restUntil, takeStream, type Held } from "./work-queries.ts";

/** Streams that one process sends at a time: each waits for somebody else's machine more than it works. */
const AT_ONCE = 4;
/** Parcels of one stream in one go, so that a long replay does not keep the others from their turn. */
const PARCELS_IN_TURN = 50;

/**
 * Sends what is to be sent, one parcel after the other, until nothing is left that may be tried now. Any number of
 * processes may do it: each stream is held by one of them.
 *
 * @returns whether anything was sent or tried.
 */
export async function streamRound(services: SendingServices): Promise<boolean> {
  const runs = Array.from({ length: AT_ONCE }, () => run(services));
  const worked = await Promise.all(runs);
  return worked.includes(true);
}

async function run(services: SendingServices): Promise<boolean> {
  const { db, clock, stopping } = services;
  let hasWorked = false;
  while (!stopping.aborted) {
    const held = await takeStream(db, { lease: randomUUID(), now: clock.now() });
    if (held === undefined) return hasWorked;
    hasWorked = true;
    await sendTurn(services, held);
  }
  return hasWorked;
}

async function sendTurn(services: SendingServices, held: Held): Promise<void> {
  let next: Held | null = held;
  for (
    let turn = 0;
    turn < PARCELS_IN_TURN && next !== null && !services.stopping.aborted;
    turn += 1
  )
    next = await sendNext(services, next);
  if (next !== null) await restUntil(services.db, next, null);
}

/** Mails owners of streams that are behind, or in time again, once each. */
export async function judgeStreams(services: SendingServices): Promise<void> {
  for (const stream of await readLags(services.db, services.clock.now())) {
    if (stream.isLate === (stream.alarmed_at !== null)) continue;
    await tellBehind(services, { ...stream, minutes: stream.alarm_after_minutes }, stream.isLate);
  }
}
