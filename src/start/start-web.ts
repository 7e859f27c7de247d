import type { Server } from "node:http";
import type { Promiser } from "../record/proofs/promise-entry.ts";
import { errorCode } from "../platform/db/embedded/embedded-error.ts";
import { buildApp } from "../sallyport.ts";
import type { OpenServices } from "./open-services.ts";
import { StartError } from "./start-error.ts";

/** Requests under way have so long to end after the stop, ms. */
const GRACE_MS = 10_000;
/** How often connections that have become idle are closed while stopping, ms. */
const REAP_EVERY_MS = 50;

/** Listens. The returned function takes no new connection, lets requests under way end, and closes. */
export async function startWeb(
  { services, wings }: OpenServices,
  promise: Promiser | null,
): Promise<(hurry: AbortSignal) => Promise<void>> {
  const { host, port } = services.config;
  const app = await buildApp(services, wings, promise);
  const stops = await Promise.all(wings.wings.map(async (wing) => await wing.start?.()));
  const stopWings = async (): Promise<void> => {
    for (const stop of stops) await stop?.();
  };
  try {
    await app.listen({ host, port });
  } catch (error) {
    await stopWings();
    throw describeListenError(error, host, port);
  }
  return async (hurry) => {
    await closeGracefully(app.server, () => app.close(), hurry);
    await stopWings();
  };
}

/**
 * Node closes idle connections once, when it stops listening. One whose request ends afterwards would
 * stay until its keep-alive is over.
 */
async function closeGracefully(
  server: Server,
  close: () => Promise<unknown>,
  hurry: AbortSignal,
): Promise<void> {
  const patience = AbortSignal.any([AbortSignal.timeout(GRACE_MS), hurry]);
  const cut = (): void => server.closeAllConnections();
  const reaping = setInterval(() => server.closeIdleConnections(), REAP_EVERY_MS);
  try {
    const closed = close();
    if (patience.aborted) cut();
    else patience.addEventListener("abort", cut, { once: true });
    await closed;
  } finally {
    clearInterval(reaping);
    patience.removeEventListener("abort", cut);
  }
}

function describeListenError(error: unknown, host: string, port: number): unknown {
  const messages: Record<string, string> = {
    EADDRINUSE: `Port ${port} of ${host} is taken. Stop what listens there, or set SALLYPORT_PORT to another one.`,
    EACCES: `Port ${port} needs more rights than this user has. Set SALLYPORT_PORT to 1024 or more and put a proxy in front.`,
    EADDRNOTAVAIL: `${host} (SALLYPORT_HOST) is no address of this machine.`,
  };
  const message = messages[errorCode(error) ?? ""];
  return message === undefined ? error : new StartError(message, { cause: error });
}
