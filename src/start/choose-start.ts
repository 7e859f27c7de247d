import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { readConfig, type Config } from "../config.ts";
import type { RunningDatabase } from "./open-database.ts";
import { StartError } from "./start-error.ts";

/** What is started. */
export type Chosen = {
  config: Config;
  /** Done with the database before anything serves. */
  prepare(database: RunningDatabase): Promise<void>;
  /** What the person who starts it reads after the banner. */
  afterword(): string;
};

type Given = { log: Logger; signal: AbortSignal };

/**
 * Sallyport as it is, or, with `--demo`, filled with a made-up company.
 *
 * @throws {ConfigError} naming what is wrong with the settings.
 * @throws {StartError} for words that mean nothing, and where the demo may not run.
 */
export async function chooseStart(words: readonly string[], given: Given): Promise<Chosen> {
  const unknown = words.find((word) => word !== "--demo");
  if (unknown !== undefined)
    throw new StartError(
      `"${unknown}" means nothing here. There is npm start, and npm start -- --demo; everything else is a setting: docs/settings.md.`,
    );
  return words.includes("--demo") ? await chooseDemo(given) : await chooseOwn();
}

async function chooseOwn(): Promise<Chosen> {
  const config = readConfig(process.env);
  // The demo's code is not read for a look at a file.
  if (existsSync(join(config.dataDir, "demo.json"))) {
    const { requireNoDemo } = await import("../demo/prepare-demo.ts");
    await requireNoDemo(config);
  }
  return { config, prepare: async () => {}, afterword: () => "" };
}

async function chooseDemo({ log, signal }: Given): Promise<Chosen> {
  const demo = await import("../demo/prepare-demo.ts");
  const { DEMO_DATA_DIR } = await import("../demo/demo-state.ts");
  const { describeLogins } = await import("../demo/demo-logins.ts");
  const config = readConfig({
    ...process.env,
    SALLYPORT_DATA_DIR: process.env["SALLYPORT_DATA_DIR"] || DEMO_DATA_DIR,
  });
  demo.requireDemoSettings(config);
  const place = { config, log, say: (text: string) => void process.stderr.write(text) };
  await demo.clearHalfMade(place);
  let logins: Awaited<ReturnType<typeof demo.prepareDemo>> = [];
  return {
    config,
    async prepare(database) {
      logins = await demo.prepareDemo({ ...place, database, signal });
    },
    afterword: () => describeLogins(logins, Date.now()),
  };
}
