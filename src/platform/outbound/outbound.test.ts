import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAuthority } from "../../../test/support/certificates.ts";
import { Outbound } from "./outbound.ts";

const authority = makeAuthority();
let server: Server;
let port: number;
let answer: RequestListener;
let asked: string[];
beforeAll(async () => {
  const { cert, key } = authority.issue({ name: "Receiver", names: ["receiver.example.test"] });
  server = createServer({ cert, key }, (request, reply) => {
    asked.push(`${request.headers.host} ${request.url}`);
    answer(request, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const call = async (
  outbound: Outbound,
  { host = "receiver.example.test", patienceMs = 5_000 } = {},
) => {
  asked = [];
  return await outbound.send({
    url: new URL(`https://${host}:${port}/in?x=1`),
    method: "POST",
    headers: { "content-type": "application/json" },
    body: Buffer.from("{}"),
    patienceMs,
    tls: { ca: authority.ca },
  });
};

const allowing = (...addresses: string[]): Outbound =>
  new Outbound(["127.0.0.0/8"], async () => addresses);

test("an answer comes whole, over TLS that was checked against the host's name", async () => {
  answer = (_, reply) => reply.writeHead(202, { "x-told": "yes" }).end("taken");
  const { status, headers, body } = await call(allowing("127.0.0.1"));
  expect([status, headers["x-told"], body.toString()]).toEqual([202, "yes", "taken"]);
  expect(asked).toEqual([`receiver.example.test:${port} /in?x=1`]);
});

test("a server that is not the one of the name is not told anything", async () => {
  answer = (_, reply) => reply.end();
  await expect(call(allowing("127.0.0.1"), { host: "other.example.test" })).rejects.toMatchObject({
    code: "not-connected",
  });
  expect(asked).toEqual([]);
});

describe("attack: a target leads into our own network", () => {
  test.each([
    ["a private address", ["10.0.0.7"]],
    ["clouds' metadata", ["169.254.169.254"]],
    ["a mapped address", ["::ffff:10.0.0.7"]],
    ["a public and a private address", ["1.1.1.1", "10.0.0.7"]],
    ["an allowed and another private one", ["127.0.0.1", "10.0.0.7"]],
  ])("by a name with %s: refused before anything is sent", async (_, addresses) => {
    await expect(call(allowing(...addresses))).rejects.toMatchObject({ code: "address-refused" });
  });

  test.each(["127.0.0.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "localhost"])(
    "as %s: refused",
    async (host) => {
      await expect(call(new Outbound([]), { host })).rejects.toMatchObject({
        code: "address-refused",
      });
      expect(asked).toEqual([]);
    },
  );

  test("by a name that changes after it was judged: the judged address is called", async () => {
    answer = (_, reply) => reply.end("here");
    let looks = 0;
    const outbound = new Outbound(["127.0.0.0/8"], async () =>
      ++looks === 1 ? ["127.0.0.1"] : ["10.0.0.7"],
    );
    expect((await call(outbound)).body.toString()).toBe("here");
    expect(looks).toBe(1);
  });

  test("by a redirect: it is an answer, and nobody goes there", async () => {
    answer = (_, reply) => reply.writeHead(307, { location: "https://10.0.0.7/" }).end();
    expect((await call(allowing("127.0.0.1"))).status).toBe(307);
    expect(asked).toHaveLength(1);
  });
});

describe("whoever is called", () => {
  test("and never answers is given up", async () => {
    answer = () => {};
    await expect(call(allowing("127.0.0.1"), { patienceMs: 200 })).rejects.toMatchObject({
      code: "too-slow",
    });
  });

  test("and answers byte by byte without end is given up as well", async () => {
    answer = (_, reply) => {
      const timer = setInterval(() => reply.write("x"), 20);
      reply.once("close", () => clearInterval(timer));
    };
    await expect(call(allowing("127.0.0.1"), { patienceMs: 300 })).rejects.toMatchObject({
      code: "too-slow",
    });
  });

  test("fills no memory", async () => {
    answer = (_, reply) => reply.end("x".repeat(70_000));
    await expect(call(allowing("127.0.0.1"))).rejects.toMatchObject({ code: "answer-too-long" });
  });

  test("and hangs up has not answered", async () => {
    answer = (_, reply) => reply.destroy();
    await expect(call(allowing("127.0.0.1"))).rejects.toMatchObject({ code: "not-connected" });
  });

  test("by a name that leads nowhere is said to be unknown", async () => {
    await expect(call(allowing())).rejects.toMatchObject({ code: "name-unknown" });
    const failing = new Outbound([], async () => await Promise.reject(new Error("NXDOMAIN")));
    await expect(call(failing)).rejects.toMatchObject({ code: "name-unknown" });
  });
});

test("a TLS connection goes to the judged address, or is not made", async () => {
  const given = { signal: AbortSignal.timeout(5_000), tls: { ca: authority.ca } };
  const socket = await allowing("127.0.0.1").connect(
    { host: "receiver.example.test", port },
    given,
  );
  expect(socket.authorized).toBe(true);
  socket.destroy();
  await expect(
    allowing("10.0.0.7").connect({ host: "receiver.example.test", port }, given),
  ).rejects.toMatchObject({ code: "address-refused" });
});
