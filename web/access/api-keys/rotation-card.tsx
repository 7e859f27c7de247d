import { Alert, Anchor, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Timestamp } from "../../ui/timestamp.tsx";
import { CallerList } from "./caller-list.tsx";
import { keyQuery, type KeyDetails } from "./key-api.ts";

/** While two keys of a line work, who still uses the old one is looked at again this often, ms. */
const LOOK_AGAIN_MS = 30_000;

type Props = { appId: string; apiKey: KeyDetails };

/** Where a key stands between its predecessor and its successor, and who still uses the old one. */
export function RotationCard({ appId, apiKey: key }: Props) {
  return (
    <>
      {key.rotatedTo !== null && key.state === "live" && <Replaced appId={appId} apiKey={key} />}
      {key.rotatedFrom !== null && <Predecessor appId={appId} keyId={key.rotatedFrom} />}
    </>
  );
}

function Replaced({ appId, apiKey: key }: Props) {
  const { t } = useTranslation("keys");
  return (
    <Alert color="orange" title={t("replacedTitle")}>
      <Stack gap="xs" align="flex-start">
        <Text>
          {t("replacedText")} <Timestamp at={key.expiresAt} />.
        </Text>
        <Anchor component={Link} to={paths.key(appId, key.rotatedTo ?? "")}>
          {t("toSuccessor")}
        </Anchor>
      </Stack>
    </Alert>
  );
}

function Predecessor({ appId, keyId }: { appId: string; keyId: string }) {
  const { t } = useTranslation("keys");
  const { data: old } = useQuery({ ...keyQuery(keyId), refetchInterval: LOOK_AGAIN_MS });
  if (old?.state !== "live") return null;
  return (
    <Alert color="orange" title={t("oldStillWorks")}>
      <Stack gap="sm" align="stretch">
        <Text>
          {t("oldEnds")} <Timestamp at={old.expiresAt} as="ago" /> (
          <Timestamp at={old.expiresAt} />
          ). {t(old.callers.length === 0 ? "oldUnused" : "oldUsedBy")}
        </Text>
        {old.callers.length > 0 && <CallerList label={t("stillUses")} callers={old.callers} />}
        <Anchor component={Link} to={paths.key(appId, keyId)}>
          {t("toPredecessor")}
        </Anchor>
      </Stack>
    </Alert>
  );
}
