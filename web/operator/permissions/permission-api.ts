import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  Catalogue,
  CatalogueUsage,
  NewCatalogue,
} from "../../../src/contract/operator/permissions.ts";
import { request } from "../../api/client.ts";

export type { Catalogue } from "../../../src/contract/operator/permissions.ts";

export const catalogueQuery = queryOptions({
  queryKey: ["operator", "catalogue"],
  queryFn: ({ signal }) => request<Catalogue>("GET", "/permissions", { signal }),
  // What is being typed must not be replaced by a look from behind.
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
});

export const usageQuery = queryOptions({
  queryKey: ["operator", "permission-usage"],
  queryFn: ({ signal }) =>
    request<CatalogueUsage>("GET", "/operator/permissions/usage", { signal }),
});

export function useReplaceCatalogue() {
  const queryClient = useQueryClient();
  return useMutation<Catalogue, Error, NewCatalogue>({
    mutationFn: (body) => request("PUT", "/permissions", { body }),
    // A refusal changes nothing that is shown: what was typed must not be replaced by a newer catalogue.
    onSuccess: async (catalogue) => {
      queryClient.setQueryData(catalogueQuery.queryKey, catalogue);
      await queryClient.invalidateQueries({ queryKey: ["operator"] });
    },
  });
}
