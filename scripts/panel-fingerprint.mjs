// Plain JavaScript without dependencies: scripts/ensure.mjs asks it before every start, under any Node.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Everything that the built panel is made of. */
const SOURCES = ["web", "src/contract", "vite.config.ts", "package-lock.json"];

/** Where the panel is built to, below the project's folder. */
export const PANEL_FOLDER = "dist/panel";

/** Stands beside the built panel and says of which sources it was made. */
export const FINGERPRINT_FILE = "fingerprint";

/** @param {string} root @returns {string} a digest of the panel's sources, in hexadecimal */
export function panelFingerprint(root) {
  const digest = createHash("sha256");
  const paths = SOURCES.flatMap((source) => filesBelow(root, source));
  paths.sort(); // in place: Node 18 has no toSorted
  for (const path of paths) {
    digest.update(`${path}\0`);
    digest.update(readFileSync(join(root, path)));
  }
  return digest.digest("hex");
}

/** @param {string} root @returns {boolean} whether the built panel is of these sources */
export function isPanelCurrent(root) {
  try {
    const built = readFileSync(join(root, PANEL_FOLDER, FINGERPRINT_FILE), "utf8");
    return built === panelFingerprint(root);
  } catch {
    return false;
  }
}

function filesBelow(root, path) {
  const whole = join(root, path);
  if (!statSync(whole, { throwIfNoEntry: false })) return [];
  if (statSync(whole).isFile()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(whole).flatMap((name) => filesBelow(root, `${path}/${name}`));
}
