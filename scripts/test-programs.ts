import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { CHROMIUM } from "./chromium.ts";
import { installPackages } from "./debian-packages.ts";
import { ensureSigsum } from "./sigsum.ts";

/** /usr/sbin is not on the PATH of Debian's plain users. */
const NGINX = [
  "/usr/sbin/nginx",
  "/usr/bin/nginx",
  "/usr/local/sbin/nginx",
  "/usr/local/bin/nginx",
];
/** The log's verifiers that know nothing of us: Go and its transparency-log package. */
const GO = ["/usr/bin/go"];
const GO_TLOG = ["/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog"];
/** A font with the letters of our texts: a machine without any draws boxes. */
const FONTS = ["/usr/share/fonts/truetype/liberation", "/usr/share/fonts/truetype/dejavu"];

const isThere = (places: readonly string[]): boolean => places.some((path) => existsSync(path));

/**
 * The programs of Debian that the tests run: nginx with auth_request, a browser, Go, and a witness.
 *
 * @throws Error that names the command to type where we may not install
 */
export async function ensurePrograms(): Promise<void> {
  const missing: string[] = [];
  if (!isThere(NGINX)) missing.push("nginx");
  if (!existsSync(CHROMIUM)) missing.push("chromium-headless-shell");
  if (!isThere(FONTS)) missing.push("fonts-liberation");
  if (!isThere(GO)) missing.push("golang-go");
  if (!isThere(GO_TLOG)) missing.push("golang-golang-x-mod-dev");
  await installPackages(missing);
  ensureSigsum();
  const nginx = findNginx();
  const build = spawnSync(nginx, ["-V"], { encoding: "utf8" });
  if (!build.stderr.includes("--with-http_auth_request_module"))
    throw new Error(`${nginx} lacks auth_request, which the tests need. Install Debian's nginx.`);
}

/** @throws Error where there is none: `npm test` installs it. */
export function findNginx(): string {
  const nginx = NGINX.find((path) => existsSync(path));
  if (nginx === undefined) throw new Error("There is no nginx. `npm test` installs it.");
  return nginx;
}
