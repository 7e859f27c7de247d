import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { lockfileFaults, type Lockfile, type LockfileInput } from "./lockfile-rules.ts";
import { isInRange } from "./version-range.ts";

const INTEGRITY = "sha512-AAAA";

/** A project that breaks no rule; each case breaks one. */
function sound(): LockfileInput & { lockfile: Lockfile } {
  const packageJson = {
    dependencies: { node: "24.21.0", pg: "8.23.1" },
    devDependencies: { vitest: "5.1.0" },
    allowScripts: { node: true },
  };
  const entry = { integrity: INTEGRITY, license: "MIT" };
  const packages = {
    "": structuredClone(packageJson),
    "node_modules/node": { ...entry, version: "24.21.0", hasInstallScript: true },
    "node_modules/pg": { ...entry, version: "8.23.1", engines: { node: ">= 16.0.0" } },
    "node_modules/vitest": { ...entry, version: "5.1.0", dev: true },
  };
  return { packageJson, lockfile: { packages } };
}

it("finds nothing in a sound project, and nothing in this one", async () => {
  expect(lockfileFaults(sound())).toEqual([]);
  const own = {
    packageJson: await read("package.json"),
    lockfile: await read("package-lock.json"),
  };
  expect(lockfileFaults(own)).toEqual([]);
});

async function read(name: string) {
  return JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), "utf8"));
}

type Packages = Lockfile["packages"];

/** What a fault is made of: the entry of pg, or another one, as it would stand in the lockfile. */
const BAD: [rule: string, change: (packages: Packages) => void, fault: string][] = [
  ["no integrity", (all) => delete pg(all).integrity, "pg: no sha512 integrity"],
  ["a weak hash", (all) => (pg(all).integrity = "sha1-AAAA"), "pg: no sha512 integrity"],
  [
    "an install script that nobody approved",
    (all) => (pg(all).hasInstallScript = true),
    "pg: its install script is not approved",
  ],
  [
    "an approval that nothing needs",
    (all) => delete all["node_modules/node"]?.hasInstallScript,
    "node: approved in allowScripts, but has no install script",
  ],
  ["a licence off the list", (all) => (pg(all).license = "AGPL-3.0"), "pg: licence AGPL-3.0"],
  ["no licence", (all) => delete pg(all).license, "pg: licence unknown"],
  [
    "a development licence in production",
    (all) => add(all, "lightningcss", { version: "1.30.0", license: "MPL-2.0" }),
    "lightningcss: licence MPL-2.0",
  ],
  [
    "a compromised release",
    (all) => add(all, "debug", { version: "4.4.2" }),
    "debug: 4.4.2 was compromised",
  ],
  [
    "a package that is nothing but an attack",
    (all) => add(all, "vitest/node_modules/plain-crypto-js", { version: "0.0.1" }),
    "plain-crypto-js: 0.0.1 was compromised",
  ],
  [
    "two versions of what must be one",
    (all) => add(all, "vitest/node_modules/pg", { version: "8.23.0" }),
    "pg: several versions (8.23.1, 8.23.0)",
  ],
  [
    "a scope at two versions",
    (all) => {
      add(all, "@mantine/core", { version: "9.7.3" });
      add(all, "@mantine/hooks", { version: "9.7.4" });
    },
    "@mantine/*: several versions (9.7.3, 9.7.4)",
  ],
  [
    "another Node than the pinned one",
    (all) => (pg(all).engines = { node: "^20.19.0 || >=26" }),
    "pg: does not run on Node 24.21.0",
  ],
  [
    "a source outside of the registry",
    (all) => {
      pg(all).resolved = "https://registry.example.test/pg.tgz";
      add(all, "vitest", { version: "5.1.0", resolved: "https://other.example.test/vitest.tgz" });
    },
    "vitest: resolved elsewhere",
  ],
  [
    "a source in the clear",
    (all) => (pg(all).resolved = "http://registry.example.test/pg.tgz"),
    "pg: resolved elsewhere",
  ],
];

describe.each(BAD)("%s", (_rule, change, fault) => {
  it("is the one fault", () => {
    const input = sound();
    change(input.lockfile.packages);
    const faults = lockfileFaults(input);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });
});

it.each(["^8.23.1", "~8.23.1", "latest", "*", "npm:pg@8.23.1", "github:owner/pg", "8"])(
  "refuses %s as a direct version",
  (version) => {
    const input = sound();
    input.packageJson.dependencies = { node: "24.21.0", pg: version };
    input.lockfile.packages[""] = input.packageJson;
    expect(lockfileFaults(input)).toEqual([`pg: "${version}" is not an exact version`]);
  },
);

it("refuses a lockfile that was made for another package.json", () => {
  const input = sound();
  input.packageJson.devDependencies = { vitest: "5.1.1" };
  expect(lockfileFaults(input)).toEqual([
    "devDependencies of package.json and of the lockfile differ: run npm install",
  ]);
});

it("holds sources to the registry that npm is set to", () => {
  const input = { ...sound(), registry: "https://registry.example.test/npm/" };
  pg(input.lockfile.packages).resolved = "https://registry.example.test/npm/pg.tgz";
  expect(lockfileFaults(input)).toEqual([]);
  pg(input.lockfile.packages).resolved = "https://registry.example.test/other/pg.tgz";
  expect(lockfileFaults(input)).toHaveLength(1);
});

it.each([
  ["24.21.0", ">=24.11 <25", true],
  ["24.21.0", "^22 || ^24 || >=26", true],
  ["25.0.0", "^22.12.0 || ^24.0.0 || >=26.0.0", false],
  ["24.10.9", ">=24.11 <25", false],
  ["24.21.0", "20 || >=22", true],
  ["24.21.0", "6.* || 8.* || >= 10.*", true],
  ["24.21.0", "~24.20.0", false],
  ["24.21.0", "^20.19.0 || ^22.13.0", false],
  ["24.21.0", "*", true],
])("judges whether %s is in %s", (version, range, isIn) => {
  expect(isInRange(version, range)).toBe(isIn);
});

function pg(packages: Packages): Packages[string] {
  return packages["node_modules/pg"] ?? add(packages, "pg", { version: "8.23.1" });
}

function add(packages: Packages, path: string, entry: Packages[string]): Packages[string] {
  return (packages[`node_modules/${path}`] = { integrity: INTEGRITY, license: "MIT", ...entry });
}
