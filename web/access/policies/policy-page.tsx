import { NativeSelect } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { membershipsQuery } from "../../identity/account/account-api.ts";
import { Page } from "../../ui/page.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { BoundCard } from "./bound-card.tsx";
import { RulesCard } from "./rules-card.tsx";

/** What an organisation asks of the passwords of everybody whom its apps reach. */
export function PolicyPage() {
  const { t } = useTranslation("passwordPolicy");
  const organisations = useSuspenseQuery(membershipsQuery).data;
  const [chosen, choose] = useQueryValue("organisation", { isFilter: true });
  const organisation = organisations.find(({ id }) => id === chosen) ?? organisations[0];
  return (
    <Page title={t("title")} intro={t("intro")} guide="password">
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
          <RulesCard key={organisation.id} organisationId={organisation.id} />
          <BoundCard organisationId={organisation.id} />
        </>
      )}
    </Page>
  );
}
