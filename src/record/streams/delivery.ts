import type { StreamFault } from "../../contract/failures.ts";
import type { StreamFormat, StreamKind } from "../../contract/record/streams.ts";
import { OutboundError, type Outbound } from "../../platform/outbound/outbound.ts";
import type { Span } from "./place.ts";
import type { RenderedEntry } from "./render-entry.ts";
import type { Destination } from "./stream-secrets.ts";

/** What is sent in one go. */
export type Sending = {
  streamId: string;
  format: StreamFormat;
  destination: Destination;
  span: Span;
  entries: readonly RenderedEntry[];
  now: Date;
  /** Our public host, which syslog names as the sender. */
  hostName: string;
  /** Breaks it off. */
  stopping: AbortSignal;
};

/** `refused`: these very entries are not wanted; `gone`: nothing is any more. */
export type Verdict =
  | { kind: "delivered" }
  | { kind: "failed"; fault: StreamFault; askedMs?: number | undefined }
  | { kind: "refused"; fault: StreamFault }
  | { kind: "gone"; fault: StreamFault };

export type Deliver = (outbound: Outbound, sending: Sending) => Promise<Verdict>;

/** From the look at DNS to the last of the answer, ms. Less than the lease of whoever sends. */
export const PATIENCE_MS = 20_000;

/** What a parcel of each kind holds. Standard Webhooks advises small ones; objects are better large. */
export const limitsOf = {
  https: { entries: 100, bytes: 256 * 1024 },
  syslog: { entries: 500, bytes: 1024 * 1024 },
  s3: { entries: 10_000, bytes: 8 * 1024 * 1024 },
} as const satisfies Record<StreamKind, { entries: number; bytes: number }>;

/** Why a call came to nothing, as a stream says it. @throws what is no such fault. */
export function failed(error: unknown): Verdict {
  if (!(error instanceof OutboundError)) throw error;
  const { code, reason } = error;
  const fault: StreamFault =
    code === "not-connected" ? { code, params: { reason: reason ?? "-" } } : { code };
  return { kind: "failed", fault };
}
