// npm run build: the panel, from web/ to dist/panel. `npm start` and `npm test` do it where it is stale.
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";
import { FINGERPRINT_FILE, PANEL_FOLDER, panelFingerprint } from "./panel-fingerprint.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, PANEL_FOLDER);
// Beside the target, so that a build that dies on the way leaves the old panel whole.
const draft = `${target}-${process.pid}`;
const former = `${draft}-former`;

const fingerprint = panelFingerprint(root);
await mkdir(dirname(target), { recursive: true });
try {
  await build({
    root: join(root, "web"),
    configFile: join(root, "vite.config.ts"),
    logLevel: "warn",
    build: { outDir: draft, emptyOutDir: true },
  });
  await buildReceiptPage(`${draft}/receipt`);
  await compressAll(draft);
  await writeFile(join(draft, FINGERPRINT_FILE), fingerprint);
  // A server may be running beside this: the panel is away for the time between two renames, no longer.
  await rename(target, former).catch(ignoreMissing);
  await rename(draft, target);
} finally {
  await rm(draft, { recursive: true, force: true });
  await rm(former, { recursive: true, force: true });
}

/** The script of the page that a leaver's receipt is kept in: one file, because it is sent inside that page. */
async function buildReceiptPage(outDir: string): Promise<void> {
  await build({
    root: join(root, "web"),
    configFile: join(root, "vite.config.ts"),
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      lib: {
        entry: join(root, "web/receipt/receipt.ts"),
        formats: ["iife"],
        name: "receipt",
        fileName: () => "receipt.js",
      },
    },
  });
}

/** The first build of all. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Once here instead of at every request; the server sends what the browser takes. */
async function compressAll(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  const texts = names.filter((name) => /^(?!receipt\/).*\.(?:js|css|svg|html|json)$/.test(name));
  await Promise.all(
    texts.map(async (name) => {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
      await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, options));
      await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}
