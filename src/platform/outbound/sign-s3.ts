import { createHash, createHmac } from "node:crypto";

export type S3Request = {
  method: string;
  url: URL;
  /** Beside host, date and digest; all of them are signed. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  now: Date;
};

export type S3Credentials = { region: string; accessKeyId: string; secretAccessKey: string };

/**
 * The request's headers with its signature: AWS Signature Version 4 for S3, in one chunk. The path is signed as it
 * stands in the URL: S3, unlike other services, encodes it once.
 */
export function signS3(
  { method, url, headers, body, now }: S3Request,
  { region, accessKeyId, secretAccessKey }: S3Credentials,
): Record<string, string> {
  const instant = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = instant.slice(0, 8);
  const digest = sha256(body);
  const signed: Record<string, string> = {
    ...headers,
    host: url.host,
    "x-amz-content-sha256": digest,
    "x-amz-date": instant,
  };
  const names = Object.keys(signed).toSorted();
  const list = names.join(";");
  const canonical = [
    method,
    url.pathname,
    url.search.slice(1),
    ...names.map((name) => `${name}:${(signed[name] ?? "").trim()}`),
    "",
    list,
    digest,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", instant, scope, sha256(Buffer.from(canonical))].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (before, part) => hmac(before, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  const signature = hmac(key, text).toString("hex");
  return {
    ...signed,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${list},Signature=${signature}`,
  };
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const hmac = (key: Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text, "utf8").digest();
