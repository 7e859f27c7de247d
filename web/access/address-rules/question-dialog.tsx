import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import type { CutOff, Question } from "./use-whitelist.ts";

type Props = {
  question: Question | null;
  onClose: () => void;
  onAdd: (addresses: readonly string[]) => void;
  onGoOn: () => Promise<void>;
};

/** What a list would do to those who call, before it does it. */
export function QuestionDialog({ question, onClose, onAdd, onGoOn }: Props) {
  const { t } = useTranslation(["whitelist", "common"]);
  return (
    <Modal
      opened={question !== null}
      onClose={onClose}
      size="lg"
      title={question === null ? "" : t(`asks.${question.about === "wide" ? "wide" : "cutOff"}`)}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {question?.about === "cut-off" && (
        <CutOffQuestion
          callers={question.callers}
          onClose={onClose}
          onAdd={onAdd}
          onGoOn={onGoOn}
        />
      )}
      {question?.about === "wide" && (
        <WideQuestion networks={question.networks} onClose={onClose} onGoOn={onGoOn} />
      )}
    </Modal>
  );
}

type CutOffProps = Omit<Props, "question"> & { callers: readonly CutOff[] };

function CutOffQuestion({ callers, onClose, onAdd, onGoOn }: CutOffProps) {
  const { t } = useTranslation(["whitelist", "common"]);
  const addresses = [...new Set(callers.map(({ address }) => address))];
  const { run, isPending, error } = useGoOn(onGoOn);
  return (
    <Stack>
      <Text>{t("cutOffText", { count: addresses.length })}</Text>
      <RowList label={t("cutOffList")}>
        {callers.map(({ address, keyId, lastSeenAt, count }) => (
          <Row key={`${address} ${keyId}`}>
            <Text fw={600}>{address}</Text>
            <Text size="sm" c="dimmed">
              {t("byKey", { keyId })} · {t("calls", { count })} · {t("lastSeen")}{" "}
              <Timestamp at={lastSeenAt} as="ago" />
            </Text>
          </Row>
        ))}
      </RowList>
      <Text size="sm" c="dimmed">
        {t("cutOffGoOn")}
      </Text>
      {error !== null && <ErrorAlert error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("backToList")}
        </Button>
        <Button variant="outline" color="red" loading={isPending} onClick={run}>
          {t("goOnWithout")}
        </Button>
        <Button data-autofocus onClick={() => onAdd(addresses)}>
          {t("addAndGoOn", { count: addresses.length })}
        </Button>
      </Group>
    </Stack>
  );
}

type WideProps = Pick<Props, "onClose" | "onGoOn"> & { networks: readonly string[] };

function WideQuestion({ networks, onClose, onGoOn }: WideProps) {
  const { t } = useTranslation("whitelist");
  const { run, isPending, error } = useGoOn(onGoOn);
  return (
    <Stack>
      <Text>{t("wideText", { count: networks.length })}</Text>
      <List>
        {networks.map((cidr) => (
          <List.Item key={cidr}>
            <b>{cidr}</b>
          </List.Item>
        ))}
      </List>
      <Text size="sm" c="dimmed">
        {t("wideGoOn")}
      </Text>
      {error !== null && <ErrorAlert error={error} />}
      <Group justify="flex-end">
        <Button variant="outline" color="red" loading={isPending} onClick={run}>
          {t("keepWide")}
        </Button>
        <Button data-autofocus onClick={onClose}>
          {t("narrow")}
        </Button>
      </Group>
    </Stack>
  );
}

function useGoOn(onGoOn: () => Promise<void>) {
  const [error, setError] = useState<Error | null>(null);
  const [isPending, setPending] = useState(false);
  const run = () => {
    setError(null);
    setPending(true);
    onGoOn()
      .catch((thrown: unknown) => setError(thrown as Error))
      .finally(() => setPending(false));
  };
  return { run, isPending, error };
}
