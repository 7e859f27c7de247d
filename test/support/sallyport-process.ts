import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** How long a start may take on a busy machine, ms. */
const PATIENCE_MS = 60_000;
const POLL_MS = 20;

export type SallyportProcess = {
  url: string;
  port: number;
  child: ChildProcess;
  pid: number;
  /** What it printed on standard output. */
  output(): string;
  /** ... and on standard error. */
  errors(): string;
  /** Asks it to stop and waits. */
  stop(): Promise<number | null>;
  /** Kills it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
};

/** The real process, as `npm start` runs it, on a free port. */
export async function startSallyportProcess(
  env: Record<string, string>,
  { args = [], patienceMs }: { args?: readonly string[]; patienceMs?: number } = {},
): Promise<SallyportProcess> {
  const port = Number(env["SALLYPORT_PORT"] ?? (await freePort()));
  const child = spawn(process.execPath, ["src/main.ts", ...args], {
    env: {
      ...clean(process.env),
      SALLYPORT_PORT: String(port),
      SALLYPORT_PUBLIC_URL: `http://localhost:${port}`,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const url = `http://127.0.0.1:${port}`;
  const ended = new Promise<number | null>((resolve) =>
    child.once("exit", (code) => resolve(code)),
  );
  const started: SallyportProcess = {
    url,
    port,
    child,
    pid: child.pid ?? 0,
    output: () => output,
    errors: () => errors,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}:\n${errors}`);
    return (await fetch(`${url}/readyz`).catch(() => null))?.ok === true;
  }, patienceMs);
  return started;
}

/** Settings of whoever runs the tests do not reach the process under test. */
function clean(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("SALLYPORT_")));
}

/** Polls until the state is there. @throws {Error} what the state should have been. */
export async function waitFor(
  isThere: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isThere())) {
    if (performance.now() > deadline)
      throw new Error(`waited ${patienceMs} ms in vain for: ${isThere.toString()}`);
    await delay(POLL_MS);
  }
}
