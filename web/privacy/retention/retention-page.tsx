import { useTranslation } from "react-i18next";
import { useOrganisation } from "../../identity/account/use-organisation.tsx";
import { Page } from "../../ui/page.tsx";
import { ActsCard } from "./acts-card.tsx";
import { ForgettingCard } from "./forgetting-card.tsx";
import { HoldsCard } from "./holds-card.tsx";
import { PeriodsCard } from "./periods-card.tsx";

/** For how long the log is kept, what stays all the same, and being forgotten. */
export function RetentionPage() {
  const { t } = useTranslation("retention");
  const { organisation, chooser } = useOrganisation();
  return (
    <Page title={t("title")} intro={t("intro")} guide="retention">
      {chooser}
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
