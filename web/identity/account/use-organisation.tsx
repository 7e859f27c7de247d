import { NativeSelect } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Organisation } from "../../../src/contract/access/organisations.ts";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { membershipsQuery } from "./account-api.ts";

/**
 * The organisation that a page is about, which its address keeps, and what chooses another where somebody has more
 * than one. None: they belong to no organisation.
 */
export function useOrganisation(): { organisation: Organisation | undefined; chooser: ReactNode } {
  const { t } = useTranslation("organisations");
  const organisations = useSuspenseQuery(membershipsQuery).data;
  const [chosen, choose] = useQueryValue("organisation", { isFilter: true });
  const organisation = organisations.find(({ id }) => id === chosen) ?? organisations[0];
  const chooser = organisations.length > 1 && (
    <NativeSelect
      label={t("organisation")}
      maw="28rem"
      value={organisation?.id ?? ""}
      onChange={(event) => choose(event.currentTarget.value)}
      data={organisations.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
  return { organisation, chooser };
}
