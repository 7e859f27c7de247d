import { rm } from "node:fs/promises";
import type { Logger } from "pino";
import { isLoopbackHost, secretKeyFile, type Config } from "../config.ts";
import { uuidv7 } from "../platform/crypto/uuid.ts";
import { openDatabase } from "../platform/db/db.ts";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabases, type RunningDatabase } from "../start/open-database.ts";
import { StartError } from "../start/start-error.ts";
import { demoPeople, type DemoPersonName } from "./demo-people.ts";
import {
  DEMO_DATA_DIR,
  demoStateFile,
  readDemoState,
  writeDemoState,
  type DemoLogin,
} from "./demo-state.ts";
import { fillDemo } from "./fill-demo.ts";

/** @throws {StartError} naming each setting with which a password that everybody knows would be a danger. */
export function requireDemoSettings(config: Config): void {
  const rules: readonly [isBroken: boolean, fault: string][] = [
    [
      !config.isLoopback,
      "SALLYPORT_PUBLIC_URL: only this machine's address, such as http://localhost:7700",
    ],
    [
      !isLoopbackHost(config.host),
      "SALLYPORT_HOST: only this machine's address, such as 127.0.0.1",
    ],
    [
      config.trustedProxies.length > 0,
      "SALLYPORT_TRUSTED_PROXIES: none, or the demo could be reached through a proxy",
    ],
    [
      config.smtpUrl !== undefined,
      "SALLYPORT_SMTP_URL: none; the demo's mails stay in the sandbox, nobody would be glad of them",
    ],
  ];
  const faults = rules.filter(([isBroken]) => isBroken).map(([, fault]) => fault);
  if (faults.length > 0)
    throw new StartError(
      `The password of the demo is known to everybody, so it runs on this machine alone:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    );
}

/** A folder with the demo in it is never served as if it were somebody's own. @throws {StartError} */
export async function requireNoDemo({ dataDir }: Pick<Config, "dataDir">): Promise<void> {
  if ((await readDemoState(dataDir)) === undefined) return;
  throw new StartError(
    `${dataDir} holds the demo company, whose password everybody knows. Start it with: npm start -- --demo\nFor data of your own, set SALLYPORT_DATA_DIR to another folder.`,
  );
}

type DemoPlace = { config: Config; log: Logger; say: (text: string) => void };

/** Removes what a start that died while it filled has left in the demo's own folder. */
export async function clearHalfMade({ config, log, say }: DemoPlace): Promise<void> {
  const { dataDir } = config;
  if (config.databaseUrl !== undefined) return;
  if ((await readDemoState(dataDir))?.state !== "filling") return;
  say(`The demo in ${dataDir} is half made: its first start did not end. Making it anew.\n`);
  // Stops what was left running, and refuses where another process is filling it at this moment.
  const database = await openDatabases(config, log);
  await database.stop();
  await rm(`${dataDir}/postgres`, { recursive: true });
  await rm(secretKeyFile(dataDir), { force: true });
  await rm(demoStateFile(dataDir), { force: true });
}

/**
 * Fills the demo where the database is empty; a demo that is there is used again.
 *
 * @returns how to sign in, whom to begin with first.
 * @throws {StartError} where the database holds anything else, which is left as it is.
 */
export async function prepareDemo(
  place: DemoPlace & { database: RunningDatabase; signal: AbortSignal },
): Promise<readonly DemoLogin[]> {
  const { config, database, log, say, signal } = place;
  await migrate(database);
  const found = await readDemoState(config.dataDir);
  const isEmpty = await hasNoAccounts(database);
  if (!isEmpty && found?.state === "ready") return found.people;
  if (!isEmpty) throw new StartError(foreignData(config, found !== undefined));
  await writeDemoState(config.dataDir, { state: "filling" });
  const processId = uuidv7(Date.now());
  // Slow requests and the like would stand in the middle of the progress.
  const quiet = log.child({}, { level: "error" });
  const onProgress = progressOf(say);
  const filling = { config, database, processId, log: quiet, signal, onProgress };
  const people = await fillDemo(filling)
    .then(loginsOf, (error: unknown) => explain(error, signal))
    .finally(() => say("\n"));
  const madeAt = new Date().toISOString();
  await writeDemoState(config.dataDir, { state: "ready", madeAt, people });
  return people;
}

function explain(error: unknown, signal: AbortSignal): never {
  if (!signal.aborted) throw error;
  throw new StartError("Stopped before the demo was made. The next start makes it anew.", {
    exitCode: 1,
  });
}

async function hasNoAccounts({ runtimeUrl }: RunningDatabase): Promise<boolean> {
  const { db, close } = openDatabase(runtimeUrl, () => {});
  try {
    const account = await db.selectFrom("account").select("id").limit(1).executeTakeFirst();
    return account === undefined;
  } finally {
    await close();
  }
}

function foreignData({ databaseUrl, dataDir }: Config, isHalfMade: boolean): string {
  if (databaseUrl === undefined)
    return `${dataDir} holds accounts that are not the demo's. They are left as they are. Give the demo a folder of its own: SALLYPORT_DATA_DIR=${DEMO_DATA_DIR} npm start -- --demo`;
  return isHalfMade
    ? "The database of SALLYPORT_DATABASE_URL holds a demo that was not made to its end. Empty the database, or start without SALLYPORT_DATABASE_URL: the demo then has one of its own."
    : "The database of SALLYPORT_DATABASE_URL holds accounts already. They are left as they are. Start without it: the demo then has a database of its own.";
}

function loginsOf(secrets: Record<DemoPersonName, string>): DemoLogin[] {
  return (Object.keys(demoPeople) as DemoPersonName[]).map((name) => {
    const { email, displayName, part } = demoPeople[name];
    return { email, displayName, part, secret: secrets[name] };
  });
}

/** A line that grows. */
function progressOf(say: DemoPlace["say"]): (part: number) => void {
  const STEPS = 20;
  let told = 0;
  say("Making the demo company and its last six weeks ");
  return (part) => {
    const due = Math.floor(part * STEPS);
    if (due > told) say(".".repeat(due - told));
    told = Math.max(told, due);
  };
}
