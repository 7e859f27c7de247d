import { NativeSelect } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { membershipsQuery } from "../../identity/account/account-api.ts";
import { Page } from "../../ui/page.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { NewStreamButton } from "./new-stream-button.tsx";
import { StreamList } from "./stream-list.tsx";

/** Where an organisation's log is sent on to. */
export function StreamsPage() {
  const { t } = useTranslation("streams");
  const organisations = useSuspenseQuery(membershipsQuery).data;
  const [chosen, choose] = useQueryValue("organisation", { isFilter: true });
  const organisation = organisations.find(({ id }) => id === chosen) ?? organisations[0];
  const keeper = organisation && { organisationId: organisation.id };
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      {...(keeper !== undefined && { action: <NewStreamButton keeper={keeper} /> })}
    >
      {organisations.length > 1 && (
        <NativeSelect
          label={t("organisation")}
          maw="28rem"
          value={organisation?.id ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
          data={organisations.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      {keeper !== undefined && <StreamList key={keeper.organisationId} keeper={keeper} />}
    </Page>
  );
}

/** Where everything that is on record is sent on to. */
export function OperatorStreamsPage() {
  const { t } = useTranslation("streams");
  return (
    <Page
      title={t("operatorTitle")}
      intro={t("operatorIntro")}
      action={<NewStreamButton keeper={OPERATOR} />}
    >
      <StreamList keeper={OPERATOR} />
    </Page>
  );
}

const OPERATOR = {};
