import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../src/platform/db/embedded/start-embedded-postgres.ts";

export type TemporaryPostgres = {
  ownerUrl: string;
  runtimeUrl: string;
  /** Stops the server and removes its data. */
  stop: () => Promise<void>;
};

/** An embedded PostgreSQL for one run of a tool or of the tests, as durable as a real one. */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-run-"));
  // As root, PostgreSQL's own user must get through.
  await chmod(folder, 0o711);
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({
      dataDir: join(folder, "data"),
      log: { info: () => {}, warn: report, error: report },
    });
    return {
      ownerUrl: server.ownerUrl,
      runtimeUrl: server.runtimeUrl,
      async stop() {
        await server.stop();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

function report(details: object, message: string): void {
  console.error(message, details);
}
