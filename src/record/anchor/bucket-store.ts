import { Outbound } from "../../platform/outbound/outbound.ts";
import { signS3, type S3Credentials } from "../../platform/outbound/sign-s3.ts";
import type { AnchorStore } from "./anchor-store.ts";

export type BucketPlace = S3Credentials & {
  /** The storage's address with the bucket, and what all names begin with: https://storage.example.com/bucket/log */
  url: URL;
};

/** The operator says where it is, so it may be anywhere. */
const ANYWHERE = ["0.0.0.0/0", "::/0"];
/** Nothing is signed meanwhile, ms. */
const PATIENCE_MS = 10_000;
const NAMES_AT_ONCE = 200;
/** A page of the ledger names each batch that it erased from. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * A store in an S3-compatible bucket, path-style. What is read is what was written last (S3 promises that since 2020).
 * `createOnce` needs conditional writes (`If-None-Match: *`; Amazon S3, MinIO, Ceph and others have them).
 *
 * @param ca for a storage with an authority of its own, PEM; else the system's.
 */
export function bucketStore(
  { url, ...credentials }: BucketPlace,
  { ca }: { ca?: string } = {},
): AnchorStore {
  const outbound = new Outbound(ANYWHERE);
  const [bucket = "", ...folders] = url.pathname.split("/").filter((part) => part !== "");
  const prefix = folders.map((part) => `${part}/`).join("");
  const urlOf = (key: string): URL => new URL(`/${bucket}/${key}`, url);

  async function send(method: string, target: URL, { headers = {}, text = "" }: Sent = {}) {
    const request = { method, url: target, headers, body: Buffer.from(text), now: new Date() };
    return await outbound.send({
      ...request,
      headers: signS3(request, credentials),
      patienceMs: PATIENCE_MS,
      mostBytes: MAX_TEXT_BYTES,
      ...(ca !== undefined && { tls: { ca } }),
    });
  }

  async function put(name: string, text: string, headers: Record<string, string> = {}) {
    const target = urlOf(prefix + name);
    const { status } = await send("PUT", target, {
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
      text,
    });
    return { target, status };
  }

  return {
    list: async (folder) => {
      const below = `${prefix}${folder}${folder === "" ? "" : "/"}`;
      const names: string[] = [];
      for (let token: string | undefined; ;) {
        const target = listUrl(urlOf(""), { below, token });
        const { status, body } = await send("GET", target);
        if (status !== 200) throw refused(target, status);
        const page = body.toString();
        names.push(...textsOf(page, "Key").map((key) => key.slice(below.length)));
        [token] = textsOf(page, "NextContinuationToken");
        if (token === undefined) return names;
      }
    },
    read: async (name) => {
      const target = urlOf(prefix + name);
      const { status, body } = await send("GET", target);
      if (status === 404) return null;
      if (status !== 200) throw refused(target, status);
      return body.toString();
    },
    replace: async (name, text) => {
      const { target, status } = await put(name, text);
      if (status !== 200) throw refused(target, status);
    },
    createOnce: async (name, text) => {
      const { target, status } = await put(name, text, { "if-none-match": "*" });
      if (status === 412) return false;
      if (status !== 200) throw refused(target, status);
      return true;
    },
    placeOf: (name) => urlOf(prefix + name).href,
  };
}

type Sent = { headers?: Record<string, string>; text?: string };

/** ListObjectsV2; parameters in their order, encoded once, as they are signed. */
function listUrl(bucket: URL, { below, token }: { below: string; token: string | undefined }): URL {
  const url = new URL(bucket);
  const parameters: [string, string][] = [
    ...(token === undefined ? [] : [["continuation-token", token] satisfies [string, string]]),
    ["delimiter", "/"],
    ["list-type", "2"],
    ["max-keys", String(NAMES_AT_ONCE)],
    ["prefix", below],
  ];
  url.search = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return url;
}

const refused = ({ href }: URL, status: number): Error =>
  new Error(
    status === 403
      ? `${href}: the storage refused us; the key must be allowed to list the bucket, and to read and write objects there`
      : `${href}: the storage answered with ${status}`,
  );

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What stands in each element of this name. The storage's XML has neither attributes nor comments in these. */
const textsOf = (xml: string, element: string): string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text = ""]) =>
    text.replaceAll(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole),
  );
