import {
  COMPROMISED,
  LICENCE_EXCEPTIONS,
  LICENCES,
  ONE_VERSION,
  ONE_VERSION_SCOPES,
} from "./lockfile-policy.ts";
import { isInRange } from "./version-range.ts";

export type PackageJson = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
};

type LockEntry = {
  version?: string;
  integrity?: string;
  resolved?: string;
  license?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
  link?: boolean;
  engines?: Record<string, string>;
};

export type Lockfile = { packages: Record<string, PackageJson & LockEntry> };

export type LockfileInput = {
  packageJson: PackageJson;
  lockfile: Lockfile;
  /** Address that every `resolved` must begin with; undefined: any one address for all. */
  registry?: string | undefined;
};

type Installed = LockEntry & { path: string; name: string; version: string };

const KINDS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

/** Every way in which the dependencies break the supply-chain rules, in words. */
export function lockfileFaults(input: LockfileInput): string[] {
  const installed = installedPackages(input.lockfile);
  return [
    ...inexactVersions(input.packageJson),
    ...strayDirects(input),
    ...installed.flatMap((entry) => unverified(entry)),
    ...strangeSources(installed, input.registry),
    ...strangeScripts(installed, input.packageJson.allowScripts ?? {}),
    ...installed.flatMap((entry) => strangeLicence(entry)),
    ...installed.flatMap((entry) => compromised(entry)),
    ...doubled(installed),
    ...foreignEngines(installed, input.packageJson.dependencies?.["node"] ?? ""),
  ];
}

function installedPackages({ packages }: Lockfile): Installed[] {
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes("node_modules/") && entry.link !== true)
    .map(([path, entry]) => ({
      ...entry,
      path,
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version: entry.version ?? "",
    }));
}

/** Ranges, tags, git, tarballs and aliases alike are not exact versions. */
function inexactVersions(packageJson: PackageJson): string[] {
  return KINDS.flatMap((kind) => Object.entries(packageJson[kind] ?? {}))
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}: "${version}" is not an exact version`);
}

/** package.json and the lockfile must ask for the same. */
function strayDirects({ packageJson, lockfile }: LockfileInput): string[] {
  const locked = lockfile.packages[""] ?? {};
  return KINDS.filter((kind) => canonical(packageJson[kind]) !== canonical(locked[kind])).map(
    (kind) => `${kind} of package.json and of the lockfile differ: run npm install`,
  );
}

function canonical(record: Record<string, string> = {}): string {
  return JSON.stringify(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function unverified({ path, integrity }: Installed): string[] {
  return integrity?.startsWith("sha512-") === true ? [] : [`${path}: no sha512 integrity`];
}

function strangeSources(installed: Installed[], registry: string | undefined): string[] {
  const sources = installed.filter((entry) => entry.resolved !== undefined);
  const expected = registry ?? originOf(sources[0]?.resolved);
  return sources
    .filter(({ resolved = "" }) => {
      if (!resolved.startsWith("https:") && registry === undefined) return true;
      return registry === undefined
        ? originOf(resolved) !== expected
        : !resolved.startsWith(registry);
    })
    .map(({ path }) => `${path}: resolved elsewhere than in the one registry`);
}

const originOf = (url: string | undefined): string =>
  URL.canParse(url ?? "") ? new URL(url ?? "").origin : "";

function strangeScripts(installed: Installed[], approved: Record<string, boolean>): string[] {
  const found = new Set(
    installed.filter((entry) => entry.hasInstallScript === true).map((entry) => entry.name),
  );
  return [
    ...[...found]
      .filter((name) => approved[name] !== true)
      .map((name) => `${name}: its install script is not approved in allowScripts`),
    ...Object.keys(approved)
      .filter((name) => !found.has(name))
      .map((name) => `${name}: approved in allowScripts, but has no install script`),
  ];
}

function strangeLicence({ path, name, license, dev }: Installed): string[] {
  if (license !== undefined && LICENCES.has(license)) return [];
  const isExcepted = LICENCE_EXCEPTIONS.some(
    (exception) =>
      exception.name.test(name) &&
      exception.licence === license &&
      (dev === true || !exception.devOnly),
  );
  return isExcepted ? [] : [`${path}: licence ${license ?? "unknown"} is not on the list`];
}

function compromised({ path, name, version }: Installed): string[] {
  const bad = COMPROMISED[name];
  if (bad === undefined || (bad.length > 0 && !bad.includes(version))) return [];
  return [`${path}: ${version} was compromised`];
}

function doubled(installed: Installed[]): string[] {
  const groups = [
    ...ONE_VERSION.map((only) => ({ only, has: (name: string) => name === only })),
    ...ONE_VERSION_SCOPES.map((scope) => ({
      only: `${scope}*`,
      has: (name: string) => name.startsWith(scope),
    })),
  ];
  return groups.flatMap(({ only, has }) => {
    const versions = new Set(
      installed.filter(({ name }) => has(name)).map((entry) => entry.version),
    );
    return versions.size > 1 ? [`${only}: several versions (${[...versions].join(", ")})`] : [];
  });
}

function foreignEngines(installed: Installed[], node: string): string[] {
  return installed
    .filter(({ engines }) => engines?.["node"] !== undefined && !isInRange(node, engines["node"]))
    .map(({ path, engines }) => `${path}: does not run on Node ${node} (${engines?.["node"]})`);
}
