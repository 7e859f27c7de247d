import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { RenameForm } from "../../ui/rename-form.tsx";
import { renameApp, useApp, useAppChange, type OneApp } from "./app-api.ts";
import { AppPage } from "./app-frame.tsx";
import { DeleteCard } from "./delete-card.tsx";
import { SupportCard } from "./support-card.tsx";
import { TransferCard } from "./transfer-card.tsx";

/** Name, ownership, the operator's look inside, and the end of an app. */
export function SettingsPage() {
  const { t } = useTranslation("apps");
  const app = useApp();
  const may = (permission: string) => app.permissions.includes(permission);
  return (
    <AppPage title={t("tabs.settings")} guide="apps">
      {may("app:write") && <RenameCard app={app} />}
      {may("app:transfer") && <TransferCard app={app} />}
      {may("app:audit") && <SupportCard app={app} />}
      {may("app:delete") && <DeleteCard app={app} />}
    </AppPage>
  );
}

function RenameCard({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const rename = useAppChange((name: string) => renameApp(app.id, name));
  return (
    <Card title={t("renameTitle")} intro={t("renameIntro")}>
      <RenameForm
        name={app.name}
        label={t("name")}
        submitLabel={t("rename")}
        onRename={async (name) => {
          await rename.mutateAsync(name);
          notifications.show({ message: t("renamed", { name }) });
        }}
      />
    </Card>
  );
}
