import { createServer } from "node:net";

/**
 * Below the ports that the kernel hands out by itself (32768 and up): a browser's own connections use
 * those, and a server that stops and starts again would find its port taken.
 */
const FIRST_PORT = 11_000; // browsers refuse 10080
/** Each worker of the test run has its own, so that two never choose the same. */
const PORTS_OF_A_WORKER = 5_000;

const worker = Number(process.env["VITEST_POOL_ID"] ?? 0) % 4;
let next = Math.floor(Math.random() * PORTS_OF_A_WORKER);

/** A port of this worker that nobody listens on; nobody else takes it meanwhile. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS_OF_A_WORKER; tries++) {
    next = (next + 1) % PORTS_OF_A_WORKER;
    const port = FIRST_PORT + worker * PORTS_OF_A_WORKER + next;
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free");
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
