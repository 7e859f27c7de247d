import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { settleInterruption } from "../../api/interruptions.ts";
import { leavePage } from "../../api/leave-page.ts";
import { currentLevel, whereToFinish } from "../../shell/require-session.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";

/** A session that only another page can complete: leads there, and back to this one. */
export function FinishElsewhere() {
  const { t } = useTranslation(["signIn", "common"]);
  const { pathname, search } = useLocation();
  const [error, setError] = useState<Error | null>(null);
  const leave = async () => {
    try {
      await leavePage(whereToFinish(await currentLevel(), `${pathname}${search}`));
    } catch (thrown) {
      setError(thrown as Error);
    }
  };
  return (
    <Stack>
      <Text>{t("finishElsewhere")}</Text>
      {error !== null && <ErrorAlert error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => settleInterruption(false)}>
          {t("common:stayHere")}
        </Button>
        <Button data-autofocus onClick={() => void leave()}>
          {t("goAndFinish")}
        </Button>
      </Group>
    </Stack>
  );
}
