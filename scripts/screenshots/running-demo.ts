import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { demoCode } from "../../src/demo/demo-logins.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-people.ts";
import { readDemoState, type DemoLogin } from "../../src/demo/demo-state.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The demo is filled first, ms. */
const PATIENCE_MS = 5 * 60_000;
const POLL_MS = 200;

export type RunningDemo = {
  url: string;
  /** What the person types to sign in; their code is another one each half minute, and works once. */
  login(email: string): { email: string; password: string; code: string };
  stop(): Promise<void>;
};

/** A demo of its own, as `npm start -- --demo` makes it, on a free port and in a folder that goes with it. */
export async function startDemo(): Promise<RunningDemo> {
  const dataDir = await mkdtemp(join(tmpdir(), "sallyport-pictures-"));
  await chmod(dataDir, 0o755); // PostgreSQL's user has to get in where root starts this
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, ["src/main.ts", "--demo"], {
    cwd: root,
    env: { ...withoutSettings(), SALLYPORT_DATA_DIR: dataDir, SALLYPORT_PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await untilReady(url, () => child.exitCode);
    const demo = await readDemoState(dataDir);
    if (demo?.state !== "ready") throw new Error("the demo serves and is not made");
    return { url, login: (email) => loginOf(demo.people, email), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function loginOf(people: readonly DemoLogin[], email: string) {
  const person = people.find((each) => each.email === email);
  if (person === undefined) throw new Error(`nobody in the demo is ${email}`);
  return { email, password: DEMO_PASSWORD, code: demoCode(person, Date.now()).code };
}

async function untilReady(url: string, exitCode: () => number | null): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const reply = await fetch(`${url}/readyz`).catch(() => null);
    if (reply?.ok === true) return;
    if (exitCode() !== null) throw new Error(`the demo ended with ${exitCode()}`);
    if (performance.now() > deadline) throw new Error("the demo does not serve");
    await delay(POLL_MS);
  }
}

/** Settings of whoever takes the pictures do not reach the demo. */
const withoutSettings = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("SALLYPORT_")),
  );

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
