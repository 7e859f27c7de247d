import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { SessionSummary } from "../../../src/contract/identity/sessions.ts";
import { ApiProblem, request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type Session = SessionSummary;

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => request<{ sessions: Session[] }>("GET", "/sessions", { signal }),
});

/** Ends a session: `signed-out` for one's own, `not-me` for a stranger's. */
export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation<void, Error, { id: string; reason: "not-me" | "signed-out" }>({
    mutationFn: ({ id, reason }) => request("DELETE", `/sessions/${id}`, { body: { reason } }),
    onSettled: (_reply, error) => unlessFailed(error, queryClient.invalidateQueries(sessionsQuery)),
  });
}

/** Ends several, one after the other: where one fails, those before it have ended. One that is gone already is no fault. */
export function useEndSessions() {
  const queryClient = useQueryClient();
  return useMutation<void, Error, readonly string[]>({
    mutationFn: async (ids) => {
      for (const id of ids) await endUnlessGone(id);
    },
    onSettled: (_reply, error) => unlessFailed(error, queryClient.invalidateQueries(sessionsQuery)),
  });
}

async function endUnlessGone(id: string): Promise<void> {
  try {
    await request("DELETE", `/sessions/${id}`, { body: { reason: "signed-out" } });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== "not-found") throw error;
  }
}
