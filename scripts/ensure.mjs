// Starts a TypeScript file under the pinned Node, installing the packages first where that is needed:
//   node scripts/ensure.mjs [Node's options] src/main.ts [arguments]
//   node scripts/ensure.mjs --bin oxfmt [arguments]
// Plain JavaScript without dependencies, so that any Node from 18 on can run it on a fresh machine.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { tryProcessLock } from "../src/platform/db/embedded/process-lock.mjs";
import { isPanelCurrent } from "./panel-fingerprint.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const lockfile = join(root, "package-lock.json");

const words = process.argv.slice(2);
const nodeOptions = [];
while (words[0]?.startsWith("--") && words[0] !== "--bin") nodeOptions.push(words.shift());
const [target, ...rest] = words;
if (!target || (target === "--bin" && !rest[0])) {
  fail("usage: node scripts/ensure.mjs [Node's options] <file.ts | --bin name> [arguments]");
}
/** What serves the panel, or drives it in a browser. */
const needsPanel = [
  "src/main.ts",
  "scripts/test.ts",
  "scripts/screenshots.ts",
  "bench/main.ts",
].includes(target);
// A server with its panel built may run from an install without development packages; nothing else may.
const needsDevelopment = !/^(src|cli)\//.test(target) || (needsPanel && !isPanelCurrent(root));

if (!isReady()) await makeReadyUnderLock();
if (target === "--bin") runNode(realpathSync(join(modules, ".bin", rest[0])), rest.slice(1));
else runNode(resolve(root, target), rest);

/** Does node_modules hold what package-lock.json says, by version and integrity? */
function isInstalled() {
  if (!existsSync(join(modules, ".bin", "node"))) return false;
  const installed = readPackages(join(modules, ".package-lock.json"));
  if (!installed) return false;
  const wanted = readPackages(lockfile);
  return (
    Object.keys(installed).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, entry]) => {
      if (path === "" || entry.link) return true;
      const found = installed[path];
      if (found) return found.version === entry.version && found.integrity === entry.integrity;
      // Packages of another platform are never there.
      return entry.optional || entry.devOptional || (entry.dev && !needsDevelopment);
    })
  );
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : null;
}

function isReady() {
  return isInstalled() && (!needsPanel || isPanelCurrent(root));
}

async function makeReadyUnderLock() {
  mkdirSync(modules, { recursive: true });
  const path = join(modules, ".sallyport-install.lock");
  let lock = tryProcessLock(path);
  if (lock.heldBy !== null) say(`Process ${lock.heldBy} is installing packages; waiting for it…`);
  while (lock.heldBy !== null) {
    await new Promise((done) => setTimeout(done, 200));
    lock = tryProcessLock(path);
  }
  process.once("exit", lock.release);
  // Whoever held the lock may have done the work.
  if (!isInstalled()) install();
  if (needsPanel && !isPanelCurrent(root)) buildPanel();
  lock.release();
}

function buildPanel() {
  say("Building the panel…");
  const node = realpathSync(join(modules, ".bin", "node"));
  const script = join(root, "scripts", "build-panel.ts");
  const result = spawnSync(node, [script], { cwd: root, encoding: "utf8" });
  if (result.status !== 0) fail(`${result.stdout}${result.stderr}\nBuilding the panel failed.`);
}

function install() {
  say("Installing packages (first start only)…");
  const before = readFileSync(lockfile);
  const started = process.hrtime.bigint();
  const { command, args, path } = npmInstall();
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!readFileSync(lockfile).equals(before)) {
    writeFileSync(lockfile, before);
    fail(
      "npm changed package-lock.json, so package.json and the lockfile disagree. The lockfile was put back.",
    );
  }
  if (result.error) fail(`Cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0) {
    fail(
      `${result.stdout}${result.stderr}\nInstalling packages failed: ${[command, ...args].join(" ")}`,
    );
  }
  if (!existsSync(join(modules, ".bin", "node"))) {
    fail(
      'The package "node" brought no binary. Is ignore-scripts set for npm? Set it to false here.',
    );
  }
  if (!isInstalled()) fail("npm installed something other than what package-lock.json lists.");
  const seconds = Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000;
  say(`Packages installed in ${seconds.toFixed(0)} s.`);
}

/** npm must run under the pinned Node: an older one resolves and checks `engines` by itself. */
function npmInstall() {
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.node;
  // --no-save: the lockfile is obeyed, never written. Log level: `npm run -s` would silence the failure.
  const flags = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=warn"];
  if (needsDevelopment) flags.push("--include=dev");
  // Without our own .bin, whose Node is what is being replaced.
  const entries = (process.env.PATH ?? "").split(delimiter);
  const path = entries.filter((entry) => !entry.startsWith(modules)).join(delimiter);
  const isOwnNode = realpathSync(process.execPath).startsWith(realpathSync(modules));
  const runsPinnedMajor = process.versions.node.split(".")[0] === version.split(".")[0];
  const besides = dirname(process.execPath);
  if (runsPinnedMajor && !isOwnNode && existsSync(join(besides, "npm"))) {
    return { command: "npm", args: flags, path: `${besides}${delimiter}${path}` };
  }
  const pinned = `node-${process.platform}-${process.arch}@${version}`;
  return { command: "npx", args: ["-y", "-p", pinned, "--", "npm", ...flags], path };
}

/** Runs on in the pinned Node: its output, signals and exit are ours. */
function runNode(file, args) {
  const node = realpathSync(join(modules, ".bin", "node"));
  const path = `${join(modules, ".bin")}${delimiter}${process.env.PATH ?? ""}`;
  const child = spawn(node, [...nodeOptions, file, ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.once("error", (error) => fail(`Cannot start ${node}: ${error.message}`));
  child.once("exit", (code, signal) => {
    if (code !== null) process.exit(code);
    for (const name of signals) process.off(name, forward);
    process.kill(process.pid, signal);
    // A signal that this process ignores would leave it running.
    process.exit(128 + constants.signals[signal]);
  });
}

function say(message) {
  process.stderr.write(`${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
