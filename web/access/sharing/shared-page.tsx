import { Anchor, Button, Group, NativeSelect, Tabs, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Loading } from "../../shell/loading.tsx";
import { Page } from "../../ui/page.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { organisationsQuery, type Organisation } from "../organisations/organisation-api.ts";
import { RemovedTab } from "../receipts/removed-tab.tsx";
import { AppsTab } from "./apps-tab.tsx";
import { PendingTab } from "./pending-tab.tsx";
import { PeopleTab } from "./people-tab.tsx";

const tabs = ["people", "apps", "pending", "removed"] as const;

/** Who has access to the apps of one's organisations: by person, by app, and who is invited. */
export function SharedPage() {
  const { t } = useTranslation("sharing");
  const { organisations } = useSuspenseQuery(organisationsQuery).data;
  const [chosen, choose] = useQueryValue("organisation", { isFilter: true });
  const [wanted, setTab] = useQueryValue("tab");
  const organisation = organisations.find(({ id }) => id === chosen) ?? organisations[0];
  // Removing is the owners' business, and so is what shows it.
  const shown = tabs.filter((each) => each !== "removed" || organisation?.role === "owner");
  const tab = shown.find((each) => each === wanted) ?? "people";
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      guide="sharing"
      action={
        <Button
          component={Link}
          to={paths.invite()}
          leftSection={<IconUserPlus size={18} aria-hidden />}
        >
          {t("inviteSomebody")}
        </Button>
      }
    >
      {organisation !== undefined && (
        <OrganisationBar
          organisations={organisations}
          organisation={organisation}
          onChoose={choose}
        />
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          {shown.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Suspense fallback={<Loading />}>
            {tab === "people" && <PeopleTab organisation={organisation} />}
            {tab === "apps" && <AppsTab organisation={organisation} />}
            {tab === "pending" && <PendingTab />}
            {tab === "removed" && organisation !== undefined && (
              <RemovedTab organisationId={organisation.id} />
            )}
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function OrganisationBar({
  organisations,
  organisation,
  onChoose,
}: {
  organisations: readonly Organisation[];
  organisation: Organisation;
  onChoose: (id: string) => void;
}) {
  const { t } = useTranslation("sharing");
  const isChoice = organisations.length > 1;
  // Beside a field the links stand on its text's line.
  const pb = isChoice ? 8 : 0;
  return (
    <Group gap="md" align={isChoice ? "end" : "baseline"}>
      {isChoice ? (
        <NativeSelect
          label={t("organisation")}
          value={organisation.id}
          data={organisations.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={({ currentTarget }) => onChoose(currentTarget.value)}
        />
      ) : (
        <Text>
          <Text span c="dimmed">
            {t("organisation")}:{" "}
          </Text>
          {organisation.name}
        </Text>
      )}
      <Anchor component={Link} to={paths.organisation(organisation.id)} pb={pb}>
        {t("ownersOf", { organisation: organisation.name })}
      </Anchor>
      <Anchor component={Link} to={paths.sharedWithMe()} pb={pb}>
        {t("sharedWithMeLink")}
      </Anchor>
    </Group>
  );
}
