import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { readIfThere, type ClusterHome } from "./cluster-home.ts";
import { OWNER } from "./connection-urls.ts";
import { EmbeddedPostgresError } from "./embedded-error.ts";
import type { PostgresUser } from "./postgres-user.ts";

/**
 * initdb, unlike the server, insists that its user has a name. A number without one, to which root has
 * switched, borrows `nobody` for these moments; the group, which opens the folders above, stays its own.
 */
export async function chooseMaker(
  user: PostgresUser | undefined,
): Promise<PostgresUser | undefined> {
  if (user === undefined) return undefined;
  const users = await knownUsers();
  if (users.some(({ uid }) => uid === user.uid)) return user;
  const nobody = users.find(({ name }) => name === "nobody");
  return nobody === undefined ? user : { uid: nobody.uid, gid: user.gid };
}

async function knownUsers(): Promise<{ name: string; uid: number }[]> {
  const lines = ((await readIfThere("/etc/passwd")) ?? "").trim().split("\n");
  return lines.map((line) => {
    const [name = "", , uid] = line.split(":");
    return { name, uid: Number(uid) };
  });
}

/** Where initdb works: an empty folder of its user's, and a file with the owner's password. */
type Workplace = { draft: string; passwordFile: string };

/** Fills `draft` with a new cluster. */
export async function runInitdb(
  home: ClusterHome,
  binaries: Binaries,
  { draft, passwordFile }: Workplace,
): Promise<void> {
  const command = [
    join(binaries.folder, "bin", "initdb"),
    `--pgdata=${draft}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // These come with the server: no order of text depends on the system's locales.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
  ];
  let ended = await run(home, draft, command);
  if (ended.code !== 0 && NAMELESS.test(ended.output) && home.user === undefined) {
    // A caller without a name, as in some containers, lends itself one where the kernel allows it.
    const uid = (await knownUsers()).find(({ name }) => name === "nobody")?.uid;
    ended = await run(home, draft, ["unshare", "--user", `--map-user=${uid}`, ...command]);
  }
  if (ended.code === 0) return;
  const isFull = /No space left on device/.test(ended.output);
  throw new EmbeddedPostgresError(
    `${dirname(home.data)}: cannot make the database: ${isFull ? "the disk is full" : ended.output}`,
  );
}

const NAMELESS = /could not look up effective user ID/;

function run(
  home: ClusterHome,
  draft: string,
  [command = "", ...args]: string[],
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: draft,
      env: POSTGRES_ENVIRONMENT,
      stdio: ["ignore", "pipe", "pipe"],
      ...home.user,
    });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => reject(cannotRun(home, error)));
    child.once("close", (code) => resolve({ code, output: output.trim() }));
  });
}

/** Nothing of Sallyport's own environment: it can hold secrets, and the server is another user's process. */
export const POSTGRES_ENVIRONMENT = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

/** An EPERM or EINVAL here is a container that does not let root become anybody else. */
export function cannotRun(home: ClusterHome, error: Error): EmbeddedPostgresError {
  const who = home.user === undefined ? "" : ` as uid ${home.user.uid}`;
  return new EmbeddedPostgresError(
    `Cannot run PostgreSQL${who}: ${error.message}. Set SALLYPORT_DATABASE_URL to use another one.`,
    { cause: error },
  );
}
