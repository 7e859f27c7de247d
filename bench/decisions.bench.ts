import { Client } from "pg";
import { cpuMicros, machine, median, openLab, startServer, type Lab, type Server } from "./lab.ts";
import { seedKeys, type Seeded } from "./seed.ts";
import { runLoad, type LoadResult } from "./wrk.ts";

const KEYS = 10_000;
/** Of the load. */
export const CONNECTIONS = 64;
const SALLYPORT_PORT = 27_790;
const FLOOR_PORT = 27_791;
/** Windows of each server, in turn: the machine drifts, so only neighbours are compared. */
const WINDOWS = 5;

/** With the CPU time that the server used for each request, µs. */
type Measured = LoadResult & { cpuMicros: number };

export type DecisionResult = {
  ratio: number;
  perSecond: number;
  floorPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU time of the server for each request, µs: steadier than rates on a shared machine. */
  cpuMicros: number;
  floorCpuMicros: number;
  connections: number;
  bytesPerDecision: number;
  decisionsPerBatch: number;
  machine: string;
};

/**
 * Decisions committed before the answer against the same route without look-up or record: one server
 * core, the load and PostgreSQL on the other.
 */
export async function benchDecisions(
  seconds: number,
  tell: (line: string) => void,
): Promise<DecisionResult> {
  const lab = await openLab();
  try {
    const seeded = await seedKeys(lab, KEYS);
    const floor = await startServer(["bench/servers/floor.ts"], FLOOR_PORT);
    const sallyport = await lab.startSallyport(SALLYPORT_PORT);
    try {
      const run = async ({ url, pid }: Server, forSeconds: number): Promise<Measured> => {
        const before = await cpuMicros(pid);
        const result = await runLoad({
          ...loadOf(seeded),
          url: `${url}/v1/decisions`,
          seconds: forSeconds,
        });
        return { ...result, cpuMicros: ((await cpuMicros(pid)) - before) / result.requests };
      };
      await run(floor, 3);
      await run(sallyport, 5);
      const before = await recordSize(lab);
      const pairs: { floor: Measured; ours: Measured }[] = [];
      for (let window = 0; window < WINDOWS; window++) {
        const pair = { floor: await run(floor, seconds), ours: await run(sallyport, seconds) };
        pairs.push(pair);
        tell(
          `window ${window + 1}: floor ${pair.floor.perSecond}/s, decisions ${pair.ours.perSecond}/s, p50 ${pair.ours.p50Ms} ms, p99 ${pair.ours.p99Ms} ms, CPU ${pair.floor.cpuMicros.toFixed(1)} and ${pair.ours.cpuMicros.toFixed(1)} µs, errors ${pair.ours.errors}`,
        );
      }
      const after = await recordSize(lab);
      return {
        ...summarise(pairs),
        bytesPerDecision: Math.round(
          (after.bytes - before.bytes) / (after.decisions - before.decisions),
        ),
        decisionsPerBatch: Number(
          ((after.decisions - before.decisions) / (after.batches - before.batches)).toFixed(1),
        ),
        machine: machine(),
      };
    } finally {
      await floor.stop();
      await sallyport.stop();
    }
  } finally {
    await lab.stop();
  }
}

function summarise(pairs: readonly { floor: Measured; ours: Measured }[]) {
  const errors = pairs.reduce((sum, { ours }) => sum + ours.errors, 0);
  if (errors > 0) throw new Error(`${errors} requests failed: the numbers mean nothing`);
  return {
    ratio: Number(
      median(pairs.map(({ floor, ours }) => ours.perSecond / floor.perSecond)).toFixed(3),
    ),
    perSecond: median(pairs.map(({ ours }) => ours.perSecond)),
    floorPerSecond: median(pairs.map(({ floor }) => floor.perSecond)),
    p50Ms: median(pairs.map(({ ours }) => ours.p50Ms)),
    p99Ms: median(pairs.map(({ ours }) => ours.p99Ms)),
    cpuMicros: Number(median(pairs.map(({ ours }) => ours.cpuMicros)).toFixed(1)),
    floorCpuMicros: Number(median(pairs.map(({ floor }) => floor.cpuMicros)).toFixed(1)),
    connections: CONNECTIONS,
  };
}

/** Questions about each key in turn, from addresses of its list. */
export function loadOf({ appId, gateway, keys }: Seeded) {
  return {
    connections: CONNECTIONS,
    headers: { "content-type": "application/json", authorization: `Bearer ${gateway}` },
    bodies: keys.map((credential, index) =>
      JSON.stringify({
        credential,
        action: "app:read",
        appId,
        address: index % 4 === 0 ? `2001:db8::${(index % 9_999) + 1}` : `203.0.113.${index % 256}`,
      }),
    ),
  };
}

/** Everything on disk for the record, indexes included, and how many decisions it holds. */
async function recordSize(
  lab: Lab,
): Promise<{ bytes: number; decisions: number; batches: number }> {
  const client = new Client({ connectionString: lab.ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ bytes: string; decisions: string; batches: string }>(
      "select pg_total_relation_size('entry_batch') as bytes, coalesce(sum(count), 0) as decisions, count(*) as batches from entry_batch",
    );
    return {
      bytes: Number(rows[0]?.bytes),
      decisions: Number(rows[0]?.decisions),
      batches: Number(rows[0]?.batches),
    };
  } finally {
    await client.end();
  }
}
