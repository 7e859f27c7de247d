import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import { inject } from "vitest";

/** What the run's one PostgreSQL server is called; global-setup.ts starts it. */
export type TestServer = {
  adminUrl: string;
  template: string;
  runtimeRole: string;
  runtimePassword: string;
};

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** A database of its own for a test file. */
export type TestDatabase = { ownerUrl: string; runtimeUrl: string; drop: () => Promise<void> };

/** SQLSTATE object_in_use: another clone of the template is being made. */
const OBJECT_IN_USE = "55006";

/** A fresh, migrated database in milliseconds. Call `drop` when the file is done. */
export async function cloneTemplate(): Promise<TestDatabase> {
  const server = inject("testServer");
  const name = `sallyport_test_${randomUUID().replaceAll("-", "")}`;
  await withAdmin(server, (client) => clone(client, name, server));
  const ownerUrl = new URL(server.adminUrl);
  ownerUrl.pathname = `/${name}`;
  const runtimeUrl = new URL(ownerUrl);
  runtimeUrl.username = server.runtimeRole;
  runtimeUrl.password = server.runtimePassword;
  return {
    ownerUrl: ownerUrl.href,
    runtimeUrl: runtimeUrl.href,
    drop: () =>
      withAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

/** What a backup of this moment would bring back. Whoever is connected to the database loses their connections. */
export async function backUp(database: TestDatabase): Promise<TestDatabase> {
  const server = inject("testServer");
  const from = new URL(database.ownerUrl).pathname.slice(1);
  const name = `sallyport_test_${randomUUID().replaceAll("-", "")}`;
  await withAdmin(server, async (client) => {
    await client.query(`alter database ${from} allow_connections false`);
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1",
      [from],
    );
    await clone(client, name, { ...server, template: from });
    await client.query(`alter database ${from} allow_connections true`);
  });
  const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    ownerUrl: at(database.ownerUrl),
    runtimeUrl: at(database.runtimeUrl),
    drop: () =>
      withAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

async function clone(client: Client, name: string, server: TestServer): Promise<void> {
  for (;;) {
    try {
      await client.query(`create database ${name} template ${server.template}`);
      // Rights on a database are not cloned with it.
      await client.query(`grant connect on database ${name} to ${server.runtimeRole}`);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== OBJECT_IN_USE) throw error;
      await delay(20);
    }
  }
}

async function withAdmin(
  server: TestServer,
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = new Client({ connectionString: server.adminUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
