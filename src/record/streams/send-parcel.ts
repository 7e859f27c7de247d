import type { Services } from "../../context.ts";
import type { StreamFault } from "../../contract/failures.ts";
import { MAX_DEAD_LETTERS } from "../../contract/record/streams.ts";
import type { Outbound } from "../../platform/outbound/outbound.ts";
import { afterEntry, collectParcel, type Parcel } from "./collect-parcel.ts";
import {
  countDeadLetters,
  dropDeadLetter,
  nextRetry,
  putDeadLetter,
} from "./dead-letter-queries.ts";
import { deliveries } from "./deliver.ts";
import { limitsOf, type Verdict } from "./delivery.ts";
import type { Place, Span } from "./place.ts";
import type { RenderedEntry } from "./render-entry.ts";
import { pauseMs } from "./retry-pause.ts";
import { parcelEndOf } from "./stream-row.ts";
import { openOrNothing, type Destination } from "./stream-secrets.ts";
import { setAside, stop } from "./tell-owners-of-stream.ts";
import { advance, beginParcel, noteFailure, restUntil, type Held } from "./work-queries.ts";

export type SendingServices = Services & {
  outbound: Outbound;
  /** The process ends: what is under way is given up, and sent again by the next. */
  stopping: AbortSignal;
  /** 0 to 1. */
  random: () => number;
};

/** An entry that was refused so often is refused for good. */
const MAX_REFUSALS = 5;

/** The stream as it is held on; null when this process is done with it for now. */
type Next = Held | null;

/** Sends what is next of a stream. Nothing is noted that another process has taken over meanwhile. */
export async function sendNext(services: SendingServices, held: Held): Promise<Next> {
  const { db, keyRing, clock } = services;
  const destination = openOrNothing(keyRing, held.row);
  if (destination === null)
    return await rest(services, held, { fault: { code: "secret-unreadable" }, isRefusal: false });
  if (held.row.failures === 0 && held.row.parcel_epoch === null)
    if (await retryOne(services, held, destination)) return held;
  const limits = limitsOf[held.row.kind];
  const parcel = await collectParcel(services, held.row, {
    limits,
    until: parcelEndOf(held.row),
  });
  if (parcel.entries.length === 0) return await pass(services, held, parcel);
  const waitsUntil = fillsUntil(destination, parcel, held);
  if (waitsUntil !== null && waitsUntil > clock.now()) {
    await restUntil(db, held, waitsUntil);
    return null;
  }
  const begun = await beginParcel(db, held, { to: parcel.to, now: clock.now() });
  if (begun === null) return null;
  const verdict = await deliver(services, begun, {
    destination,
    span: parcel,
    entries: parcel.entries,
  });
  return await settle(services, begun, { parcel, verdict });
}

/** Nothing of the stream's stands there: goes on behind it. */
async function pass(services: SendingServices, held: Held, parcel: Parcel): Promise<Next> {
  const { db, clock } = services;
  await noteAltered(services, held, parcel);
  const { to } = parcel;
  const on = await advance(db, held, { to, count: 0, now: clock.now() });
  if (on !== null && parcel.isFull) return on;
  if (on !== null) await restUntil(db, on, null);
  return null;
}

/** Until when an object that is not full waits for more; null: it does not. */
function fillsUntil(
  { target }: Destination,
  { isFull, entries }: Parcel,
  { row }: Held,
): Date | null {
  const [first] = entries;
  if (target.s3 === undefined || isFull || first === undefined || row.parcel_epoch !== null)
    return null;
  return new Date(first.atMs + target.s3.everySeconds * 1000);
}

async function deliver(
  { outbound, clock, config, stopping }: SendingServices,
  { row }: Held,
  given: { destination: Destination; span: Span; entries: readonly RenderedEntry[] },
): Promise<Verdict> {
  return await deliveries[row.kind](outbound, {
    ...given,
    streamId: row.id,
    format: row.format,
    now: clock.now(),
    hostName: config.publicUrl.hostname,
    stopping,
  });
}

