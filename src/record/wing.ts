import type { Services } from "../context.ts";
import type { Wing } from "../wings.ts";
import { publicLogRoutes } from "./proofs/public-log-routes.ts";
import { savedFilterRoutes } from "./saved-filters/routes.ts";
import { entryRoutes } from "./search/routes.ts";
import { exportRoutes } from "./search/export-routes.ts";
import { Filer } from "./search/filer.ts";
import { streamRoutes } from "./search/stream-routes.ts";
import { summaryRoutes } from "./search/summary-routes.ts";

/** The record's routes, reading, counting, following and exporting entries, and the filer that makes them quick to search. */
export function recordWing(services: Omit<Services, "ports">): Wing {
  return {
    plugins: [entryRoutes, exportRoutes, summaryRoutes, streamRoutes, savedFilterRoutes],
    rootPlugins: [publicLogRoutes],
    background: async () => {
      const filer = new Filer(services);
      filer.start();
      return () => filer.stop();
    },
  };
}
