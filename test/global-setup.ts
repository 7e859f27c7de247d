import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startTemporaryPostgres } from "../scripts/temporary-postgres.ts";
import { RUNTIME } from "../src/platform/db/embedded/connection-urls.ts";
import { ensureRuntimeRole } from "../src/platform/db/embedded/prepare-database.ts";
import { migrate } from "../src/platform/db/migrate.ts";
import type { TestServer } from "./template-database.ts";

const RUNTIME_PASSWORD = "password-of-the-tests-runtime-role";

/**
 * Once per run: one PostgreSQL with a migrated database, which the test files then clone. It is an
 * embedded one with fsync on, or TEST_DATABASE_URL, which connects as a superuser.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env["TEST_DATABASE_URL"];
  const own = external === undefined ? await startTemporaryPostgres() : undefined;
  const adminUrl = external ?? own?.ownerUrl ?? "";
  const stop = async (): Promise<void> => {
    if (own === undefined) await dropTemplate(adminUrl);
    else await own.stop();
  };
  try {
    project.provide("testServer", await makeTemplate(adminUrl));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** Runs at the same time on one external server do not meet. */
const TEMPLATE = `sallyport_template_${process.pid}`;

async function makeTemplate(adminUrl: string): Promise<TestServer> {
  await withAdmin(adminUrl, async (client) => {
    await ensureRuntimeRole(client, RUNTIME_PASSWORD);
    await client.query(`drop database if exists ${TEMPLATE} with (force)`);
    await client.query(`create database ${TEMPLATE}`);
  });
  const ownerUrl = new URL(adminUrl);
  ownerUrl.pathname = `/${TEMPLATE}`;
  await migrate({ ownerUrl: ownerUrl.href, runtimeRole: RUNTIME });
  return { adminUrl, template: TEMPLATE, runtimeRole: RUNTIME, runtimePassword: RUNTIME_PASSWORD };
}

async function dropTemplate(adminUrl: string): Promise<void> {
  await withAdmin(adminUrl, async (client) => {
    await client.query(`drop database if exists ${TEMPLATE} with (force)`);
  });
}

async function withAdmin(adminUrl: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
