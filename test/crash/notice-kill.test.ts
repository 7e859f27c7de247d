import { randomBytes } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemContext } from "../../src/context.ts";
import { createKeyRing } from "../../src/platform/crypto/key-ring.ts";
import { openDatabase, type OpenDatabase } from "../../src/platform/db/db.ts";
import { queueState } from "../../src/platform/jobs/queue-state.ts";
import { addPerson } from "../builders/people.ts";
import { startClock } from "../clock.ts";
import { startHarness, type Harness } from "../harness.ts";
import { startLossyProxy, type Fault, type LossyProxy } from "../lossy-proxy.ts";
import { startMailServer, type MailServer, type Verdict } from "../support/mail-server.ts";
import { waitFor } from "../support/sallyport-process.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { cloneTemplate, type TestDatabase } from "../template-database.ts";

/*
 * `kill -9` of the worker between every two steps of a delivery, while the mail server greylists, refuses, hangs up
 * in the middle of a message and says nothing. Each notice is in its inbox; each mail is with the server at least
 * once; and once only, unless the blow fell after the server had it and before that was noted. Then it comes again
 * under the same Message-ID.
 */

const isLong = process.env["SALLYPORT_TEST_LONG"] === "1";
const ROUNDS = isLong ? 100 : 1;
const NOTICES = isLong ? 1_000 : 40;
const SEED = 20_261_127;
/** Of a kill between the server's acceptance and our note of it: as many as a worker sends at once. */
const MOST_AT_ONCE = 4;
const PATIENCE_MS = 240_000;
const SCRIPT = fileURLToPath(new URL("./mail-process.ts", import.meta.url));

/** What the worker says to PostgreSQL, in the order of a delivery, and over which of its connections. */
const STEPS = {
  "taking the job": ["owner", /skip locked|^get_job/],
  "reading the mail": ["runtime", /from "outgoing_mail"/],
  "reading who sends": ["runtime", /from "branding"/],
  "noting that it was sent": ["runtime", /with sent as/],
  "ending the job": ["owner", /^complete_job|delete from "?graphile_worker"?\._private_jobs/],
} as const;
type Step = keyof typeof STEPS;
const steps = Object.keys(STEPS) as Step[];
const faults = ["lost", "unanswered"] as const satisfies readonly Fault[];
/** The short form does each step once, and that at which a mail comes twice both ways. */
const blows = steps.flatMap((step, index) =>
  faults
    .filter((_, other) => isLong || step.startsWith("noting") || index % 2 === other)
    .map((fault) => [step, fault] as const),
);

const secret = randomBytes(32);
let database: TestDatabase;
let owner: OpenDatabase;
let server: MailServer;
let h: Harness;
let to: { accountId: string; email: string };
beforeAll(async () => {
  database = await cloneTemplate();
  owner = openDatabase(database.ownerUrl, () => {});
  server = await startMailServer();
  const keyRing = createKeyRing({ current: secret, previous: [] });
  h = await startHarness({
    beside: { clock: startClock(), database, services: { keyRing } },
    env: { SALLYPORT_SMTP_URL: server.url },
  });
  to = await addPerson(h);
});
afterAll(async () => {
  if (running !== null) await kill(running);
  await h.stop();
  await owner.close();
  await server.stop();
  await database.drop();
});

type Running = { child: ChildProcess; proxies: Record<"runtime" | "owner", LossyProxy> };
/** The worker that there is; it goes on from one test to the next until it is killed. */
let running: Running | null = null;

async function runOne(): Promise<Running> {
  if (running !== null) return running;
  const proxies = {
    runtime: await startLossyProxy(database.runtimeUrl),
    owner: await startLossyProxy(database.ownerUrl),
  };
  const args = [proxies.runtime.url, proxies.owner.url, secret.toString("base64"), server.url];
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  running = { child, proxies };
  return running;
}

/** Kills it, and lets so much time pass that the next one takes its jobs over. */
async function kill(one: Running): Promise<void> {
  running = null;
  const ended = new Promise<void>((resolve) => one.child.once("exit", () => resolve()));
  one.child.kill("SIGKILL");
  if (one.child.exitCode === null && one.child.signalCode === null) await ended;
  for (const proxy of Object.values(one.proxies)) await proxy.stop();
  await owner.pool.query("update process set seen_at = seen_at - interval '1 minute'");
  await owner.pool.query(
    "update graphile_worker._private_jobs set locked_at = locked_at - interval '1 minute' where locked_at is not null",
  );
}

/** As many notices as that, each in a transaction of its own; nobody sends them yet. */
async function tell(count: number): Promise<void> {
  const ctx = systemContext(h.services, "test");
  const recipient = { to: to.email, name: "", language: "en", timeZone: null } as const;
  for (let index = 0; index < count; index++)
    await h.db.transaction().execute((tx) =>
      ctx.ports.notify(tx, ctx, {
        mail: { kind: "factor-enrolled", values: {}, lines: ["what"] },
        recipients: [{ ...recipient, accountId: to.accountId }],
      }),
    );
}

