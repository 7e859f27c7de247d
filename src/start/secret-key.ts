import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { secretKeyFile, type Config } from "../config.ts";
import { asSecret } from "../config-values.ts";
import { errorCode } from "../platform/db/embedded/embedded-error.ts";
import { createOnce } from "../platform/files/durable-file.ts";
import { StartError } from "./start-error.ts";

const SECRET_BYTES = 32;

/**
 * The installation's secret key: the setting, or the file in the data directory, made at the first start.
 * A file that is there is never written again: with another key, all that was sealed is lost.
 *
 * @param isNew asked only where there is no key: may this database still get one?
 * @throws {StartError} when the file is gone and the database was made with it.
 */
export async function readSecretKey(
  config: Pick<Config, "secretKey" | "dataDir">,
  isNew: () => Promise<boolean>,
): Promise<Buffer> {
  if (config.secretKey !== undefined) return config.secretKey;
  const path = secretKeyFile(config.dataDir);
  const found = await readKey(path);
  if (found !== undefined) return found;
  if (!(await isNew()))
    throw new StartError(
      `${path} is gone, and what this database holds was sealed with it. Put it back from your backup, or set SALLYPORT_SECRET_KEY to it.`,
    );
  // Another start may be quicker: its key is as good.
  await createOnce(path, `${randomBytes(SECRET_BYTES).toString("base64")}\n`);
  const made = await readKey(path);
  if (made === undefined) throw new Error(`${path} was just written`);
  return made;
}

async function readKey(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return asSecret(text.trim());
  } catch (error) {
    throw new StartError(
      `${path} is damaged: it ${(error as Error).message.split(";")[0]}. Put it back from your backup.`,
      {
        cause: error,
      },
    );
  }
}
