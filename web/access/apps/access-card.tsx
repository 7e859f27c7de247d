import { Button, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { grantsQuery } from "../sharing/access-api.ts";
import { isSoon } from "../sharing/end.ts";
import type { OneApp } from "./app-api.ts";
import { tabsFor } from "./tabs-for.ts";

/** How many people and programs reach an app, and whose access ends soon. */
export function AccessCard({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const seesAll = tabsFor(app).some(({ text }) => text === "access");
  return (
    <Card
      title={t("whoHasAccess")}
      action={
        seesAll && (
          <Button component={Link} to={paths.appAccess(app.id)} variant="default" size="xs">
            {t("toAccess")}
          </Button>
        )
      }
    >
      {seesAll ? <Counts appId={app.id} /> : <Text c="dimmed">{t("accessNotYours")}</Text>}
    </Card>
  );
}

function Counts({ appId }: { appId: string }) {
  const { t } = useTranslation("apps");
  const { grants } = useSuspenseQuery(grantsQuery(appId)).data;
  const people = grants.filter(({ account }) => account.kind === "person");
  const soon = grants.filter(({ expiresAt }) => expiresAt !== null && isSoon(expiresAt));
  return (
    <>
      <Text>
        {t("guests", { count: people.length })} ·{" "}
        {t("programs", { count: grants.length - people.length })}
      </Text>
      <Text c="dimmed">{t("ownersToo")}</Text>
      {soon.length > 0 && (
        <Text>
          {t("endsSoon", {
            count: soon.length,
            names: soon.map(({ account }) => account.displayName).join(", "),
          })}
        </Text>
      )}
    </>
  );
}
