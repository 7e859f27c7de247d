import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { BoundList } from "./bound-list.tsx";
import { simulationQuery, type PasswordPolicyChange } from "./policy-api.ts";

type Props = {
  /** What is about to be saved; null: nothing is. */
  wanted: PasswordPolicyChange | null;
  isPending: boolean;
  error: Error | null;
  onConfirm: (wanted: PasswordPolicyChange) => void;
  onClose: () => void;
};

/** Whom it touches, and from when, before it holds. */
export function SimulationDialog({ wanted, isPending, error, onConfirm, onClose }: Props) {
  const { t } = useTranslation(["passwordPolicy", "common"]);
  return (
    <Modal
      opened={wanted !== null}
      onClose={onClose}
      size="lg"
      title={t("simulationTitle")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {wanted !== null && (
        <Stack>
          <Simulation wanted={wanted} />
          {error !== null && <ErrorAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button loading={isPending} onClick={() => onConfirm(wanted)}>
              {t("holdNow")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Simulation({ wanted }: { wanted: PasswordPolicyChange }) {
  const { t } = useTranslation("passwordPolicy");
  const simulation = useQuery(simulationQuery(wanted));
  if (simulation.isPending) return <Text>{t("counting")}</Text>;
  if (simulation.isError) return <ErrorAlert error={simulation.error} />;
  const { change, bound, firstEndsAt, rules } = simulation.data;
  return (
    <Stack gap="sm">
      <Alert variant="light" color={change === "more-lenient" ? "orange" : "blue"}>
        {t(`changes.${change}`)}
      </Alert>
      <Text>{t("holdsFromNow")}</Text>
      {firstEndsAt !== null && (
        <Text>
          {t("firstEnds", { count: rules.maxAgeDays ?? 0 })}{" "}
          <Timestamp at={firstEndsAt} as="date" />
          {t("firstEndsThen")}
        </Text>
      )}
      <Text>{t("nextOne")}</Text>
      {rules.idleMinutes !== null && <Text>{t("restEnds", { count: rules.idleMinutes })}</Text>}
      <Text fw={600}>
        {t("binds", { count: bound.people })}
        {bound.exempt > 0 && ` ${t("exempt", { count: bound.exempt })}`}
      </Text>
      <BoundList bound={bound} />
    </Stack>
  );
}
