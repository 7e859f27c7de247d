import { gzip } from "node:zlib";
import { promisify } from "node:util";
import type { Outbound } from "../../platform/outbound/outbound.ts";
import type { StreamTarget } from "../../contract/record/streams.ts";
import { failed, PATIENCE_MS, type Deliver, type Sending, type Verdict } from "./delivery.ts";
import { placeText } from "./place.ts";
import { signS3 } from "../../platform/outbound/sign-s3.ts";

const compress = promisify(gzip);

/**
 * Puts a parcel as one object of gzipped lines. Its name says which entries are in it, so a second try overwrites
 * the first.
 */
export const deliverS3: Deliver = async (outbound, sending) => {
  const { entries, span, streamId } = sending;
  const day = new Date(entries[0]?.atMs ?? 0).toISOString().slice(0, 10).replaceAll("-", "/");
  const lines = entries.map(({ text }) => `${text}\n`).join("");
  return await put(outbound, sending, {
    name: `${streamId}/${day}/${placeText(span.from)}_${placeText(span.to)}.ndjson.gz`,
    type: "application/gzip",
    body: await compress(lines),
  });
};

export const testS3: Deliver = async (outbound, sending) =>
  await put(outbound, sending, {
    name: `${sending.streamId}/test.txt`,
    type: "text/plain",
    body: Buffer.from(`Sallyport tested this stream at ${sending.now.toISOString()}\n`),
  });

async function put(
  outbound: Outbound,
  { destination, now, stopping }: Sending,
  { name, type, body }: { name: string; type: string; body: Buffer },
): Promise<Verdict> {
  const { target, secretAccessKey } = destination;
  const { s3 } = target;
  if (s3 === undefined || secretAccessKey === undefined)
    throw new Error("a stream to S3 has a bucket and a key");
  const url = objectUrl(s3, name);
  const request = { method: "PUT", url, headers: { "content-type": type }, body, now };
  try {
    const { status } = await outbound.send({
      ...request,
      headers: signS3(request, { ...s3, secretAccessKey }),
      patienceMs: PATIENCE_MS,
      signal: stopping,
      ...(s3.ca !== undefined && { tls: { ca: s3.ca } }),
    });
    if (status >= 200 && status < 300) return { kind: "delivered" };
    return { kind: "failed", fault: { code: "answered", params: { status } } };
  } catch (error) {
    return failed(error);
  }
}

function objectUrl(
  { endpoint, bucket, prefix, pathStyle }: NonNullable<StreamTarget["s3"]>,
  name: string,
): URL {
  const url = new URL(endpoint);
  if (!pathStyle) url.host = `${bucket}.${url.host}`;
  url.pathname = `${pathStyle ? `/${bucket}` : ""}/${prefix}${name}`;
  return url;
}
