import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Another apt may be at work for minutes on a machine that has just started. */
const LOCK_PATIENCE_MS = 5 * 60_000;
const LOCK_PAUSE_MS = 3000;
const LOCKED = /could not get lock|unable to (?:acquire|lock)|is locked by another process/i;

/** For the person whose machine does not let us install. */
const commandFor = (packages: string): string =>
  `apt-get update && apt-get install -y --no-install-recommends ${packages}`;

/**
 * Installs and leaves no server running: policy-rc.d keeps Debian from starting one now, `disable` from
 * starting nginx at the next boot.
 */
const installScript = (packages: string): string => `
set -e
export DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
apt-get update
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ${packages}
if command -v systemctl > /dev/null; then systemctl disable --quiet nginx || true; fi
`;

/**
 * Installs what the tests need and is not there.
 *
 * @param missing Debian's names of packages; none: nothing is done.
 * @throws Error that names the command to type where we may not install
 */
export async function installPackages(missing: readonly string[]): Promise<void> {
  if (missing.length === 0) return;
  const packages = missing.join(" ");
  const isRoot = process.getuid?.() === 0;
  const command = commandFor(packages);
  const manual = `The tests need ${packages}. Type: ${isRoot ? command : `sudo sh -c '${command}'`}`;
  if (!existsSync("/usr/bin/apt-get")) throw new Error(`The tests need ${packages}: install them.`);
  if (!isRoot && spawnSync("sudo", ["-n", "true"]).status !== 0) throw new Error(manual);
  process.stderr.write(`Installing ${packages} for the tests (first run only)…\n`);
  const script = installScript(packages);
  const output = await installPatiently(isRoot ? ["sh"] : ["sudo", "-n", "sh"], script);
  if (output !== null) throw new Error(`${output}\n${manual}`);
}

/** Null when it went well, the output otherwise. */
async function installPatiently(
  [command = "", ...args]: string[],
  script: string,
): Promise<string | null> {
  const deadline = performance.now() + LOCK_PATIENCE_MS;
  for (;;) {
    const result = spawnSync(command, [...args, "-c", script], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.status === 0) return null;
    const output = `${result.stdout}${result.stderr}${result.error?.message ?? ""}`;
    if (!LOCKED.test(output) || performance.now() > deadline) return output;
    await delay(LOCK_PAUSE_MS);
  }
}
