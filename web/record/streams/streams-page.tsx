import { useTranslation } from "react-i18next";
import { useOrganisation } from "../../identity/account/use-organisation.tsx";
import { Page } from "../../ui/page.tsx";
import { NewStreamButton } from "./new-stream-button.tsx";
import { StreamList } from "./stream-list.tsx";

/** Where an organisation's log is sent on to. */
export function StreamsPage() {
  const { t } = useTranslation("streams");
  const { organisation, chooser } = useOrganisation();
  const keeper = organisation && { organisationId: organisation.id };
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      guide="streams"
      {...(keeper !== undefined && { action: <NewStreamButton keeper={keeper} /> })}
    >
      {chooser}
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
      guide="streams"
      action={<NewStreamButton keeper={OPERATOR} />}
    >
      <StreamList keeper={OPERATOR} />
    </Page>
  );
}

const OPERATOR = {};
