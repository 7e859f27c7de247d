import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./client.ts";

/** What is shown may be this old before it is asked for again when somebody looks, ms. */
const STALE_AFTER_MS = 10_000;

/** A refusal stays one; only what may pass by itself is tried again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  if (failures >= 2) return false;
  // Without its database the server has waited for it already, before it said so.
  return !(error instanceof ApiProblem);
}

/**
 * For `onSettled` of an act: it is done once what the page shows is read anew. A failure is told at once;
 * the page looks again beside that, because somebody else may have been the reason.
 */
export async function unlessFailed(error: Error | null, reading: Promise<unknown>): Promise<void> {
  if (error === null) await reading;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_AFTER_MS,
      retry: isWorthRetrying,
      throwOnError: false,
      networkMode: "always",
      refetchOnReconnect: true,
    },
    // Without a network an act fails at once and says so: it does not wait unseen, to be done at some later time.
    mutations: { retry: false, networkMode: "always" },
  },
});
