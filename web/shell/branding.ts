import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { PublicBranding } from "../../src/contract/platform/branding.ts";

/** What the operator made of the panel; served beside the panel's files. */
export type Branding = PublicBranding;

export const brandingQuery = queryOptions({
  queryKey: ["branding"],
  queryFn: async ({ signal }): Promise<PublicBranding> => {
    const reply = await fetch("/branding.json", { signal });
    if (!reply.ok) throw new Error("the branding could not be read");
    return (await reply.json()) as PublicBranding;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** `name` is never empty: a product without one is "Your account" in the reader's language; `isNameless` where a sentence needs it otherwise. */
export function useBranding(): Branding & { isNameless: boolean } {
  const { t } = useTranslation("common");
  const { data } = useSuspenseQuery(brandingQuery);
  const isNameless = data.name === "";
  return { ...data, name: isNameless ? t("yourAccount") : data.name, isNameless };
}
