import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Debian's own place, where somebody installed it. */
const INSTALLED = "/usr/bin/sigsum-witness";
const FOLDER = fileURLToPath(new URL("../node_modules/.cache/sigsum-go", import.meta.url));
const UNPACKED = join(FOLDER, "root/usr/bin/sigsum-witness");
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Debian's package sigsum-go, from its backports: fetched and unpacked beside our modules, with lists of
 * its own, so that the machine's sources stay as they are and nobody needs to be root.
 *
 * @throws Error that names the command to type where it cannot be had
 */
export function ensureSigsum(): void {
  if (existsSync(INSTALLED) || existsSync(UNPACKED)) return;
  process.stderr.write(
    "Fetching sigsum-go from Debian's backports for the tests (first run only)…\n",
  );
  const lists = join(FOLDER, "lists/partial");
  for (const folder of [lists, join(FOLDER, "cache/archives/partial")])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(FOLDER, "sources.list"), sources());
  apt("update");
  apt("download", "sigsum-go");
  const archive = readdirSync(FOLDER).find((name) => name.endsWith(".deb")) ?? "";
  run("dpkg-deb", ["-x", archive, "root"]);
  rmSync(join(FOLDER, "lists"), { recursive: true });
  if (!existsSync(UNPACKED)) throw new Error(`sigsum-go holds no witness. ${manual()}`);
}

/** @throws Error where there is none: `npm test` fetches it. */
export function findSigsum(program: "sigsum-witness" | "sigsum-key"): string {
  const folder = [INSTALLED, UNPACKED].find((path) => existsSync(path));
  if (folder === undefined) throw new Error("There is no sigsum-go. `npm test` fetches it.");
  return folder.replace(/sigsum-witness$/, program);
}

/** Debian by the mirror that this machine has. */
function sources(): string {
  const release = readFileSync("/etc/os-release", "utf8");
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? "bookworm";
  const { stdout } = spawnSync(
    "apt-get",
    ["indextargets", "--format", "$(SITE) $(ORIGIN) $(LABEL)", "Created-By: Packages"],
    { encoding: "utf8" },
  );
  const site = /^(\S+) Debian Debian$/m.exec(stdout ?? "")?.[1];
  if (site === undefined) throw new Error(manual());
  const signed = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : "";
  // Later releases have it themselves.
  const suite = codename === "bookworm" ? "bookworm-backports" : codename;
  return `deb ${signed}${site} ${suite} main\n`;
}

function apt(...command: string[]): void {
  const options = {
    "Dir::Etc::sourcelist": join(FOLDER, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(FOLDER, "lists"),
    "Dir::Cache": join(FOLDER, "cache"),
    "APT::Sandbox::User": "",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  run("apt-get", [...flags, ...command]);
}

function run(program: string, args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: FOLDER,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}${error?.message ?? ""}\n${manual()}`);
}

const manual = (): string =>
  "The tests need sigsum-go. Type, with bookworm-backports among apt's sources: apt-get install -y sigsum-go";
