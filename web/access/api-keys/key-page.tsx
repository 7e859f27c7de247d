import { Button, Code, Group, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { WhitelistCard } from "../address-rules/whitelist-card.tsx";
import { useApp } from "../apps/app-api.ts";
import { AppPage } from "../apps/app-frame.tsx";
import { serviceAccountQuery } from "../service-accounts/service-account-api.ts";
import { CallerList } from "./caller-list.tsx";
import { keyQuery, type KeyDetails } from "./key-api.ts";
import { KeyBadges, KeyUse } from "./key-list.tsx";
import { RotateDialog } from "./rotate-dialog.tsx";
import { RotationCard } from "./rotation-card.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";

/** One key: who uses it, its successor, its end. */
export function KeyPage() {
  const { t } = useTranslation("keys");
  const app = useApp();
  const { keyId = "" } = useParams();
  const key = useSuspenseQuery(keyQuery(keyId)).data;
  const account = useSuspenseQuery(serviceAccountQuery(key.serviceAccountId)).data;
  const isLive = key.state === "live";
  const [open, setOpen] = useQueryValue("open");
  return (
    <AppPage
      title={key.name}
      intro={<KeyUse apiKey={key} />}
      action={<KeyBadges apiKey={key} />}
      above={[
        { label: t("serviceAccounts"), to: paths.serviceAccounts(app.id) },
        { label: account.name, to: paths.serviceAccount(app.id, account.id) },
      ]}
      guide="keys"
    >
      <Group gap="xs">
        <Text c="dimmed">{t("beginsWith")}</Text>
        <Code>{key.prefix}</Code>
      </Group>
      {key.state === "revoked" && key.revokeReason !== null && (
        <Text>{t("revokedBecause", { reason: t(`reasons.${key.revokeReason}`) })}</Text>
      )}
      <RotationCard appId={app.id} apiKey={key} />
      <Callers apiKey={key} />
      {isLive && app.permissions.includes("app:addresses") && (
        <WhitelistCard owner={{ level: "key", id: key.id, name: key.name }} />
      )}
      {isLive && <Ends apiKey={key} setOpen={setOpen} />}
      {/* Whatever becomes of this key meanwhile: the new one is shown until the person closes it. */}
      <RotateDialog
        account={account}
        apiKey={key}
        isOpen={open === "rotate" && isLive}
        onClose={() => setOpen(null)}
      />
      <RevokeDialog apiKey={key} isOpen={open === "revoke"} onClose={() => setOpen(null)} />
    </AppPage>
  );
}

function Callers({ apiKey: key }: { apiKey: KeyDetails }) {
  const { t } = useTranslation("keys");
  return (
    <Card title={t("callers")} intro={t("callersIntro")}>
      {key.callers.length === 0 ? (
        <EmptyState title={t("noCallers")}>{t("noCallersText")}</EmptyState>
      ) : (
        <CallerList label={t("callers")} callers={key.callers} />
      )}
    </Card>
  );
}

type EndsProps = { apiKey: KeyDetails; setOpen: (open: "rotate" | "revoke") => void };

function Ends({ apiKey: key, setOpen }: EndsProps) {
  const { t } = useTranslation("keys");
  return (
    <Card title={t("endTitle")}>
      {key.rotatedTo === null && (
        <Group justify="space-between">
          <Text flex={1} miw={220} c="dimmed">
            {t("rotateHint")}
          </Text>
          <Button variant="default" onClick={() => setOpen("rotate")}>
            {t("rotate")}
          </Button>
        </Group>
      )}
      <Group justify="space-between">
        <Text flex={1} miw={220} c="dimmed">
          {t("revokeHint")}
        </Text>
        <Button variant="light" color="red" onClick={() => setOpen("revoke")}>
          {t("revoke")}
        </Button>
      </Group>
    </Card>
  );
}
