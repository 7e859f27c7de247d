import { randomUUID } from "node:crypto";
import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { problems, type ProblemCode } from "../../contract/problems.ts";
import { problemBody } from "./problem-reply.ts";

const CODES: Partial<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: "headers-too-large",
  ERR_HTTP_REQUEST_TIMEOUT: "request-too-slow",
};

/** Time to fetch the answer before the connection is cut, ms. */
const LINGER_MS = 2_000;

/**
 * What is not HTTP, or does not come to an end, never reaches a route: it is answered plainly, and the
 * connection closed. Whole requests before it on the same connection get their own answers first: one of
 * them may have changed something, and must not be told that it was malformed.
 */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  // Node tells again of whatever else arrives on it.
  if (refused.has(socket)) return;
  refused.add(socket);
  refuseInTurn(socket, refusal(CODES[error.code ?? ""] ?? "invalid-request"));
}

const refused = new WeakSet<Socket>();

function refuseInTurn(socket: Socket, text: string): void {
  const reply = pendingReply(socket);
  // The request that is not whole is the malformed one; whole ones before it are being answered.
  if (reply?.req.complete === true)
    return void reply.once("close", () => refuseInTurn(socket, text));
  if (reply?.headersSent !== true && socket.writable) socket.end(text);
  // At once, what we have not read yet would make the system drop our answer too.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** The reply that Node is writing, or will write next, on this connection; its own handler looks there too. */
function pendingReply(socket: Socket): ServerResponse | null {
  const name = "_httpMessage";
  return (socket as Socket & { [name]?: ServerResponse | null })[name] ?? null;
}

function refusal(code: ProblemCode): string {
  const { status } = problems[code];
  const body = JSON.stringify(problemBody(code, randomUUID()));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
