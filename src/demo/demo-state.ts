import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StartError } from "../start/start-error.ts";

/** What the demo remembers of itself, in its own folder. The secrets open made-up accounts and nothing else. */
export type DemoState =
  | { state: "filling" }
  | { state: "ready"; madeAt: string; people: readonly DemoLogin[] };

export type DemoLogin = {
  email: string;
  displayName: string;
  part: string;
  /** Of the authenticator app, base32. */
  secret: string;
};

/** Where the demo's data are, unless SALLYPORT_DATA_DIR says otherwise. */
export const DEMO_DATA_DIR = "./.sallyport-demo";

export const demoStateFile = (dataDir: string): string => join(dataDir, "demo.json");

/** undefined: there is no demo in this folder. @throws {StartError} when the file is damaged. */
export async function readDemoState(dataDir: string): Promise<DemoState | undefined> {
  const path = demoStateFile(dataDir);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return JSON.parse(text) as DemoState;
  } catch (error) {
    throw new StartError(`${path} is damaged. Delete ${dataDir}: the demo is made anew.`, {
      cause: error,
    });
  }
}

/** Whole or not at all. */
export async function writeDemoState(dataDir: string, state: DemoState): Promise<void> {
  const path = demoStateFile(dataDir);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