const idOf = (raw: string): string => /^message-id: (.*)$/im.exec(raw)?.[1] ?? "";

/** How often the server has each mail. */
const counts = (): number[] =>
  Map.groupBy(server.received, ({ raw }) => idOf(raw))
    .values()
    .map((mails) => mails.length)
    .toArray();

async function begin(): Promise<void> {
  server.received.length = 0;
  server.attempts.length = 0;
  server.verdicts.length = 0;
  await owner.pool.query("delete from notice");
  await owner.pool.query("delete from outgoing_mail");
  await owner.pool.query("delete from graphile_worker._private_jobs");
}

const isDone = async (): Promise<boolean> => {
  const { queued, running: busy } = await queueState(h.db);
  return queued + busy === 0;
};

/** Lets a worker do what is left, and looks what became of each notice. */
async function recover(told: number, { mayRefuse = 0 } = {}): Promise<void> {
  await runOne();
  await waitFor(isDone, PATIENCE_MS);
  const { rows } = await owner.pool.query<{ items: number; sent: number; refused: number }>(
    "select count(*)::int as items, (select count(*)::int from outgoing_mail where sent_at is not null) as sent, (select count(*)::int from outgoing_mail where refused_at is not null) as refused from inbox_item",
  );
  const refused = rows[0]?.refused ?? 0;
  expect(refused).toBeLessThanOrEqual(mayRefuse);
  expect(rows).toEqual([{ items: told, sent: told - refused, refused }]);
  expect(counts()).toHaveLength(told - refused);
}

test.each(blows)(
  "killed while %s (%s): each mail arrives, and no more often than it must",
  async (step, fault) => {
    await begin();
    const isTaking = step === "taking the job";
    // An idle worker asks for jobs all the time: this blow is for one that finds some.
    if (isTaking && running !== null) await kill(running);
    if (isTaking) await tell(1);
    const one = await runOne();
    const [connection, statement] = STEPS[step];
    const broken = one.proxies[connection].breakAt(statement, fault);
    if (!isTaking) await tell(1);
    await broken;
    await kill(one);
    await recover(1);
    // One alone: of others that are under way at the same time the note may be lost, whatever the step.
    const [count] = counts();
    if (step.startsWith("noting")) expect(count).toBeLessThanOrEqual(2);
    else expect(count).toBe(1);
  },
  PATIENCE_MS,
);

test(
  "killed while the server has the message and has not answered: it comes again under the same Message-ID",
  async () => {
    await begin();
    server.verdicts.push("say-nothing");
    const one = await runOne();
    await tell(1);
    await waitFor(async () => server.attempts.length === 1);
    await kill(one);
    await recover(1);
    expect(new Set(server.attempts.map(({ raw }) => idOf(raw))).size).toBe(1);
    expect(counts()).toEqual([1]);
  },
  PATIENCE_MS,
);

test(
  "a worker that ends in order sends nothing twice",
  async () => {
    await begin();
    const one = await runOne();
    await tell(8);
    await waitFor(async () => server.received.length > 0);
    const ended = new Promise<void>((resolve) => one.child.once("exit", () => resolve()));
    one.child.stdin?.end();
    await ended;
    await kill(one);
    await recover(8);
    expect(counts()).toEqual(Array.from({ length: 8 }, () => 1));
  },
  PATIENCE_MS,
);

/** Greylisting, an overload, a broken line: what the next try may get over. */
const PASSING: readonly Verdict[] = [
  { at: "recipient", code: 451 },
  { at: "recipient", code: 452 },
  { at: "message", code: 451 },
  "hang-up",
];

const REFUSAL: Verdict = { at: "recipient", code: 550 };

test(
  "killed at any moment while the server greylists, refuses and hangs up: each mail arrives that it did not refuse for good",
  async () => {
    const random = seededRandom(SEED);
    const below = (count: number): number => Math.floor(random() * count);
    for (let round = 0; round < ROUNDS; round++) {
      await begin();
      const verdicts = Array.from({ length: NOTICES / 4 }, () =>
        random() < 0.5 ? "accept" : (PASSING[below(PASSING.length)] ?? "accept"),
      );
      server.verdicts.push(...verdicts, REFUSAL);
      const one = await runOne();
      await tell(NOTICES);
      const [connection, statement] = STEPS[steps[below(steps.length)] ?? "taking the job"];
      const goal = below(NOTICES / 2);
      await waitFor(async () => server.received.length >= goal, PATIENCE_MS);
      await one.proxies[connection].breakAt(statement, faults[below(faults.length)] ?? "lost");
      await kill(one);
      await recover(NOTICES, { mayRefuse: 1 });
      expect(server.received.length).toBeLessThanOrEqual(NOTICES + MOST_AT_ONCE);
    }
  },
  PATIENCE_MS * 2 * ROUNDS,
);