async function settle(
  services: SendingServices,
  held: Held,
  { parcel, verdict }: { parcel: Parcel; verdict: Verdict },
): Promise<Next> {
  const { db, clock } = services;
  const { to, entries } = parcel;
  switch (verdict.kind) {
    case "delivered":
      await noteAltered(services, held, parcel);
      return await advance(db, held, { to, count: entries.length, now: clock.now() });
    case "failed":
      // It was us who broke it off.
      if (services.stopping.aborted) {
        await restUntil(db, held, null);
        return null;
      }
      return await rest(services, held, { ...verdict, isRefusal: false });
    case "gone":
      await stop(services, held, verdict.fault);
      return null;
    case "refused":
      return await refused(services, held, { entries, fault: verdict.fault });
  }
}

/**
 * Some entry of these is not wanted, or they are too many. Half of them are tried, and so on, until it is one: that
 * one is tried some times more, then set aside, so that it does not keep the others.
 */
async function refused(
  services: SendingServices,
  held: Held,
  { entries, fault }: { entries: readonly RenderedEntry[]; fault: StreamFault },
): Promise<Next> {
  const { db, clock } = services;
  const [first] = entries;
  if (first === undefined) throw new Error("an empty parcel is not sent");
  if (entries.length > 1) {
    const last = entries[Math.ceil(entries.length / 2) - 1] ?? first;
    return await beginParcel(db, held, { to: afterEntry(last.place), now: clock.now() });
  }
  if (held.row.refusals + 1 < MAX_REFUSALS)
    return await rest(services, held, { fault, isRefusal: true });
  if ((await countDeadLetters(db, held.row.id)) >= MAX_DEAD_LETTERS) {
    const tooMany = { code: "too-many-dead-letters", params: { count: MAX_DEAD_LETTERS } } as const;
    return await rest(services, held, { fault: tooMany, isRefusal: true });
  }
  return await setAside(services, held, { place: first.place, fault, to: afterEntry(first.place) });
}

async function rest(
  { db, clock, random }: SendingServices,
  held: Held,
  {
    fault,
    isRefusal,
    askedMs,
  }: { fault: StreamFault; isRefusal: boolean; askedMs?: number | undefined },
): Promise<null> {
  const now = clock.now();
  const waitMs = pauseMs(held.row.failures + 1, { random: random(), askedMs });
  const nextTryAt = new Date(now.getTime() + waitMs);
  await noteFailure(db, held, { fault, isRefusal, nextTryAt, now });
  return null;
}

/** What was altered in the database is not sent, and that it was not is on the list of dead letters. */
async function noteAltered(
  { db, clock }: SendingServices,
  { row }: Held,
  { altered }: Parcel,
): Promise<void> {
  const fault = { code: "batch-altered" } as const;
  for (const place of altered) await putDeadLetter(db, row.id, { place, fault, now: clock.now() });
}

/** Sends one of the entries again that somebody asked for. False: there is none. */
async function retryOne(
  services: SendingServices,
  held: Held,
  destination: Destination,
): Promise<boolean> {
  const { db, clock } = services;
  const { row } = held;
  const letter = await nextRetry(db, row.id);
  if (letter === undefined) return false;
  const place: Place = {
    epoch: letter.epoch,
    leaf: Number(letter.leaf),
    position: letter.position,
  };
  const at = { ...row, epoch: place.epoch, leaf: letter.leaf, position: place.position };
  const parcel = await collectParcel(services, at, {
    limits: { entries: 1, bytes: 1 },
    until: afterEntry(place),
  });
  if (parcel.altered.length > 0) {
    await noteAltered(services, held, parcel);
    return true;
  }
  // Nothing is there: it was erased meanwhile, and is nobody's to send.
  const verdict =
    parcel.entries.length === 0
      ? ({ kind: "delivered" } as const)
      : await deliver(services, held, { destination, span: parcel, entries: parcel.entries });
  if (verdict.kind === "delivered") await dropDeadLetter(db, letter.id);
  else await putDeadLetter(db, row.id, { place, fault: verdict.fault, now: clock.now() });
  return true;
}
