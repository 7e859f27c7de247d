import { Alert, Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { WhitelistCard } from "../address-rules/whitelist-card.tsx";
import { KeyList } from "../api-keys/key-list.tsx";
import { NewKeyDialog } from "../api-keys/new-key-dialog.tsx";
import { keysQuery } from "../api-keys/key-api.ts";
import { useApp } from "../apps/app-api.ts";
import { AppPage } from "../apps/app-frame.tsx";
import { EndText } from "../sharing/end-text.tsx";
import { AccountSettings } from "./account-settings.tsx";
import { serviceAccountQuery, useServiceAccountId } from "./service-account-api.ts";
import type { ServiceAccount } from "./service-account-api.ts";
import { StateBadges } from "./service-accounts-page.tsx";

/** One program of an app: its keys, from where they work, and its end. */
export function ServiceAccountPage() {
  const { t } = useTranslation("serviceAccounts");
  const app = useApp();
  const account = useSuspenseQuery(serviceAccountQuery(useServiceAccountId())).data;
  return (
    <AppPage
      title={account.name}
      intro={<Facts account={account} />}
      action={<StateBadges account={account} />}
      above={[{ label: t("title"), to: paths.serviceAccounts(app.id) }]}
      guide="service-accounts"
    >
      {account.disabled && (
        <Alert color="orange" title={t("disabledTitle")}>
          {t("disabledText")}
        </Alert>
      )}
      {account.role === null && (
        <Alert color="red" title={t("noAccess")}>
          {t("noAccessText")}
        </Alert>
      )}
      <KeysCard account={account} />
      {app.permissions.includes("app:addresses") && (
        <WhitelistCard owner={{ level: "service-account", id: account.id, name: account.name }} />
      )}
      <AccountSettings account={account} />
    </AppPage>
  );
}

function Facts({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation("serviceAccounts");
  return (
    <>
      {account.createdBy === null
        ? t("madeAt")
        : t("madeBy", { displayName: account.createdBy.displayName })}{" "}
      <Timestamp at={account.createdAt} as="date" /> ·{" "}
      {account.lastUsedAt === null ? (
        t("neverUsed")
      ) : (
        <>
          {t("lastUsed")} <Timestamp at={account.lastUsedAt} as="ago" />
        </>
      )}{" "}
      · <EndText expiresAt={account.expiresAt} />
    </>
  );
}

function KeysCard({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation(["keys", "common"]);
  const { keys } = useSuspenseQuery(keysQuery(account.id)).data;
  const [open, setOpen] = useQueryValue("open");
  const make = (
    <Button
      size="sm"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setOpen("new-key")}
    >
      {t("new")}
    </Button>
  );
  return (
    <Card title={t("title")} intro={t("intro")} action={keys.length === 0 ? null : make}>
      {keys.length === 0 ? (
        <EmptyState title={t("emptyTitle")} action={make}>
          {t("emptyText")}
        </EmptyState>
      ) : (
        <KeyList appId={account.appId} keys={keys} />
      )}
      {account.role === "gateway" && (
        <Group>
          <Text size="sm" c="dimmed">
            {t("gatewayExplained")}
          </Text>
        </Group>
      )}
      <NewKeyDialog account={account} isOpen={open === "new-key"} onClose={() => setOpen(null)} />
    </Card>
  );
}
