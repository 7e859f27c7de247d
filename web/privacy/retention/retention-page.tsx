import { NativeSelect } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { membershipsQuery } from "../../identity/account/account-api.ts";
import { Page } from "../../ui/page.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { ActsCard } from "./acts-card.tsx";
import { ForgettingCard } from "./forgetting-card.tsx";
import { HoldsCard } from "./holds-card.tsx";
import { PeriodsCard } from "./periods-card.tsx";

/** For how long the log is kept, what stays all the same, and being forgotten. */
export function RetentionPage() {
  const { t } = useTranslation("retention");
  const organisations = useSuspenseQuery(membershipsQuery).data;
  const [chosen, choose] = useQueryValue("organisation", { isFilter: true });
  const organisation = organisations.find(({ id }) => id === chosen) ?? organisations[0];
  return (
    <Page title={t("title")} intro={t("intro")} guide="retention">
      {organisations.length > 1 && (
        <NativeSelect
          label={t("organisation")}
          maw="28rem"
          value={organisation?.id ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
          data={organisations.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      {organisation !== undefined && (
        <>
          <PeriodsCard key={organisation.id} organisation={organisation} />
          <HoldsCard organisation={organisation} />
          <ActsCard organisation={organisation} />
        </>
      )}
      <ForgettingCard />
    </Page>
  );
}
