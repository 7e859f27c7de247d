import { SimpleGrid } from "@mantine/core";
import { useSuspenseQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useOwnAccount } from "../identity/account/account-api.ts";
import { Page } from "../ui/page.tsx";
import { EndsSoon } from "./ends-soon.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { homeQuery, latestEntriesQuery } from "./home-api.ts";
import { LatestChanges } from "./latest-changes.tsx";
import { latestOf } from "./latest.ts";
import { NeedsYou } from "./needs-you-card.tsx";
import { needsOf, offersSteps } from "./needs-you.ts";

/** What one sees first: the first steps while they are ahead, then what needs one, what changed, what ends. */
export function HomePage() {
  const { t } = useTranslation("home");
  const { id, displayName, createdAt } = useOwnAccount();
  const [{ data: home, dataUpdatedAt }, { data: entries }] = useSuspenseQueries({
    queries: [homeQuery, latestEntriesQuery],
  });
  const hasSteps = offersSteps(home, createdAt, dataUpdatedAt);
  // The steps say the same about a second factor that is missing.
  const needs = needsOf(home).filter(({ kind }) => !hasSteps || kind !== "noFactor");
  return (
    <Page title={t("title", { displayName })} intro={t("intro")} guide="first-steps">
      {hasSteps && <FirstSteps steps={home.steps} />}
      {(!hasSteps || needs.length > 0) && <NeedsYou needs={needs} />}
      <SimpleGrid cols={{ base: 1, md: home.endingGrants.length > 0 ? 2 : 1 }} spacing="lg">
        <LatestChanges {...latestOf(entries, id)} />
        {home.endingGrants.length > 0 && <EndsSoon grants={home.endingGrants} />}
      </SimpleGrid>
    </Page>
  );
}
