import { createServer } from "node:https";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
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

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
