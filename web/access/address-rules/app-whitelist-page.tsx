import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useApp } from "../apps/app-api.ts";
import { AppPage } from "../apps/app-frame.tsx";
import { NarrowerListsCard } from "./narrower-lists.tsx";
import { rulesQuery } from "./rules-api.ts";
import { Whitelist } from "./whitelist.tsx";

/** From where the keys of an app may be used. */
export function AppWhitelistPage() {
  const { t } = useTranslation("whitelist");
  const { id, name, permissions } = useApp();
  const { narrower } = useSuspenseQuery(rulesQuery({ level: "app", id })).data;
  return (
    <AppPage title={t("title")} intro={t("intro", { name })} guide="ip-whitelist">
      <Whitelist owner={{ level: "app", id, name }} />
      <NarrowerListsCard appId={id} lists={narrower} opens={permissions.includes("app:keys")} />
    </AppPage>
  );
}
