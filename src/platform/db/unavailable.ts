/**
 * SQLSTATE: connection lost, resources (disk, memory, connections) used up, statement or transaction took too
 * long (it may have waited for another's lock), shutting down or starting.
 */
const UNAVAILABLE_SQLSTATE = /^(08|25P03|53|57014|57P0|58)/;

const UNAVAILABLE_ERRNO = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT"]);

/** Texts of pg's own errors, which carry no code. */
const UNAVAILABLE_TEXT =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client was closed|Client has encountered a connection error/;

/** Whether PostgreSQL could not be reached or had no room: the caller may try again later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code !== "string") return UNAVAILABLE_TEXT.test(error.message);
  return UNAVAILABLE_SQLSTATE.test(code) || (UNAVAILABLE_ERRNO.has(code) && syscall !== "open");
}
