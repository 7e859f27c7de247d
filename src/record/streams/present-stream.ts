import type { DeadLetter } from "../../contract/record/dead-letters.ts";
import type { LogStream } from "../../contract/record/streams.ts";
import type { StreamFault } from "../../contract/failures.ts";
import type { Context } from "../../context.ts";
import { streamFaultText } from "../../failures.ts";
import { cursorOf, readFault } from "./stream-row.ts";
import type { DeadLetterRow } from "./dead-letter-queries.ts";
import { openOrNothing } from "./stream-secrets.ts";
import type { StreamView } from "./stream-queries.ts";

const instant = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A stream as its keepers see it: with its target, without what lets it in there. */
export function presentStream(
  { keyRing, now }: Pick<Context, "keyRing" | "now">,
  row: StreamView,
): LogStream {
  // Sealed with a key that is gone: the rest is worth being seen then above all.
  const { target, signing } = openOrNothing(keyRing, row) ?? { target: {} };
  const endsAt = signing?.previousEndsAt;
  return {
    id: row.id,
    organisationId: row.organisation_id,
    name: row.name,
    covers: row.covers,
    format: row.format,
    alarmAfterMinutes: row.alarm_after_minutes,
    kind: row.kind,
    target,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    createdBy: { id: row.created_by, displayName: row.maker, hasLeft: row.maker_left },
    oldSecretEndsAt: endsAt !== undefined && new Date(endsAt) > now() ? endsAt : null,
    next: cursorOf(row),
    waitingLeaves: Number(row.waiting),
    lagSeconds: row.state === "on" ? row.lag_seconds : 0,
    isBehind: row.alarmed_at !== null,
    deliveredAt: instant(row.delivered_at),
    deliveredEntries: Number(row.delivered_entries),
    deadLetters: Number(row.dead_letters),
    fault: presentFault(row),
  };
}

function presentFault({
  fault,
  fault_at: at,
  failures,
  next_try_at: nextTryAt,
}: StreamView): LogStream["fault"] {
  if (fault === null || at === null) return null;
  return {
    ...toFault(readFault(fault)),
    at: at.toISOString(),
    failures,
    nextTryAt: instant(nextTryAt),
  };
}

/** A fault with its English sentence. */
export function toFault(fault: StreamFault) {
  const { code, params } = fault;
  return {
    code,
    ...(params !== undefined && { params: { ...params } }),
    text: streamFaultText(fault),
  };
}

export function presentDeadLetter(row: DeadLetterRow & { entry: string | null }): DeadLetter {
  return {
    id: row.id,
    epoch: row.epoch,
    leaf: Number(row.leaf),
    position: row.position,
    entryId: row.entry,
    ...toFault(readFault(row.fault)),
    at: row.at.toISOString(),
    isRetried: row.retry_at !== null,
  };
}
