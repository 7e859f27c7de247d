import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const LOCKFILE = JSON.stringify({
  packages: {
    "": {},
    "node_modules/pg": { version: "8.23.1", integrity: "sha512-AAAA" },
    "node_modules/vitest": { version: "5.1.0", integrity: "sha512-BBBB", dev: true },
    "node_modules/other-platform": { version: "1.0.0", optional: true },
  },
});

/** What the fake npm does after it has counted the call: the one thing a real install leaves behind. */
const INSTALL = `cp package-lock.json node_modules/.package-lock.json
mkdir -p node_modules/.bin && ln -sf ${process.execPath} node_modules/.bin/node`;

it("installs once, under the pinned Node, though two start at once", async () => {
  // The install ends when the other start waits for it, or installs as well.
  const project = await makeProject(
    `while [ ! -e waited ] && [ $(wc -l < calls) -lt 2 ]; do sleep 0.02; done\n${INSTALL}`,
  );
  const both = [start(project), start(project)].map((child) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      if (chunk.includes("waiting for it")) writeFileSync(join(project, "waited"), "");
    });
    return ended(child);
  });
  for (const { code, output } of await Promise.all(both)) {
    expect(code).toBe(0);
    expect(output).toContain("hello from the program");
  }
  expect(await calls(project)).toEqual([
    `-y -p node-${process.platform}-${process.arch}@99.1.2 -- npm install --no-save --no-audit --no-fund --loglevel=warn --include=dev`,
  ]);
  expect((await run(project)).code).toBe(0);
  expect(await calls(project)).toHaveLength(1);
});

it("takes over the lock of an install that was killed", async () => {
  const project = await makeProject(INSTALL);
  const dead = spawn("true");
  await once(dead, "exit");
  await mkdir(join(project, "node_modules"));
  await writeFile(join(project, "node_modules/.sallyport-install.lock"), `${dead.pid} 12345 x\n`);
  expect((await run(project)).code).toBe(0);
  expect(await calls(project)).toHaveLength(1);
});

it("installs again when the lockfile has moved on", async () => {
  const project = await makeProject(INSTALL);
  await run(project);
  await writeFile(join(project, "package-lock.json"), LOCKFILE.replace("8.23.1", "8.23.2"));
  await run(project);
  expect(await calls(project)).toHaveLength(2);
});

it("starts the server, but no tool, from an install without development packages", async () => {
  const project = await makeProject(INSTALL);
  await run(project);
  const path = join(project, "node_modules/.package-lock.json");
  const installed: { packages: Record<string, unknown> } = JSON.parse(await readFile(path, "utf8"));
  delete installed.packages["node_modules/vitest"];
  await writeFile(path, JSON.stringify(installed));
  await run(project);
  expect(await calls(project)).toHaveLength(1);
  await run(project, "scripts/tool.ts");
  expect(await calls(project)).toHaveLength(2);
});

it("refuses an install that changed the lockfile, and puts it back", async () => {
  const project = await makeProject(`${INSTALL}\necho changed >> package-lock.json`);
  const { code, output } = await run(project);
  expect(code).toBe(1);
  expect(output).toContain("The lockfile was put back");
  expect(await readFile(join(project, "package-lock.json"), "utf8")).toBe(LOCKFILE);
});

it("refuses an install of something else than the lockfile lists", async () => {
  const project = await makeProject(
    `${INSTALL}\nsed -i s/AAAA/CCCC/ node_modules/.package-lock.json`,
  );
  const { code, output } = await run(project);
  expect(code).toBe(1);
  expect(output).toContain("something other than what package-lock.json lists");
});

it("shows what npm said when it fails, and lets the next start try again", async () => {
  const project = await makeProject("echo the registry is away >&2; exit 3");
  const { code, output } = await run(project);
  expect(code).toBe(1);
  expect(output).toContain("the registry is away");
  await fakeNpm(project, INSTALL);
  expect((await run(project)).code).toBe(0);
});

it("passes on options of Node, arguments, exit code and signals", async () => {
  const project = await makeProject(INSTALL);
  const exit = await run(project, "src/main.ts", "exit", "7", "a b");
  expect(exit.code).toBe(7);
  expect(exit.output).toContain('["exit","7","a b"]');

  const withOptions = await run(project, "--title=options", "src/main.ts", "exit", "0", "--last");
  expect(withOptions.output).toContain('["exit","0","--last"] options');

  const polite = start(project, "src/main.ts", "wait");
  await once(polite.stdout ?? polite, "data");
  polite.kill("SIGTERM");
  expect(await once(polite, "exit")).toEqual([5, null]);

  const killed = start(project, "src/main.ts", "die");
  expect(await once(killed, "exit")).toEqual([null, "SIGHUP"]);
});

const PROGRAM = `
  const [what, code] = process.argv.slice(2);
  process.once("SIGTERM", () => process.exit(5));
  console.log("hello from the program", JSON.stringify(process.argv.slice(2)), process.title);
  if (what === "exit") process.exit(Number(code));
  if (what === "die") process.kill(process.pid, "SIGHUP");
  if (what === "wait" || what === "die") setInterval(() => {}, 1000);`;

/** Vite's part is tested by its outcome (test/browser); here, when it is done. */
const BUILD = `
  import { mkdirSync, writeFileSync } from "node:fs";
  import { panelFingerprint } from "./panel-fingerprint.mjs";
  mkdirSync("dist/panel", { recursive: true });
  writeFileSync("dist/panel/fingerprint", panelFingerprint(process.cwd()));`;

/** A project of its own around the real script; only npm, which would go to the network, is a fake. */
async function makeProject(install: string): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), "sallyport-ensure-"));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  const lock = "src/platform/db/embedded/process-lock.mjs";
  await mkdir(join(project, "src/platform/db/embedded"), { recursive: true });
  for (const folder of ["scripts", "tools"]) await mkdir(join(project, folder));
  for (const file of ["scripts/ensure.mjs", "scripts/panel-fingerprint.mjs", lock])
    await copyFile(root + file, join(project, file));
  const dependencies = { node: "99.1.2", pg: "8.23.1" };
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module", dependencies }));
  await writeFile(join(project, "package-lock.json"), LOCKFILE);
  for (const file of ["src/main.ts", "scripts/tool.ts"])
    await writeFile(join(project, file), PROGRAM);
  await fakeNpm(project, install);
  await writeFile(join(project, "scripts/build-panel.ts"), BUILD);
  return project;
}

async function fakeNpm(project: string, install: string): Promise<void> {
  const npx = join(project, "tools/npx");
  await writeFile(npx, `#!/bin/sh\necho "$@" >> calls\n${install}\n`);
  await chmod(npx, 0o755);
  await rm(join(project, "tools/node"), { force: true });
  await symlink(process.execPath, join(project, "tools/node"));
}

async function calls(project: string): Promise<string[]> {
  return (await readFile(join(project, "calls"), "utf8")).trim().split("\n");
}

function start(project: string, file = "src/main.ts", ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(project, "scripts/ensure.mjs"), file, ...args], {
    cwd: tmpdir(),
    env: { PATH: `${project}/tools:/usr/bin:/bin` },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function run(project: string, ...args: string[]) {
  return ended(start(project, ...args));
}

async function ended(child: ChildProcess) {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await once(child, "close");
  return { code: child.exitCode, output };
}
