import { ActionIcon, Button, Menu, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { FaultText } from "./fault-text.tsx";
import { setPaused, testStream, useStreamAct, type Keeper, type LogStream } from "./stream-api.ts";
import type { StreamDialog } from "./stream-dialogs.tsx";

type Props = { keeper: Keeper; stream: LogStream; onOpen: (dialog: StreamDialog) => void };

/** A test at hand; the rest behind the dots. */
export function StreamMenu({ keeper, stream, onOpen }: Props) {
  const { t } = useTranslation(["streams", "common"]);
  const test = useStreamAct((id: string) => testStream(keeper, id));
  return (
    <>
      <Button
        variant="default"
        size="xs"
        loading={test.isPending}
        onClick={() =>
          test.mutate(stream.id, {
            onSuccess: ({ fault }) =>
              notifications.show({
                title: t(fault === null ? "streams:tested" : "streams:testFailed"),
                message: fault === null ? stream.name : <FaultText fault={fault} />,
                color: fault === null ? "green" : "red",
              }),
            onError: () => notifications.show({ message: t("streams:notDone"), color: "red" }),
          })
        }
      >
        {t("streams:test")}
        <VisuallyHidden> {stream.name}</VisuallyHidden>
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={30}
            aria-label={t("streams:more", { name: stream.name })}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Items keeper={keeper} stream={stream} onOpen={onOpen} />
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Items({ keeper, stream, onOpen }: Props) {
  const { t } = useTranslation("streams");
  const pause = useStreamAct((isPaused: boolean) => setPaused(keeper, { id: stream.id, isPaused }));
  const isOn = stream.state === "on";
  return (
    <>
      <Menu.Item onClick={() => onOpen("change")}>{t("change")}</Menu.Item>
      <Menu.Item
        onClick={() =>
          pause.mutate(isOn, {
            onSuccess: () =>
              notifications.show({
                message: t(isOn ? "pausedNow" : "resumedNow", { name: stream.name }),
              }),
            onError: () => notifications.show({ message: t("notDone"), color: "red" }),
          })
        }
      >
        {t(isOn ? "pause" : "resume")}
      </Menu.Item>
      <Menu.Item onClick={() => onOpen("replay")}>{t("replay")}</Menu.Item>
      {stream.kind === "https" && (
        <Menu.Item onClick={() => onOpen("secret")}>{t("newSecret")}</Menu.Item>
      )}
      {stream.deadLetters > 0 && (
        <Menu.Item onClick={() => onOpen("refused")}>{t("deadLetters")}</Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item color="red" onClick={() => onOpen("delete")}>
        {t("delete")}
      </Menu.Item>
    </>
  );
}
