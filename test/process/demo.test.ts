import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/platform/db/db.ts";
import { findRunningPostgres } from "../../src/platform/db/embedded/start-embedded-postgres.ts";
import { addPerson } from "../builders/people.ts";
import { startHarness } from "../harness.ts";
import { freePort } from "../support/free-port.ts";
import { Browser } from "../support/person.ts";
import { externalEnv } from "../support/external-env.ts";
import { runToEnd } from "../support/run-to-end.ts";
import {
  startSallyportProcess,
  waitFor,
  type SallyportProcess,
} from "../support/sallyport-process.ts";

/*
 * `npm start -- --demo`: a company that is believable because everything in it happened, in a folder of
 * its own, and whose password everybody knows.
 */

const DEMO = ["src/main.ts", "--demo"];
const DAY_MS = 86_400_000;
/** Filling hashes a hundred passwords and commits two thousand times: on two busy cores that takes a while, ms. */
const PATIENCE_MS = 180_000;

let dataDir: string;
let env: Record<string, string>;
let demo: SallyportProcess;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sallyport-demo-"));
  await chmod(dataDir, 0o755);
  env = { SALLYPORT_DATA_DIR: dataDir, SALLYPORT_PORT: String(await freePort()) };
});
afterAll(async () => {
  await demo?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const startDemo = () => startSallyportProcess(env, { args: ["--demo"], patienceMs: PATIENCE_MS });

/** What stands behind this word of what the start prints. */
const printed = (word: string): string =>
  new RegExp(`${word} +(.+)`).exec(demo.output())?.[1]?.split(/[ ,]/)[0] ?? "";

const passwordPrinted = (): string => /Password +(.+)/.exec(demo.output())?.[1] ?? "";

/** Signs in with what the start printed, the code that the authenticator app would show. */
async function signIn(email: string, code: string): Promise<Browser> {
  const browser = new Browser(demo.url);
  await browser.must("POST", "/v1/sign-in", { email, password: passwordPrinted() });
  await browser.must("POST", "/v1/sign-in/totp", { code });
  return browser;
}

async function demoCode(email: string): Promise<string> {
  const { output } = await runToEnd(env, ["cli/main.ts", "demo-code", email, "--json"]);
  return JSON.parse(output).code;
}

async function query<T>(text: string): Promise<T[]> {
  const running = await findRunningPostgres(dataDir);
  if (running === undefined) throw new Error("PostgreSQL runs");
  const { db, close } = openDatabase(running.ownerUrl, () => {});
  const { rows } = await sql.raw<T>(text).execute(db);
  await close();
  return rows;
}

describe("where it may not run", () => {
  test("for anybody but this machine: every setting that would let others in is named", async () => {
    const { code, errors } = await runToEnd(
      {
        ...env,
        SALLYPORT_HOST: "0.0.0.0",
        SALLYPORT_PUBLIC_URL: "https://account.example.test",
        SALLYPORT_SMTP_URL: "smtp://mail.example.test",
        SALLYPORT_TRUSTED_PROXIES: "192.0.2.1/32",
      },
      DEMO,
    );
    expect(code).toBe(78);
    for (const name of ["HOST", "PUBLIC_URL", "SMTP_URL", "TRUSTED_PROXIES"])
      expect(errors).toContain(`SALLYPORT_${name}: `);
  });

  test("on a database that somebody uses: nothing there is touched", async () => {
    const h = await startHarness();
    const { email } = await addPerson(h);
    const { code, errors } = await runToEnd(
      {
        ...env,
        ...externalEnv(h.database),
        SALLYPORT_DATA_DIR: join(dataDir, "elsewhere"),
      },
      DEMO,
    );
    expect([code, errors]).toEqual([78, expect.stringContaining("holds accounts already")]);
    const accounts = await h.db.selectFrom("account").select("email").execute();
    expect(accounts).toEqual([{ email }]);
    await h.stop();
  });

  test("with a word that means nothing", async () => {
    const { code, errors } = await runToEnd(env, ["src/main.ts", "--dmeo"]);
    expect([code, errors]).toEqual([78, expect.stringContaining('"--dmeo" means nothing')]);
  });
});

test(
  "a start that is killed while it fills says so the next time, and makes the demo anew",
  async () => {
    const child = spawn(process.execPath, DEMO, {
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    try {
      await waitFor(
        async () => errors.includes("weeks ...") || child.exitCode !== null,
        PATIENCE_MS,
      );
      expect(child.exitCode).toBeNull();
    } finally {
      child.kill("SIGKILL");
    }
    expect(JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"))).toEqual({
      state: "filling",
    });

    demo = await startDemo();
    expect(demo.errors()).toContain("is half made: its first start did not end");
    expect(demo.output()).toContain("Sallyport is ready");
  },
  2 * PATIENCE_MS,
);

describe("what is there", () => {
  // Before anybody signs in, which leaves a browser that is known, and a mail.
  test("nothing was made at the moment of filling: rows have the times of their story", async () => {
    const tables = await query<{ name: string }>(
      `select table_name as name from information_schema.columns
       where column_name = 'created_at' and table_schema = 'public' and table_name not in ('installation', 'session')`,
    );
    const late = [];
    for (const { name } of tables) {
      const [row] = await query<{ count: string }>(
        `select count(*) from ${name} where created_at > now() - interval '1 hour'`,
      );
      if (row?.count !== "0") late.push(name);
    }
    expect(late).toEqual([]);
  });

  test("who it prints can sign in: with the printed code, and with those of demo-code", async () => {
    const code = printed("Code");
    const seconds = Number(/for (\d+) s/.exec(demo.output())?.[1]);
    expect([code, seconds > 0]).toEqual([expect.stringMatching(/^\d{6}$/), true]);
    const anna = await signIn(printed("E-mail"), await demoCode("anna@example.test"));
    const { organisations } = await anna.must("GET", "/v1/organisations");
    const [own] = organisations.filter(({ name }: { name: string }) => name === "Linden Cycles");
    const { people } = await anna.must("GET", `/v1/organisations/${own.id}/people`);
    const roles = people.map(({ role }: { role: string }) => role).toSorted();
    expect(roles).toEqual(["officer", "owner", "owner"]);

    const home = await anna.must("GET", "/v1/home");
    const names = (key: string) =>
      home[key].map((each: Record<string, { displayName?: string; name?: string }>) => each);
    expect(names("endingGrants")).toContainEqual(
      expect.objectContaining({
        holder: expect.objectContaining({ displayName: "Tomasz Zieliński" }),
      }),
    );
    expect(names("endingKeys")).toContainEqual(
      expect.objectContaining({ serviceAccount: "Calendar sync" }),
    );
    expect(names("unusedKeys")).toContainEqual(expect.objectContaining({ name: "staging" }));
    expect(names("expiredInvitations")).toContainEqual(
      expect.objectContaining({ email: "mila@example.test" }),
    );
    const supplier = home.endingGrants.find(({ holder }: { holder: { displayName: string } }) =>
      holder.displayName.startsWith("Tomasz"),
    );
    const daysLeft = (Date.parse(supplier.endsAt) - Date.now()) / DAY_MS;
    expect([daysLeft > 6, daysLeft <= 7]).toEqual([true, true]);

    const olga = await signIn("olga@example.test", await demoCode("olga@example.test"));
    expect((await olga.call("GET", "/v1/operator/health")).status).toBe(200);
  });

  test("every batch is as it was written, all of it gets filed, and nothing lies in the future", async () => {
    await waitFor(async () => {
      const [row] = await query<{ waiting: string }>(
        `select count(*) as waiting from entry_batch join entry_writer as writer on writer.id = entry_batch.writer
         where number > least(writer.filed_through, writer.tallied_through)`,
      );
      return row?.waiting === "0";
    });
    expect(await query("select * from filing_gap")).toEqual([]);
    expect(await query("select 1 from entry_batch where at > clock_timestamp()")).toEqual([]);
    const [backward] = await query<{ count: string }>(
      `select count(*) from (select at - lag(at) over (partition by writer order by number) as step
       from entry_batch) as steps where step < interval '-1 second'`,
    );
    expect(backward?.count).toBe("0");
  });

  test("some six weeks of it: decisions both ways, sign-ins that failed, changes, exports, a revoked key", async () => {
    const kinds = await query<{ action: string; outcome: string; reason: string; weeks: string }>(
      `select action, outcome, coalesce(reason, '') as reason, count(distinct date_trunc('week', at)) as weeks
       from filed_entry group by 1, 2, 3`,
    );
    const found = (action: string, outcome: string, reason = "") =>
      Number(
        kinds.find(
          (kind) =>
            [kind.action, kind.outcome, kind.reason].join() === [action, outcome, reason].join(),
        )?.weeks ?? 0,
      );
    expect(found("session.signed-in", "done")).toBeGreaterThanOrEqual(6);
    expect(found("decision.made", "refused", "address-not-allowed")).toBeGreaterThanOrEqual(3);
    expect(found("decision.made", "refused", "revoked")).toBe(1);
    expect(found("session.signed-in", "refused", "wrong-credentials")).toBeGreaterThanOrEqual(3);
    expect(found("entry.exported", "done")).toBeGreaterThanOrEqual(3);
    expect(found("access.removed-from-everything", "done")).toBe(1);
    expect(found("key.revoked", "done")).toBe(1);
    const [asked] = await query<{ allowed: string }>(
      "select sum(count) as allowed from entry_tally where action = 'decision.made' and outcome = 'done'",
    );
    expect(Number(asked?.allowed)).toBeGreaterThan(5_000);
  });
});

test(
  "another start uses the same demo, and one without --demo refuses to serve it",
  async () => {
    const secret = printed("Secret");
    expect(await demo.stop()).toBe(0);
    const plain = await runToEnd(env);
    expect([plain.code, plain.errors]).toEqual([
      78,
      expect.stringContaining("holds the demo company"),
    ]);
    demo = await startDemo();
    expect(printed("Secret")).toBe(secret);
    expect(demo.errors()).not.toContain("Making the demo");
  },
  PATIENCE_MS,
);

test(
  "a folder with somebody's own data is left as it is",
  async () => {
    await demo.stop();
    const state = join(dataDir, "demo.json");
    const kept = await readFile(state);
    await rm(state);
    const { code, errors } = await runToEnd(env, DEMO);
    expect([code, errors]).toEqual([78, expect.stringContaining("are not the demo's")]);
    await writeFile(state, kept);
  },
  PATIENCE_MS,
);
