import { readFile } from "node:fs/promises";
import { CONNECTIONS, loadOf } from "./decisions.bench.ts";
import { machine, median, openLab, type Server } from "./lab.ts";
import { seedKeys } from "./seed.ts";
import { PASSWORD, postSignIn, seedAccounts } from "./sign-ins.bench.ts";
import { runLoad, type LoadResult } from "./wrk.ts";

const PORT = 27_793;
const KEYS = 1_000;
const WINDOWS = 3;
/** Clients that sign in without a pause: many more than hash at once, so that hashing is at its limit all the time. */
const CLIENTS = 64;

type Storm = { answered: number; refused: number };

/**
 * Decisions while everybody signs in at once, against the same decisions without it, in turn: hashes take all cores
 * but one and wait in a queue, and what asks for a decision must not wait for them. Server, PostgreSQL and load share
 * the machine's cores.
 */
export async function benchSignInStorm(
  seconds: number,
  tell: (line: string) => void,
): Promise<object> {
  const lab = await openLab({ isPinned: false });
  try {
    const emails = await seedAccounts(lab);
    const seeded = await seedKeys(lab, KEYS);
    const server = await lab.startSallyport(PORT, { isPinned: false });
    try {
      const decide = (forSeconds: number): Promise<LoadResult> =>
        runLoad({ ...loadOf(seeded), url: `${server.url}/v1/decisions`, seconds: forSeconds });
      await decide(3);
      const restBytes = await residentBytes(server);
      const pairs: { alone: LoadResult; during: LoadResult; storm: Storm; peakBytes: number }[] =
        [];
      for (let window = 0; window < WINDOWS; window++) {
        const alone = await decide(seconds);
        const pair = { alone, ...(await underStorm(server, emails, () => decide(seconds))) };
        pairs.push(pair);
        const { during, storm, peakBytes } = pair;
        tell(
          `window ${window + 1}: alone ${alone.perSecond}/s, p99 ${alone.p99Ms} ms; in the storm ${during.perSecond}/s, p99 ${during.p99Ms} ms; ${storm.answered} sign-ins, ${storm.refused} told to wait, ${mebibytes(peakBytes)} MiB`,
        );
      }
      return { ...summarise(pairs, seconds), restMiB: mebibytes(restBytes), machine: machine() };
    } finally {
      await server.stop();
    }
  } finally {
    await lab.stop();
  }
}

function summarise(
  pairs: readonly { alone: LoadResult; during: LoadResult; storm: Storm; peakBytes: number }[],
  seconds: number,
) {
  const errors = pairs.reduce((sum, { alone, during }) => sum + alone.errors + during.errors, 0);
  if (errors > 0) throw new Error(`${errors} decisions failed: the numbers mean nothing`);
  return {
    ratio: Number(
      median(pairs.map(({ alone, during }) => during.perSecond / alone.perSecond)).toFixed(3),
    ),
    p99Ms: median(pairs.map(({ during }) => during.p99Ms)),
    perSecond: median(pairs.map(({ during }) => during.perSecond)),
    alonePerSecond: median(pairs.map(({ alone }) => alone.perSecond)),
    signInsPerSecond: Number(median(pairs.map(({ storm }) => storm.answered / seconds)).toFixed(1)),
    peakMiB: mebibytes(Math.max(...pairs.map(({ peakBytes }) => peakBytes))),
    connections: CONNECTIONS,
    clients: CLIENTS,
  };
}

/** Runs the work while clients sign in; the storm has begun before, and ends after it. */
async function underStorm(
  server: Server,
  emails: readonly string[],
  work: () => Promise<LoadResult>,
): Promise<{ during: LoadResult; storm: Storm; peakBytes: number }> {
  const storm = { answered: 0, refused: 0 };
  let isOver = false;
  let next = 0;
  let peakBytes = 0;
  const client = async (index: number): Promise<void> => {
    while (!isOver) {
      const email = emails[next++ % emails.length] ?? "";
      const status = await postSignIn(
        { email, password: PASSWORD },
        { from: `127.0.2.${index + 1}`, port: PORT },
      );
      if (status === 200) storm.answered += 1;
      else if (status === 429) storm.refused += 1;
      else throw new Error(`a sign-in was answered ${status}`);
      peakBytes = Math.max(peakBytes, await residentBytes(server));
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, index) => client(index));
  try {
    const during = await Promise.race([work(), Promise.all(clients).then(never)]);
    return { during, storm, peakBytes };
  } finally {
    isOver = true;
    await Promise.allSettled(clients);
  }
}

/** Clients end before the work only by failing. */
function never(): never {
  throw new Error("the storm ended before the decisions");
}

async function residentBytes({ pid }: Server): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
