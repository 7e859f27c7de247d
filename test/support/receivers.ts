import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";
import { makeAuthority, type TestAuthority } from "./certificates.ts";

/*
 * The other ends of streams, each on a free port of loopback, with a certificate of an authority of its own.
 */

export const receiverAuthority: TestAuthority = makeAuthority("Receivers");

const identity = () => receiverAuthority.issue({ name: "Receiver", names: ["localhost"] });

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer };

export type HttpsReceiver = {
  port: number;
  url: string;
  /** Everything that came, whatever was answered. */
  received: Received[];
  /** What is answered: 204 where a test sets nothing. */
  answer: (received: Received, reply: Parameters<RequestListener>[1]) => unknown;
  stop(): Promise<void>;
};

export async function startHttpsReceiver(): Promise<HttpsReceiver> {
  const receiver: Omit<HttpsReceiver, "port" | "url" | "stop"> = {
    received: [],
    answer: (_, reply) => reply.writeHead(204).end(),
  };
  const server = createServer(identity(), (request, reply) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks) };
      receiver.received.push(one);
      receiver.answer(one, reply);
    });
  });
  const port = await listen(server);
  return Object.assign(receiver, {
    port,
    url: `https://localhost:${port}/log`,
    stop: async () => {
      server.closeAllConnections();
      await close(server);
    },
  });
}

export type SyslogReceiver = {
  port: number;
  /** Messages, without their octet counts. */
  messages: string[];
  /** What else came: bytes that are no frame. */
  faults: string[];
  /** Resets the connection once so many messages have come, as a machine that dies does. */
  breakAfter: number;
  stop(): Promise<void>;
};

/** Reads octet-counted frames (RFC 5425 §4.3), by code of its own. */
export async function startSyslogReceiver(): Promise<SyslogReceiver> {
  const receiver = {
    messages: [] as string[],
    faults: [] as string[],
    breakAfter: Number.POSITIVE_INFINITY,
  };
  const sockets = new Set<TLSSocket>();
  // A TLS socket cannot reset its connection; the one below it can.
  let raw: Socket | undefined;
  const server = createTlsServer(identity(), (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const space = rest.indexOf(" ");
        if (space === -1) return;
        const count = rest.subarray(0, space).toString("latin1");
        if (!/^[1-9]\d*$/.test(count)) receiver.faults.push(count);
        const end = space + 1 + Number(count);
        if (rest.length < end) return;
        receiver.messages.push(rest.subarray(space + 1, end).toString("utf8"));
        rest = rest.subarray(end);
        if (receiver.messages.length >= receiver.breakAfter) {
          receiver.breakAfter = Number.POSITIVE_INFINITY;
          raw?.resetAndDestroy();
          return;
        }
      }
    });
    socket.on("end", () => {
      if (rest.length > 0) receiver.faults.push(rest.toString());
    });
  });
  server.on("connection", (socket) => {
    raw = socket;
  });
  const port = await listen(server);
  return Object.assign(receiver, {
    port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await close(server);
    },
  });
}

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

/** Takes PUTs into one bucket, path-style, and checks AWS Signature Version 4 by code of its own. */
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
    const name = request.path.slice(prefix.length);
    if (!request.path.startsWith(prefix) || !isSigned(request)) {
      receiver.refused.push(request.path);
      return reply.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    }
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
  const canonical = `${method}\n${path}\n\n${lines.join("")}\n${list}\n${digest}`;
  const date = String(headers["x-amz-date"]);
  const hashed = createHash("sha256").update(canonical).digest("hex");
  const text = `AWS4-HMAC-SHA256\n${date}\n${day}/${region}/s3/aws4_request\n${hashed}`;
  const mac = (key: string | Buffer, part: string) =>
    createHmac("sha256", key).update(part).digest();
  const byRegion = mac(mac(`AWS4${S3_KEY.secretAccessKey}`, day), region);
  const own = mac(mac(mac(byRegion, "s3"), "aws4_request"), text);
  return date.startsWith(day) && timingSafeEqual(own, Buffer.from(signature, "hex"));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
