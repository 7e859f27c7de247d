import type { Services } from "../context.ts";
import type { Wing } from "../wings.ts";
import { publicLogRoutes } from "./proofs/public-log-routes.ts";
import { savedFilterRoutes } from "./saved-filters/routes.ts";
import { entryRoutes } from "./search/routes.ts";
import { exportRoutes } from "./search/export-routes.ts";
import { Filer } from "./search/filer.ts";
import { streamRoutes } from "./search/stream-routes.ts";
import { startStreaming } from "./streams/streamer.ts";
import { summaryRoutes } from "./search/summary-routes.ts";

/**
 * The record's routes, reading, counting, following and exporting entries, the filer that makes them quick to
 * search, and, in a worker, what sends the log on.
 */
export function recordWing(services: Services): Wing {
  return {
    plugins: [entryRoutes, exportRoutes, summaryRoutes, streamRoutes, savedFilterRoutes],
    rootPlugins: [publicLogRoutes],
    background: async () => {
      const filer = new Filer(services);
      filer.start();
      const stopStreaming = services.config.roles.includes("worker")
        ? startStreaming(services)
        : undefined;
      return async () => {
        await Promise.all([filer.stop(), stopStreaming?.()]);
      };
    },
  };
}
