import { request } from "node:http";
import { availableParallelism } from "node:os";
import { Client } from "pg";
import { createPasswordHasher } from "../src/identity/passwords/password-hasher.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import { machine, median, openLab, type Lab } from "./lab.ts";

const PORT = 27_792;
export const PASSWORD = "correct horse battery staple 9";
const ACCOUNTS = 200;
const WINDOWS = 3;
/** Clients that sign in one after the other; more than hash at once, so that the hashes never wait for them. */
const CLIENTS = 8;

/**
 * Sign-ins per second against the hashes per second of the cores allowed to hash: what everything
 * around the hash costs.
 */
export async function benchSignIns(seconds: number, tell: (line: string) => void): Promise<object> {
  const lab = await openLab();
  try {
    const emails = await seedAccounts(lab);
    const server = await lab.startSallyport(PORT, { isPinned: false });
    try {
      await signInsFor(2, emails);
      const pairs: { hashes: number; signIns: number }[] = [];
      for (let window = 0; window < WINDOWS; window++) {
        const pair = {
          hashes: await hashesFor(seconds),
          signIns: await signInsFor(seconds, emails),
        };
        pairs.push(pair);
        tell(
          `window ${window + 1}: ${pair.hashes.toFixed(1)} hashes/s, ${pair.signIns.toFixed(1)} sign-ins/s`,
        );
      }
      return {
        ratio: Number(median(pairs.map(({ hashes, signIns }) => signIns / hashes)).toFixed(3)),
        signInsPerSecond: Number(median(pairs.map(({ signIns }) => signIns)).toFixed(1)),
        hashesPerSecond: Number(median(pairs.map(({ hashes }) => hashes)).toFixed(1)),
        coresHashing: Math.max(1, availableParallelism() - 1),
        parameters: "argon2id, 19 MiB, t=2, p=1",
        machine: machine(),
      };
    } finally {
      await server.stop();
    }
  } finally {
    await lab.stop();
  }
}

/** People who have enrolled, with one password. @returns their addresses. */
export async function seedAccounts(lab: Lab): Promise<string[]> {
  const hash = await createPasswordHasher({ maxQueued: 10 }).hash(PASSWORD);
  const client = new Client({ connectionString: lab.ownerUrl });
  await client.connect();
  const emails = Array.from({ length: ACCOUNTS }, (_, index) => `person-${index}@example.test`);
  await client.query(
    `insert into account (id, kind, email, email_key, display_name, password_hash)
     select u.id, 'person', u.email, u.email, 'Bench', $3 from unnest($1::uuid[], $2::text[]) as u (id, email)`,
    [emails.map(() => uuidv7(Date.now())), emails, hash],
  );
  // They have enrolled, as nearly everybody who signs in has.
  await client.query(
    "insert into recovery_code (account_id, mac, mac_key_id) select id, sha256(id::text::bytea), 'bench' from account",
  );
  await client.end();
  return emails;
}

/** Verifications per second of the same hasher, alone. */
async function hashesFor(seconds: number): Promise<number> {
  const hasher = createPasswordHasher({ maxQueued: 100 });
  const stored = await hasher.hash(PASSWORD);
  return rate(seconds, async () => {
    if (!(await hasher.verify(stored, PASSWORD))) throw new Error("the right password is right");
  });
}

function signInsFor(seconds: number, emails: readonly string[]): Promise<number> {
  let next = 0;
  return rate(seconds, async (client) => {
    const email = emails[next++ % emails.length] ?? "";
    // Each client has an address of its own: limits count by network.
    const body = { email, password: PASSWORD };
    const status = await postSignIn(body, { from: `127.0.1.${client + 1}`, port: PORT });
    if (status !== 200) throw new Error(`a sign-in was answered ${status}`);
  });
}

async function rate(seconds: number, work: (client: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  let done = 0;
  const client = async (index: number): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      await work(index);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)));
  return (done * 1000) / (performance.now() - start);
}

/** @returns the status. Limits count by network, so each client comes `from` an address of its own. */
export function postSignIn(
  body: object,
  { from, port }: { from: string; port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      path: "/v1/sign-in",
      method: "POST",
      localAddress: from,
      agent: false,
      headers: { "content-type": "application/json" },
    });
    sent.once("error", reject);
    sent.once("response", (reply) => {
      reply.resume();
      reply.once("end", () => resolve(reply.statusCode ?? 0));
    });
    sent.end(JSON.stringify(body));
  });
}
