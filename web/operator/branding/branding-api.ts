import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Branding, BrandingChange } from "../../../src/contract/platform/branding.ts";
import { request } from "../../api/client.ts";
import { brandingQuery } from "../../shell/branding.ts";

export type { Branding, BrandingFields } from "../../../src/contract/platform/branding.ts";

export const brandingSettingsQuery = queryOptions({
  queryKey: ["operator", "branding"],
  queryFn: ({ signal }) => request<Branding>("GET", "/operator/branding", { signal }),
  // Another operator's change must not take away what is being typed: it shows when one saves.
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
});

export function useChangeBranding() {
  const queryClient = useQueryClient();
  return useMutation<Branding, Error, BrandingChange>({
    mutationFn: (body) => request("PUT", "/operator/branding", { body }),
    onSuccess: async (saved) => {
      queryClient.setQueryData(brandingSettingsQuery.queryKey, saved);
      await queryClient.invalidateQueries(brandingQuery);
    },
  });
}
