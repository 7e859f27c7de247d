import { Anchor, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOwnAccount } from "../identity/account/account-api.ts";
import { paths } from "../paths.ts";
import { SupportLink } from "../shell/support-link.tsx";
import { Card } from "../ui/card.tsx";
import { Page } from "../ui/page.tsx";
import { guides, guidesFor } from "./guides.ts";
import { SecureCard } from "./secure-card.tsx";

/** What to do first, with ticks from what is done; and a guide for each part. */
export function HelpPage() {
  const { t } = useTranslation("help");
  const account = useOwnAccount();
  return (
    <Page title={t("title")} intro={t("intro")}>
      <SecureCard />
      <Card title={t("topics")}>
        <SimpleGrid component="ul" cols={{ base: 1, sm: 2 }} m={0} p={0} className="row-list">
          {guidesFor(account).map((name) => (
            <li key={name}>
              <Anchor component={Link} to={paths.guide(name)} fw={600}>
                {t(`guides.${guides[name]}.title`)}
              </Anchor>
              <Text size="sm" c="dimmed">
                {t(`guides.${guides[name]}.intro`)}
              </Text>
            </li>
          ))}
        </SimpleGrid>
      </Card>
      <Text>
        <SupportLink />
      </Text>
    </Page>
  );
}
