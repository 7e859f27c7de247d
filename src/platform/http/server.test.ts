import { connect, type AddressInfo } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServer } from "./server.ts";

const app = createServer(pino({ level: "silent" }));
app.decorate("isHttps", false);
let releaseHeld: () => void = () => {};
let heldRequests = 0;

beforeAll(async () => {
  app.post("/echo", { config: { isPublicFile: true } }, async (request) => ({ got: request.body }));
  app.post("/held", { config: { isPublicFile: true } }, async () => {
    heldRequests += 1;
    await new Promise<void>((resolve) => (releaseHeld = resolve));
    return { done: true };
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
});
// Hangs when a connection is left behind.
afterAll(() => app.close(), 5_000);

/** Everything that comes back for these bytes until the connection ends; `onData` sees it grow. */
function send(
  bytes: string | readonly string[],
  onData: (text: string) => void = () => {},
): Promise<string> {
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write([bytes].flat().join("")));
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      text += chunk;
      onData(text);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}

const head = (...lines: string[]): string =>
  ["POST /echo HTTP/1.1", "Host: localhost", ...lines, "", ""].join("\r\n");

const CLOSE = "Connection: close";
const JSON_TYPE = "Content-Type: application/json";

function problemOf(reply: string): { status: number; code: string; type: string | undefined } {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1]);
  const type = /content-type: (\S+)/i.exec(reply)?.[1];
  return { status, code: JSON.parse(reply.slice(reply.indexOf("\r\n\r\n"))).code, type };
}

const json = "application/problem+json";
const refusals: [name: string, request: string, status: number, code: string][] = [
  ["headers beyond 16 kB", head(`X-Large: ${"a".repeat(20_000)}`), 431, "headers-too-large"],
  ["what is no HTTP", "\u0016\u0003\u0001 hello\r\n\r\n", 400, "invalid-request"],
  ["a header with a line break in its name", head("X bad: 1"), 400, "invalid-request"],
  [
    "two lengths of one body",
    `${head(CLOSE, JSON_TYPE, "Content-Length: 2", "Content-Length: 3")}{}`,
    400,
    "invalid-request",
  ],
  [
    "a length beside chunks",
    `${head(CLOSE, JSON_TYPE, "Content-Length: 2", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    400,
    "invalid-request",
  ],
  [
    "a chunked body whose chunk has no length",
    `${head(CLOSE, JSON_TYPE, "Transfer-Encoding: chunked")}zz\r\n\r\n`,
    400,
    "invalid-request",
  ],
  [
    "a body beyond 64 kB, by its length",
    head(CLOSE, JSON_TYPE, "Content-Length: 70000"),
    413,
    "body-too-large",
  ],
  [
    "a body beyond 64 kB, by its chunks",
    `${head(CLOSE, JSON_TYPE, "Transfer-Encoding: chunked")}${`4000\r\n${" ".repeat(0x4000)}\r\n`.repeat(5)}0\r\n\r\n`,
    413,
    "body-too-large",
  ],
  [
    "a body as text/plain",
    `${head(CLOSE, "Content-Type: text/plain", "Content-Length: 2")}{}`,
    415,
    "media-type-not-supported",
  ],
  [
    "a body as a form",
    `${head(CLOSE, "Content-Type: application/x-www-form-urlencoded", "Content-Length: 3")}a=b`,
    415,
    "media-type-not-supported",
  ],
  [
    "a body without a type",
    `${head(CLOSE, "Content-Length: 2")}{}`,
    415,
    "media-type-not-supported",
  ],
  [
    "a body that is no JSON",
    `${head(CLOSE, JSON_TYPE, "Content-Length: 2")}{]`,
    400,
    "invalid-request",
  ],
  [
    "__proto__ in a body",
    `${head(CLOSE, JSON_TYPE, "Content-Length: 16")}{"__proto__":{}}`,
    400,
    "invalid-request",
  ],
  [
    "an address that does not decode",
    `GET /%E0%A4%A HTTP/1.1\r\nHost: localhost\r\n${CLOSE}\r\n\r\n`,
    400,
    "invalid-request",
  ],
  [
    "an unknown address",
    `GET /nowhere HTTP/1.1\r\nHost: localhost\r\n${CLOSE}\r\n\r\n`,
    404,
    "route-not-found",
  ],
];

test.each(refusals)("refuses %s", async (_name, request, status, code) => {
  expect(problemOf(await send(request))).toEqual({
    status,
    code,
    type: expect.stringContaining(json),
  });
});

test("an empty JSON body counts as {}", async () => {
  const reply = await send(head(CLOSE, JSON_TYPE, "Content-Length: 0"));
  expect(reply).toContain('{"got":{}}');
});

test("headers that trickle in end with 408", { timeout: 20_000 }, async () => {
  const reply = await send("POST /echo HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
  expect(problemOf(reply)).toEqual({ status: 408, code: "request-too-slow", type: json });
});

test("garbage after a request does not become that request's answer", async () => {
  const { promise: isHeld, resolve } = Promise.withResolvers<void>();
  const before = heldRequests;
  const reply = send([
    "POST /held HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
    "\u0000garbage\r\n\r\n",
  ]);
  const watch = setInterval(() => heldRequests > before && resolve(), 5);
  await isHeld;
  clearInterval(watch);
  // The server has read the garbage by now or reads it next; either way the answer is the request's.
  setImmediate(() => releaseHeld());
  const text = await reply;
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text.indexOf('{"done":true}')).toBeLessThan(text.indexOf("HTTP/1.1 400 "));
});

test("every reply carries the security headers", async () => {
  const reply = (await send(head(CLOSE, JSON_TYPE, "Content-Length: 0"))).toLowerCase();
  for (const line of [
    "x-content-type-options: nosniff",
    "content-security-policy: default-src 'none'",
    "referrer-policy: no-referrer",
    "cache-control: no-store",
    "x-frame-options: deny",
  ])
    expect(reply).toContain(line);
});
