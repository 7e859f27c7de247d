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

/** Seconds from `npm start` (everything installed) to ready, on new and on existing data, and memory at rest. */
export async function benchStart(_seconds: number, tell: (line: string) => void): Promise<object> {
  const fresh: number[] = [];
  const existing: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const dataDir = await mkdtemp(join(tmpdir(), "sallyport-start-"));
    await chmod(dataDir, 0o755);
    try {
      fresh.push(await startOnce(dataDir, async () => {}));
      existing.push(
        await startOnce(dataDir, async () => {
          await delay(REST_MS);
          memory.push(await residentMiB());
        }),
      );
      tell(
        `round ${round + 1}: new data ${fresh.at(-1)?.toFixed(2)} s, existing ${existing.at(-1)?.toFixed(2)} s, ${memory.at(-1)?.toFixed(0)} MiB at rest`,
      );
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }
  return {
    newDataSeconds: Number(median(fresh).toFixed(2)),
    existingDataSeconds: Number(median(existing).toFixed(2)),
    nodeMiBAtRest: Math.round(median(memory)),
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
