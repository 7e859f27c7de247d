import type { Passwords } from "./passwords.ts";

/** The role that owns the cluster: migrations and administration. */
export const OWNER = "sallyport_owner";

/** The role that requests run as: neither owner nor superuser. */
export const RUNTIME = "sallyport_runtime";

/** The database that holds everything. */
export const DATABASE = "sallyport";

export type ConnectionUrls = { ownerUrl: string; runtimeUrl: string };

/** Where the roles connect. */
export function connectionUrls(socketFolder: string, passwords: Passwords): ConnectionUrls {
  return {
    ownerUrl: socketUrl(socketFolder, { role: OWNER, password: passwords.owner }),
    runtimeUrl: socketUrl(socketFolder, { role: RUNTIME, password: passwords.runtime }),
  };
}

/** `host` in the query wins over the one in the middle, which is there so that `new URL` can read it. */
export function socketUrl(
  socketFolder: string,
  login: { role: string; password: string; database?: string },
): string {
  const database = login.database ?? DATABASE;
  return `postgres://${login.role}:${login.password}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`;
}
