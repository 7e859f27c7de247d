import { Alert, Button, Group, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { lastUse } from "../api/last-use.ts";
import { currentSession } from "../identity/sign-in/sign-in-api.ts";
import { isAnother, noticeAt, type Ending } from "./session-end.ts";

/** How often the clock is looked at, ms. The server is not asked: that would be a use. */
const LOOK_EVERY_MS = 10_000;

/** Tells shortly before the sign-in ends, by rest or by its end, while what is being done can still be saved. */
export function SessionEndNotice() {
  const { data, refetch } = useQuery({
    queryKey: ["sessions", "end"],
    queryFn: async () => {
      const { endsAt, idleMinutes } = await currentSession();
      return { endsAt, idleMinutes };
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const [ending, setEnding] = useState<Ending | null>(null);
  useEffect(() => {
    if (data === undefined) return;
    const look = () => {
      if (isAnother(data, lastUse.atMs())) void refetch();
      setEnding(noticeAt(data, lastUse.atMs(), Date.now()));
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [data, refetch]);
  if (ending === null) return null;
  const stay = async () => {
    await refetch();
    setEnding(null);
  };
  return <Notice ending={ending} onStay={() => void stay()} />;
}

function Notice({ ending, onStay }: { ending: Ending; onStay: () => void }) {
  const { t, i18n } = useTranslation("sessions");
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(ending.atMs);
  return (
    <Alert
      role="alert"
      color="orange"
      icon={<IconClock aria-hidden />}
      title={t("endsSoon", { time })}
      mb="md"
    >
      <Group justify="space-between">
        <Text size="sm">{t(ending.why === "rest" ? "endsByRest" : "endsByItself")}</Text>
        {ending.why === "rest" && (
          <Button size="xs" variant="default" onClick={onStay}>
            {t("stay")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
