import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useAppId } from "../apps/app-api.ts";
import { AppPage } from "../apps/app-frame.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import { EndText } from "../sharing/end-text.tsx";
import { NewServiceAccountDialog } from "./new-service-account-dialog.tsx";
import { serviceAccountsQuery, type ServiceAccount } from "./service-account-api.ts";

/** The programs that use an app, each with a role and keys of its own. */
export function ServiceAccountsPage() {
  const { t } = useTranslation("serviceAccounts");
  const { serviceAccounts } = useSuspenseQuery(serviceAccountsQuery(useAppId())).data;
  const [open, setOpen] = useQueryValue("open");
  const make = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen("new")}>
      {t("new")}
    </Button>
  );
  const isEmpty = serviceAccounts.length === 0;
  return (
    <AppPage
      title={t("title")}
      intro={t("intro")}
      action={isEmpty ? null : make}
      guide="service-accounts"
    >
      {isEmpty ? (
        <Card>
          <EmptyState title={t("emptyTitle")} action={make}>
            {t("emptyText")}
          </EmptyState>
        </Card>
      ) : (
        <RowList label={t("title")}>
          {serviceAccounts.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
        </RowList>
      )}
      <NewServiceAccountDialog isOpen={open === "new"} onClose={() => setOpen(null)} />
    </AppPage>
  );
}

function AccountRow({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation("serviceAccounts");
  const { id, appId, name, expiresAt, lastUsedAt, liveKeys } = account;
  return (
    <Row actions={<StateBadges account={account} />}>
      <Anchor component={Link} to={paths.serviceAccount(appId, id)} fw={600}>
        {name}
      </Anchor>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t("liveKeys", { count: liveKeys })} ·{" "}
          {lastUsedAt === null ? (
            t("neverUsed")
          ) : (
            <>
              {t("lastUsed")} <Timestamp at={lastUsedAt} as="ago" />
            </>
          )}
        </Text>
        {expiresAt !== null && <EndText expiresAt={expiresAt} />}
      </Group>
    </Row>
  );
}

/** What a service account may do, and what keeps it from doing so. */
export function StateBadges({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation("serviceAccounts");
  const roleName = useRoleName();
  return (
    <Group gap="xs">
      {account.disabled && <Badge color="orange">{t("disabled")}</Badge>}
      {account.role === null ? (
        <Badge color="red">{t("noAccess")}</Badge>
      ) : (
        <Badge>{roleName(account.role)}</Badge>
      )}
    </Group>
  );
}
