import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { SessionSummary } from "../../../src/contract/identity/sessions.ts";
import { request } from "../../api/client.ts";
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

/** Ends all but this one. @returns how many those were. */
export function useEndOthers() {
  const queryClient = useQueryClient();
  return useMutation<{ ended: number }>({
    mutationFn: () => request("DELETE", "/sessions"),
    onSettled: (_reply, error) => unlessFailed(error, queryClient.invalidateQueries(sessionsQuery)),
  });
}
