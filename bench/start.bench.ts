import { spawn } from "node:child_process";
import { mkdtemp, chmod, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { machine, median } from "./lab.ts";

const PORT = 27_793;
const ROUNDS = 3;
const POLL_MS = 10;
/** After this the process has done what it does after a start. */
const REST_MS = 10_000;

/** Reads made one after the other, each when the log is at rest. */
const READS = 5;

/**
 * Seconds from `npm start` (everything installed) to ready, on new and on existing data, memory at rest, and how long
 * after a read the public log shows a signed head that covers it, in default roles.
 */
export async function benchStart(_seconds: number, tell: (line: string) => void): Promise<object> {
  const fresh: number[] = [];
  const existing: number[] = [];
  const memory: number[] = [];
  const signed: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const dataDir = await mkdtemp(join(tmpdir(), "sallyport-start-"));
    await chmod(dataDir, 0o755);
    try {
      fresh.push(await startOnce(dataDir, async () => {}));
      existing.push(
        await startOnce(dataDir, async () => {
          await delay(REST_MS);
          memory.push(await residentMiB());
          for (let read = 0; read < READS; read++) signed.push(await secondsToSigned());
        }),
      );
      tell(
        `round ${round + 1}: new data ${fresh.at(-1)?.toFixed(2)} s, existing ${existing.at(-1)?.toFixed(2)} s, ${memory.at(-1)?.toFixed(0)} MiB at rest, a read signed within ${Math.max(...signed).toFixed(2)} s`,
      );
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }
  return {
    newDataSeconds: Number(median(fresh).toFixed(2)),
    existingDataSeconds: Number(median(existing).toFixed(2)),
    nodeMiBAtRest: Math.round(median(memory)),
    readToSignedSeconds: Number(median(signed).toFixed(2)),
    readToSignedSecondsAtMost: Number(Math.max(...signed).toFixed(2)),
    machine: machine(),
  };
}

async function startOnce(dataDir: string, whileReady: () => Promise<void>): Promise<number> {
  const start = performance.now();
  const child = spawn("npm", ["start", "--silent"], {
    env: {
      ...process.env,
      SALLYPORT_DATA_DIR: dataDir,
      SALLYPORT_PORT: String(PORT),
      SALLYPORT_PUBLIC_URL: `http://localhost:${PORT}`,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while ((await fetch(`http://127.0.0.1:${PORT}/readyz`).catch(() => null))?.ok !== true)
    await delay(POLL_MS);
  const seconds = (performance.now() - start) / 1000;
  await whileReady();
  child.kill("SIGTERM");
  await ended;
  return seconds;
}

/** Resident memory of the Sallyport that listens on our port, by its own metrics. */
async function residentMiB(): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${PORT}/metrics`)).text();
  const bytes = /^process_resident_memory_bytes ([\d.e+]+)/m.exec(metrics)?.[1];
  if (bytes !== undefined) return Number(bytes) / 2 ** 20;
  throw new Error(
    `no memory in the metrics; is /proc readable? ${await readFile("/proc/version", "utf8")}`,
  );
}

/** From a read (here a stranger's, which is on record as any is) until the signed head has grown by it. */
async function secondsToSigned(): Promise<number> {
  const before = await sizeAtRest();
  const began = performance.now();
  const reply = await fetch(`http://127.0.0.1:${PORT}/v1/account`, {
    headers: { authorization: `Bearer sp_${"0".repeat(40)}` },
  });
  if (reply.headers.get("audit-id") === null) throw new Error("the read left no entry");
  while ((await signedSize()) <= before) await delay(POLL_MS);
  return (performance.now() - began) / 1000;
}

/** Leaves that the signed head covers once nothing has been added for longer than a head takes. */
async function sizeAtRest(): Promise<number> {
  let size = await signedSize();
  for (let same = 0; same < 3;) {
    await delay(1_000);
    const now = await signedSize();
    same = now === size ? same + 1 : 0;
    size = now;
  }
  return size;
}

async function signedSize(): Promise<number> {
  const reply = await fetch(`http://127.0.0.1:${PORT}/audit/checkpoint`);
  // Before anything is signed there is none.
  return reply.ok ? Number((await reply.text()).split("\n")[1]) : 0;
}
