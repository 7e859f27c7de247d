import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { RequestListener } from "node:http";
import { gunzipSync } from "node:zlib";
import { startHttpsReceiver, type Received } from "./receivers.ts";

export type S3Receiver = {
  port: number;
  endpoint: string;
  /** Objects by their names, after the bucket. */
  objects: Map<string, Buffer>;
  /** Names in the order of PUTs, overwritten ones too. */
  puts: string[];
  /** Requests whose signature did not hold. */
  refused: string[];
  /** Answers 503 so often, after it has stored the object. */
  fails: number;
  lines(): Record<string, unknown>[];
  stop(): Promise<void>;
};

export const S3_KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxR" };

/**
 * One bucket, path-style, over TLS: PUT (also If-None-Match: *), GET and ListObjectsV2 as Amazon's API reference
 * describes them. Checks AWS Signature Version 4 by code of its own.
 */
export async function startS3Receiver(bucket = "audit-log"): Promise<S3Receiver> {
  const receiver = {
    objects: new Map<string, Buffer>(),
    puts: [] as string[],
    refused: [] as string[],
    fails: 0,
  };
  const https = await startHttpsReceiver();
  https.answer = (request, reply) => {
    const prefix = `/${bucket}/`;
    const [path = "", query = ""] = request.path.split("?");
    const name = path.slice(prefix.length);
    if (!path.startsWith(prefix) || !isSigned(request)) {
      receiver.refused.push(request.path);
      return reply.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    }
    if (request.method === "GET") return get(receiver.objects, { name, query, reply });
    if (request.headers["if-none-match"] === "*" && receiver.objects.has(name))
      return reply.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
    receiver.puts.push(name);
    receiver.objects.set(name, request.body);
    if (receiver.fails > 0) {
      receiver.fails -= 1;
      return reply.writeHead(503).end();
    }
    return reply.writeHead(200).end();
  };
  return Object.assign(receiver, {
    port: https.port,
    endpoint: `https://localhost:${https.port}`,
    lines: () =>
      [...receiver.objects.values()].flatMap((body) =>
        gunzipSync(body)
          .toString()
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      ),
    stop: https.stop,
  });
}

type Getting = { name: string; query: string; reply: Parameters<RequestListener>[1] };

function get(objects: S3Receiver["objects"], { name, query, reply }: Getting) {
  if (name === "") return reply.writeHead(200).end(listing(objects, new URLSearchParams(query)));
  const body = objects.get(name);
  if (body === undefined) return reply.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
  return reply.writeHead(200).end(body);
}

/** ListObjectsV2: names in their order, those below another delimiter left out, a token where there are more. */
function listing(objects: S3Receiver["objects"], query: URLSearchParams): string {
  const prefix = query.get("prefix") ?? "";
  const from = Number(query.get("continuation-token")?.replace(/[<>&]/g, "") ?? 0);
  const names = [...objects.keys()]
    .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes("/"))
    .toSorted();
  const end = from + Number(query.get("max-keys") ?? 1000);
  const keys = names.slice(from, end).map((name) => `<Contents><Key>${name}</Key></Contents>`);
  const more = end < names.length;
  // Tokens are opaque: this one has what XML and addresses must escape.
  const token = more ? `<NextContinuationToken>&lt;${end}&amp;&gt;</NextContinuationToken>` : "";
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${keys.join("")}${token}</ListBucketResult>`;
}

/** "Authenticating Requests (AWS Signature Version 4)", of what came over the wire. */
function isSigned({ method, path, headers, body }: Received): boolean {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request,\s?SignedHeaders=([^,]+),\s?Signature=([0-9a-f]{64})$/.exec(
      String(headers.authorization),
    );
  if (given === null || given[1] !== S3_KEY.accessKeyId) return false;
  const [, , day = "", region = "", list = "", signature = ""] = given;
  const digest = createHash("sha256").update(body).digest("hex");
  if (headers["x-amz-content-sha256"] !== digest || !list.split(";").includes("host")) return false;
  const lines = list.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const [bare = "", query = ""] = path.split("?");
  const sorted = query.split("&").toSorted().join("&");
  const canonical = `${method}\n${bare}\n${sorted}\n${lines.join("")}\n${list}\n${digest}`;
  const date = String(headers["x-amz-date"]);
  const hashed = createHash("sha256").update(canonical).digest("hex");
  const text = `AWS4-HMAC-SHA256\n${date}\n${day}/${region}/s3/aws4_request\n${hashed}`;
  const mac = (key: string | Buffer, part: string) =>
    createHmac("sha256", key).update(part).digest();
  const byRegion = mac(mac(`AWS4${S3_KEY.secretAccessKey}`, day), region);
  const own = mac(mac(mac(byRegion, "s3"), "aws4_request"), text);
  return date.startsWith(day) && timingSafeEqual(own, Buffer.from(signature, "hex"));
}
