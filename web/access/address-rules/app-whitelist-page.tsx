import { useTranslation } from "react-i18next";
import { useApp } from "../apps/app-api.ts";
import { AppPage } from "../apps/app-frame.tsx";
import { Whitelist } from "./whitelist.tsx";

/** From where the keys of an app may be used. */
export function AppWhitelistPage() {
  const { t } = useTranslation("whitelist");
  const { id, name } = useApp();
  return (
    <AppPage title={t("title")} intro={t("intro", { name })} guide="ip-whitelist">
      <Whitelist owner={{ level: "app", id, name }} />
    </AppPage>
  );
}
