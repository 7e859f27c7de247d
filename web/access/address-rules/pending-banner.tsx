import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconClockPause } from "@tabler/icons-react";
import { ApiProblem } from "../../api/client.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useAppChange } from "../apps/app-api.ts";
import { changeRules, confirmRules, rulesQuery } from "./rules-api.ts";
import type { AddressRules, ListOwner } from "./rules-api.ts";

type Props = { owner: ListOwner; rules: AddressRules & { revertsAt: string } };

/** A change that goes back by itself: how long that takes, and what keeps it or ends it now. */
export function PendingBanner({ owner, rules }: Props) {
  const { t } = useTranslation("whitelist");
  const confirm = useConfirm(owner);
  const goBack = useGoBack(owner, rules);
  const failure = confirm.error ?? goBack.error;
  return (
    <Alert
      color="orange"
      icon={<IconClockPause aria-hidden />}
      title={t("pendingTitle")}
      role="region"
      aria-label={t("pendingTitle")}
    >
      <Stack gap="sm">
        <Text>
          {t("pendingText", {
            mode: t(`states.${rules.revertsTo?.mode ?? "off"}`),
            entries: t("entryCount", { count: rules.revertsTo?.entries.length ?? 0 }),
          })}{" "}
          <Timestamp at={rules.revertsAt} />.
        </Text>
        <Countdown owner={owner} until={rules.revertsAt} />
        {failure !== null && <ErrorAlert error={failure} />}
        <Group>
          <Button loading={confirm.isPending} onClick={() => confirm.mutate(undefined)}>
            {t("confirm")}
          </Button>
          <Button
            variant="default"
            loading={goBack.isPending}
            onClick={() => goBack.mutate(undefined)}
          >
            {t("goBackNow")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

/** Ends the wait by what held before. Said by the change itself: the banner is gone when it is done. */
function useGoBack(owner: ListOwner, { revertsTo }: AddressRules) {
  const { t } = useTranslation("whitelist");
  return useAppChange(async () => {
    const before = revertsTo ?? { mode: "off", entries: [] };
    await changeRules(owner, { ...before, confirm: true });
    notifications.show({ message: t("wentBackNow") });
  });
}

/** Confirms; what went back meanwhile is said outside, because this banner goes with it. */
function useConfirm(owner: ListOwner) {
  const { t } = useTranslation("whitelist");
  return useAppChange(async () => {
    try {
      await confirmRules(owner);
      notifications.show({ message: t("confirmed") });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "change-went-back") throw error;
      notifications.show({ color: "orange", title: t("wentBack"), message: t("wentBackText") });
    }
  });
}

/** Minutes and seconds that are left; what is shown afterwards is asked of the server. */
function Countdown({ owner, until }: { owner: ListOwner; until: string }) {
  const { t } = useTranslation("whitelist");
  const queryClient = useQueryClient();
  const [nowMs, setNowMs] = useState(Date.now);
  const leftMs = Math.max(0, Date.parse(until) - nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const isOver = leftMs === 0;
  const { level, id } = owner;
  useEffect(() => {
    if (isOver) void queryClient.invalidateQueries(rulesQuery({ level, id }));
  }, [isOver, queryClient, level, id]);
  const seconds = Math.ceil(leftMs / 1000);
  const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <Text fw={650} fz="xl" role="timer" style={{ fontVariantNumeric: "tabular-nums" }}>
      {t("left", { time: shown })}
    </Text>
  );
}
