import { useTranslation } from "react-i18next";
import { useOrganisation } from "../../identity/account/use-organisation.tsx";
import { Page } from "../../ui/page.tsx";
import { BoundCard } from "./bound-card.tsx";
import { RulesCard } from "./rules-card.tsx";

/** What an organisation asks of the passwords of everybody whom its apps reach. */
export function PolicyPage() {
  const { t } = useTranslation("passwordPolicy");
  const { organisation, chooser } = useOrganisation();
  return (
    <Page title={t("title")} intro={t("intro")} guide="password">
      {chooser}
      {organisation !== undefined && (
        <>
          <RulesCard key={organisation.id} organisationId={organisation.id} />
          <BoundCard organisationId={organisation.id} />
        </>
      )}
    </Page>
  );
}
