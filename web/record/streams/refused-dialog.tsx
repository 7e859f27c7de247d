import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { FaultText } from "./fault-text.tsx";
import {
  deadLettersQuery,
  retryDeadLetters,
  useStreamAct,
  type Keeper,
  type LogStream,
} from "./stream-api.ts";

type Props = { keeper: Keeper; stream: LogStream; onClose: () => void };

/** Entries that the receiver refused for good: where they stand, and sending them again. */
export function RefusedDialog(props: Props) {
  const { t } = useTranslation("streams");
  return (
    <FormDialog isOpen title={t("deadLetters")} onClose={props.onClose}>
      <Refused {...props} />
    </FormDialog>
  );
}

function Refused({ keeper, stream, onClose }: Props) {
  const { t } = useTranslation(["streams", "common"]);
  const { deadLetters, total } = useSuspenseQuery(deadLettersQuery(keeper, stream.id)).data;
  const retry = useStreamAct((id: string) => retryDeadLetters(keeper, id));
  return (
    <Stack>
      <Text c="dimmed">{t("streams:deadLettersIntro")}</Text>
      <RowList label={t("streams:deadLetters")}>
        {deadLetters.map((letter) => (
          <Row key={letter.id}>
            <Text fw={600} style={{ overflowWrap: "anywhere" }}>
              {letter.entryId ?? t("streams:entryGone")}
            </Text>
            <Text size="sm">
              <FaultText fault={letter} />
            </Text>
            <Text size="sm" c="dimmed">
              <Timestamp at={letter.at} /> · {t("streams:atLeaf", { leaf: letter.leaf })}
              {letter.isRetried && <> · {t("streams:retried")}</>}
            </Text>
          </Row>
        ))}
      </RowList>
      {total > deadLetters.length && (
        <Text size="sm">{t("streams:moreLetters", { count: total - deadLetters.length })}</Text>
      )}
      {retry.error !== null && <ErrorAlert error={retry.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("common:close")}
        </Button>
        <Button
          data-autofocus
          loading={retry.isPending}
          onClick={() =>
            retry.mutate(stream.id, {
              onSuccess: ({ count }) => {
                notifications.show({ message: t("streams:retrying", { count }) });
                onClose();
              },
            })
          }
        >
          {t("streams:retryAll")}
        </Button>
      </Group>
    </Stack>
  );
}
