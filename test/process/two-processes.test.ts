import { createServer, type Server } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, newPassword } from "../support/person.ts";
import { startMailServer, type MailServer } from "../support/mail-server.ts";
import { runToEnd } from "../support/run-to-end.ts";
import { externalEnv } from "../support/external-env.ts";
import {
  startSallyportProcess,
  waitFor,
  type SallyportProcess,
} from "../support/sallyport-process.ts";
import { cloneTemplate, type TestDatabase } from "../template-database.ts";

/*
 * Several Sallyports on one external database: they serve the same people, stop without losing what they
 * answered, and take over each other's jobs.
 */

let database: TestDatabase;
let owner: Client;
let env: Record<string, string>;
beforeAll(async () => {
  database = await cloneTemplate();
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  env = externalEnv(database);
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

async function withProcesses(
  given: readonly Record<string, string>[],
  work: (processes: SallyportProcess[]) => Promise<void>,
): Promise<void> {
  const processes: SallyportProcess[] = [];
  try {
    for (const more of given) processes.push(await startSallyportProcess({ ...env, ...more }));
    await work(processes);
  } finally {
    await Promise.all(processes.map((one) => one.stop()));
  }
}

const livingProcesses = async (): Promise<number> =>
  (await owner.query("select from process")).rowCount ?? 0;

test("two processes serve one installation; each signs off when it stops", async () => {
  await withProcesses([{}, {}], async ([first, second]) => {
    if (first === undefined || second === undefined) throw new Error("two were started");
    const here = new Browser(first.url);
    const email = "both@example.test";
    const password = newPassword();
    await here.must("POST", "/v1/accounts", { email, password, displayName: "Bo Both" });
    await here.must("POST", "/v1/accounts/verify", { token: await here.tokenFor(email) });
    const { session } = await new Browser(second.url).must("POST", "/v1/sign-in", {
      email,
      password,
    });
    expect(session).toEqual({ level: "needs-enrolment" });
    expect(await livingProcesses()).toBe(2);
    expect(await second.stop()).toBe(0);
    expect(await livingProcesses()).toBe(1);
  });
  expect(await livingProcesses()).toBe(0);
});

test("SIGTERM under load: every answer that left is true, none is an error, and nothing is missing", async () => {
  await withProcesses([{}], async ([sallyport]) => {
    if (sallyport === undefined) throw new Error("one was started");
    const person = new Browser(sallyport.url);
    await person.signUp("load@example.test", "Lou Load");
    const made = new Set<string>();
    const statuses = new Set<number>();
    const isStopped = sallyport.child;
    const load = Array.from({ length: 12 }, async (_, writer) => {
      for (let index = 0; isStopped.exitCode === null; index++) {
        const name = `app-${writer}-${index}`;
        const reply = await person.call("POST", "/v1/apps", { name }).catch(() => null);
        if (reply === null) return; // not accepted any more
        statuses.add(reply.status);
        if (reply.status === 201) made.add(name);
      }
    });
    await waitFor(async () => made.size >= 60);
    expect(await sallyport.stop()).toBe(0);
    await Promise.all(load);
    expect([...statuses]).toEqual([201]);
    const { rows } = await owner.query<{ name: string }>("select name from app");
    const stored = new Set(rows.map(({ name }) => name));
    expect([...made].filter((name) => !stored.has(name))).toEqual([]);
    // Its numbers are whole: what it took is all there.
    const { rows: writers } = await owner.query<{ missing: string }>(
      "select max(number) - count(*) as missing from entry_batch group by writer",
    );
    expect(writers.every(({ missing }) => missing === "0")).toBe(true);
  });
});

test("an error that nobody caught ends the process in order: not zero, signed off", async () => {
  const planted = `process.on("SIGUSR2", () => { throw new Error("planted by the test"); });`;
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(planted)}`;
  await withProcesses([{ NODE_OPTIONS }], async ([sallyport]) => {
    const ended = new Promise((resolve) => sallyport?.child.once("exit", resolve));
    sallyport?.child.kill("SIGUSR2");
    expect(await ended).toBe(1);
    expect(await livingProcesses()).toBe(0);
  });
});

describe("a database that is refused", () => {
  test("one that would lose what was acknowledged, with the command that makes it right", async () => {
    const { username, pathname } = new URL(database.runtimeUrl);
    const setting = `alter role ${username} in database ${pathname.slice(1)}`;
    await owner.query(`${setting} set synchronous_commit = off`);
    const { code, errors } = await runToEnd(env);
    await owner.query(`${setting} reset synchronous_commit`);
    expect(code).toBe(78);
    expect(errors).toContain(`alter role "${username}" set synchronous_commit = on`);
  });

  test("one that does not take the password, without telling it", async () => {
    const url = new URL(database.runtimeUrl);
    url.password = "password-that-is-wrong";
    const { code, errors } = await runToEnd({ ...env, SALLYPORT_DATABASE_URL: url.href });
    expect(code).toBe(78);
    expect(errors).toContain("SALLYPORT_DATABASE_URL");
    expect(errors).not.toContain("password-that-is-wrong");
  });
});

test("a port that is taken is told, and the process leaves nothing behind", async () => {
  const { promise, resolve } = Promise.withResolvers<Server>();
  const taken = createServer().listen(0, "127.0.0.1", () => resolve(taken));
  const address = (await promise).address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const { code, errors } = await runToEnd({ ...env, SALLYPORT_PORT: port });
  taken.close();
  expect(code).toBe(78);
  expect(errors).toContain(`Port ${port} of 127.0.0.1 is taken`);
  expect(await livingProcesses()).toBe(0);
});

describe("a worker that is killed in the middle of a mail", () => {
  let mailServer: MailServer;
  beforeAll(async () => {
    mailServer = await startMailServer();
  });
  afterAll(() => mailServer.stop());

  test(
    "another one sends it within 30 s, recognisably the same",
    { timeout: 120_000 },
    async () => {
      const mail = { SALLYPORT_SMTP_URL: mailServer.url };
      const worker = { ...mail, SALLYPORT_ROLES: "web,worker" };
      mailServer.verdicts.push("say-nothing");
      await withProcesses([worker], async ([first]) => {
        if (first === undefined) throw new Error("one was started");
        await withProcesses([{ ...mail, SALLYPORT_ROLES: "web" }], async ([web]) => {
          await new Browser(web?.url ?? "").must("POST", "/v1/accounts", {
            email: "killed@example.test",
            password: newPassword(),
            displayName: "Kim Killed",
          });
        });
        await waitFor(async () => mailServer.attempts.length === 1);
        await withProcesses([worker], async () => {
          await first.kill();
          const killedAt = performance.now();
          await waitFor(async () => mailServer.received.length === 1);
          expect(performance.now() - killedAt).toBeLessThan(30_000);
        });
        const ids = mailServer.attempts.map(({ raw }) => /^Message-ID: (.+)$/im.exec(raw)?.[1]);
        expect(ids).toHaveLength(2);
        expect(ids[1]).toBe(ids[0]);
      });
    },
  );
});
