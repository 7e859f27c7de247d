import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { DeadLetterList } from "../../../src/contract/record/dead-letters.ts";
import type {
  LogStream,
  LogStreamChange,
  LogStreamList,
  LogStreamMade,
  LogStreamTest,
  NewLogStream,
  StreamStart,
} from "../../../src/contract/record/streams.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type { LogStream, LogStreamMade, NewLogStream };

/** Whose streams a page shows: an organisation's, or, without one, the operator's. */
export type Keeper = { organisationId?: string };

const pathOf = ({ organisationId }: Keeper): string =>
  organisationId === undefined ? "/operator/log-streams" : "/log-streams";

const STREAMS = "log-streams";

export const streamsQuery = (keeper: Keeper) =>
  queryOptions({
    queryKey: [STREAMS, keeper.organisationId ?? "operator"],
    queryFn: ({ signal }) => {
      const { organisationId } = keeper;
      const query = organisationId === undefined ? "" : `?organisationId=${organisationId}`;
      return request<LogStreamList>("GET", `${pathOf(keeper)}${query}`, { signal });
    },
  });

export const deadLettersQuery = (keeper: Keeper, streamId: string) =>
  queryOptions({
    queryKey: [STREAMS, "dead-letters", streamId],
    queryFn: ({ signal }) =>
      request<DeadLetterList>("GET", `${pathOf(keeper)}/${streamId}/dead-letters`, { signal }),
  });

/** What is done with streams; the lists are asked for again afterwards. */
export function useStreamAct<Variables, Reply>(act: (variables: Variables) => Promise<Reply>) {
  const queryClient = useQueryClient();
  return useMutation<Reply, Error, Variables>({
    mutationFn: act,
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries({ queryKey: [STREAMS] })),
  });
}

export const createStream = async (
  keeper: Keeper,
  body: Omit<NewLogStream, "organisationId">,
): Promise<LogStreamMade> =>
  await request("POST", pathOf(keeper), {
    body: { ...keeper, ...body },
    isCreation: true,
  });

export const changeStream = async (
  keeper: Keeper,
  { id, ...body }: LogStreamChange & { id: string },
): Promise<LogStream> => await request("PATCH", `${pathOf(keeper)}/${id}`, { body });

export const deleteStream = async (keeper: Keeper, id: string): Promise<void> =>
  await request("DELETE", `${pathOf(keeper)}/${id}`);

export const setPaused = async (
  keeper: Keeper,
  { id, isPaused }: { id: string; isPaused: boolean },
): Promise<LogStream> =>
  await request("POST", `${pathOf(keeper)}/${id}/${isPaused ? "pause" : "resume"}`, { body: {} });

export const testStream = async (keeper: Keeper, id: string): Promise<LogStreamTest> =>
  await request("POST", `${pathOf(keeper)}/${id}/test`, { body: {} });

export const replayStream = async (
  keeper: Keeper,
  { id, ...body }: StreamStart & { id: string },
): Promise<LogStream> => await request("POST", `${pathOf(keeper)}/${id}/replay`, { body });

export const rotateSecret = async (keeper: Keeper, id: string): Promise<LogStreamMade> =>
  await request("POST", `${pathOf(keeper)}/${id}/secret`, { body: {} });

export const retryDeadLetters = async (keeper: Keeper, id: string): Promise<{ count: number }> =>
  await request("POST", `${pathOf(keeper)}/${id}/dead-letters/retry`, { body: {} });
