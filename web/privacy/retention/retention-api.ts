import {
  queryOptions,
  useMutation,
  useQueryClient,
  type UseMutationResult,
} from "@tanstack/react-query";
import type { Erasure } from "../../../src/contract/privacy/erasure.ts";
import type { Hold, HoldList, NewHold } from "../../../src/contract/privacy/holds.ts";
import type {
  Retention,
  RetentionPeriods,
  RetentionPreview,
} from "../../../src/contract/privacy/retention.ts";
import { request } from "../../api/client.ts";

export type { Erasure, Hold, Retention, RetentionPeriods };

/** Everything about what is kept; each change of it makes all of it stale. */
const PRIVACY = "privacy";

export const retentionQuery = (organisationId: string) =>
  queryOptions({
    queryKey: [PRIVACY, "retention", organisationId],
    queryFn: ({ signal }) =>
      request<Retention>("GET", `/organisations/${organisationId}/retention`, { signal }),
  });

export const previewQuery = (organisationId: string, periods: RetentionPeriods) =>
  queryOptions({
    queryKey: [PRIVACY, "preview", organisationId, periods],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        routineDays: String(periods.routineDays),
        importantDays: String(periods.importantDays),
        addressDays: String(periods.addressDays),
      });
      const path = `/organisations/${organisationId}/retention/preview?${query}`;
      return request<RetentionPreview>("GET", path, { signal });
    },
  });

export const holdsQuery = (organisationId: string) =>
  queryOptions({
    queryKey: [PRIVACY, "holds", organisationId],
    queryFn: ({ signal }) =>
      request<HoldList>("GET", `/organisations/${organisationId}/holds`, { signal }),
  });

export const erasureQuery = queryOptions({
  queryKey: [PRIVACY, "erasure"],
  queryFn: ({ signal }) => request<Erasure>("GET", "/account/erasure", { signal }),
});

/** A change of what is kept; whatever shows it is asked for again afterwards. */
export function usePrivacyChange<Variables, Reply = void>(
  change: (variables: Variables) => Promise<Reply>,
): UseMutationResult<Reply, Error, Variables> {
  const queryClient = useQueryClient();
  return useMutation<Reply, Error, Variables>({
    mutationFn: change,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: [PRIVACY] }),
  });
}

export const changePeriods = async (given: {
  organisationId: string;
  periods: RetentionPeriods;
}): Promise<Retention> =>
  await request<Retention>("PUT", `/organisations/${given.organisationId}/retention`, {
    body: given.periods,
  });

export const placeHold = async ({
  organisationId,
  ...body
}: NewHold & { organisationId: string }): Promise<Hold> =>
  await request<Hold>("POST", `/organisations/${organisationId}/holds`, { body });

export const releaseHold = async (given: {
  organisationId: string;
  holdId: string;
}): Promise<void> =>
  await request("DELETE", `/organisations/${given.organisationId}/holds/${given.holdId}`);

export const askToBeForgotten = async (): Promise<Erasure> =>
  await request<Erasure>("POST", "/account/erasure", { body: {} });

export const stayOnRecord = async (): Promise<void> => await request("DELETE", "/account/erasure");
