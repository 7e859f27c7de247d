import { queryOptions } from "@tanstack/react-query";
import type { LogEntry } from "../../../src/contract/record/entries.ts";

/** Asked once while the page is open: each time it is asked stands on record. */
export const proofQuery = (entry: LogEntry) =>
  queryOptions({
    queryKey: ["audit", "proof", entry.id],
    queryFn: async ({ signal }) => {
      // What checks is only fetched by whoever looks at an entry.
      const { checkProof } = await import("./check-proof.ts");
      return await checkProof(entry, signal);
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state: { data } }) =>
      data?.kind === "too-new" ? data.retryAfterSeconds * 1000 : false,
  });
