import { readFile } from "node:fs/promises";
import { lockfileFaults, type Lockfile, type PackageJson } from "./lockfile-rules.ts";

// The gate in front of every dependency: what breaks a rule of lockfile-rules.ts ends CI.
const packageJson: PackageJson = JSON.parse(await read("package.json"));
const lockfile: Lockfile = JSON.parse(await read("package-lock.json"));
const faults = lockfileFaults({
  packageJson,
  lockfile,
  // npm hands its own setting to the scripts that it runs.
  registry: process.env["npm_config_registry"],
});
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

function read(name: string): Promise<string> {
  return readFile(new URL(`../${name}`, import.meta.url), "utf8");
}
