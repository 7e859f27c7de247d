import type { Outbound } from "../../platform/outbound/outbound.ts";
import { failed, PATIENCE_MS, type Deliver, type Sending, type Verdict } from "./delivery.ts";
import { placeText } from "./place.ts";
import { webhookHeaders } from "./sign-webhook.ts";
import { parcelId } from "./parcel-id.ts";

/** Statuses that say: this very content is not wanted, now or later (RFC 9110 §15.5). */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 415, 422]);
const GONE = 410;

/** Posts a parcel as one message of Standard Webhooks. */
export const deliverHttps: Deliver = async (outbound, sending) => {
  const { span, entries, format, streamId } = sending;
  const last = entries.at(-1);
  const at = last === undefined ? sending.now : new Date(last.atMs);
  const head = {
    type: "log.entries",
    timestamp: at.toISOString(),
    data: { stream: streamId, format, from: placeText(span.from), to: placeText(span.to) },
  };
  // Entries are JSON already.
  const text = `${JSON.stringify(head).slice(0, -2)},"entries":[${entries.map((entry) => entry.text).join(",")}]}}`;
  return await post(outbound, sending, { id: parcelId(streamId, span), text });
};

/** The same without entries: whether anybody is there who takes it. */
export const testHttps: Deliver = async (outbound, sending) => {
  const { streamId, now } = sending;
  const timestamp = now.toISOString();
  const message = { type: "log.test", timestamp, data: { stream: streamId, entries: [] } };
  return await post(outbound, sending, {
    id: `log_${streamId}_test-${now.getTime()}`,
    text: JSON.stringify(message),
  });
};

async function post(
  outbound: Outbound,
  { destination, now, stopping }: Sending,
  { id, text }: { id: string; text: string },
): Promise<Verdict> {
  const { https } = destination.target;
  if (https === undefined || destination.signing === undefined)
    throw new Error("a stream to https has a URL and a secret");
  const body = Buffer.from(text, "utf8");
  try {
    const { status, headers } = await outbound.send({
      url: new URL(https.url),
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Sallyport",
        ...webhookHeaders(destination.signing, { id, now, body }),
      },
      body,
      patienceMs: PATIENCE_MS,
      signal: stopping,
      ...(https.ca !== undefined && { tls: { ca: https.ca } }),
    });
    return judge(status, { retryAfter: headers["retry-after"], now });
  } catch (error) {
    return failed(error);
  }
}

function judge(
  status: number,
  { retryAfter, now }: { retryAfter: string | string[] | undefined; now: Date },
): Verdict {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status === GONE) return { kind: "gone", fault: { code: "gone" } };
  if (REFUSALS.has(status))
    return { kind: "refused", fault: { code: "refused", params: { status } } };
  return {
    kind: "failed",
    fault: { code: "answered", params: { status } },
    askedMs: readRetryAfter(retryAfter, now),
  };
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function readRetryAfter(text: string | string[] | undefined, now: Date): number | undefined {
  if (typeof text !== "string") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
