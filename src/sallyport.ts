import type { Config } from "./config.ts";
import type { Services } from "./context.ts";
import { createResolver } from "./platform/client-address/resolve-client.ts";
import { authenticate } from "./platform/http/authenticate.ts";
import { readIdsInAnyCase } from "./platform/http/canonical-ids.ts";
import { describeApi } from "./platform/http/openapi.ts";
import { replayCreations } from "./platform/http/idempotency.ts";
import { requireActions } from "./platform/http/request-context.ts";
import { addRootRoutes } from "./platform/http/root-routes.ts";
import { createServer } from "./platform/http/server.ts";
import { TokenBuckets, type BucketLimit } from "./platform/limits/token-buckets.ts";
import { recordRequests } from "./record/http/record-requests.ts";
import type { Promiser } from "./record/proofs/promise-entry.ts";
import type { Wings } from "./wings.ts";

/** Bursts that real use needs; the long-run rate is what one PostgreSQL records without noticing. */
const PRINCIPAL_LIMIT: BucketLimit = { burst: 2_000, perSecond: 100 };
/** Strangers of one network: IPv4 address or IPv6 /64. Offices and campuses share one. */
const NETWORK_LIMIT: BucketLimit = { burst: 1_000, perSecond: 50 };

/** Well-formed keys that are none, from one network: a back end that was forgotten, or somebody who tries. */
const WRONG_KEY_LIMIT: BucketLimit = { burst: 1_000, perSecond: 20 };

/**
 * The web part: every wing's routes on one server, with what all of them need around them.
 *
 * @param promise signs receipts; null in a process that does not hold the log's key.
 */
export async function buildApp(
  services: Services,
  { wings, credentials }: Wings,
  promise: Promiser | null = null,
) {
  const app = createServer(services.log);
  app.decorate("services", services);
  app.decorate("isHttps", services.config.publicUrl.protocol === "https:");
  requireActions(app);
  readIdsInAnyCase(app);
  await describeApi(app);
  authenticate(app, {
    resolveAddress: addressResolver(services.config),
    credentials,
    limits: {
      byPrincipal: new TokenBuckets(PRINCIPAL_LIMIT),
      byNetwork: new TokenBuckets(NETWORK_LIMIT),
      wrongKeysByNetwork: new TokenBuckets(WRONG_KEY_LIMIT),
    },
  });
  replayCreations(app);
  recordRequests(app, promise);
  await addRootRoutes(app);
  for (const wing of wings) for (const routes of wing.rootPlugins ?? []) await app.register(routes);
  for (const wing of wings)
    for (const routes of wing.plugins) await app.register(routes, { prefix: "/v1" });
  return app;
}

function addressResolver({ trustedProxies, forwardedHeader }: Config) {
  const resolve = createResolver({ trustedProxies: [...trustedProxies], forwardedHeader });
  return (request: {
    socket: { remoteAddress?: string | undefined };
    raw: { rawHeaders: readonly string[] };
  }) => resolve({ peer: request.socket.remoteAddress, rawHeaders: request.raw.rawHeaders }).address;
}
