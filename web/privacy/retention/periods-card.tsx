import { Alert, Button, NumberInput, Stack, Text } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconClock } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Organisation } from "../../../src/contract/access/organisations.ts";
import { leastPeriods, MAX_PERIOD_DAYS } from "../../../src/contract/record/retention.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import {
  changePeriods,
  previewQuery,
  retentionQuery,
  usePrivacyChange,
  type Retention,
  type RetentionPeriods,
} from "./retention-api.ts";

const names = ["routineDays", "importantDays", "addressDays"] as const;

/** The periods. Before they are saved the person sees what would go, and from when. */
export function PeriodsCard({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation("retention");
  const { periods, next } = useSuspenseQuery(retentionQuery(organisation.id)).data;
  const [wanted, setWanted] = useState<RetentionPeriods | null>(null);
  const change = usePrivacyChange(changePeriods);
  const form = useForm<RetentionPeriods>({
    mode: "uncontrolled",
    initialValues: { ...(next?.periods ?? periods) },
  });
  const save = (values: RetentionPeriods): void =>
    change.mutate(
      { organisationId: organisation.id, periods: values },
      {
        onSuccess: (after) => {
          setWanted(null);
          form.setValues({ ...(after.next?.periods ?? after.periods) });
          notifications.show({ message: t("saved") });
        },
      },
    );
  return (
    <Card title={t("periods")} intro={t("periodsIntro")}>
      {next !== null && (
        <Waiting next={next} isPending={change.isPending} onTakeBack={() => save(periods)} />
      )}
      {wanted === null && change.error !== null && <ErrorAlert error={change.error} />}
      <form onSubmit={form.onSubmit((values) => setWanted(values))}>
        <Stack gap="sm" align="flex-start">
          <PeriodFields form={form} />
          <Button type="submit" variant="default">
            {t("preview")}
          </Button>
        </Stack>
      </form>
      <PreviewDialog
        organisationId={organisation.id}
        periods={wanted}
        isPending={change.isPending}
        error={change.error}
        onConfirm={save}
        onClose={() => {
          change.reset();
          setWanted(null);
        }}
      />
    </Card>
  );
}

function PeriodFields({ form }: { form: UseFormReturnType<RetentionPeriods> }) {
  const { t } = useTranslation("retention");
  return names.map((name) => (
    <NumberInput
      key={form.key(name)}
      label={t(name)}
      description={t(`${name}Hint`, { least: leastPeriods[name] })}
      min={leastPeriods[name]}
      max={MAX_PERIOD_DAYS}
      clampBehavior="blur"
      allowDecimal={false}
      allowNegative={false}
      required
      w="100%"
      maw="28rem"
      {...form.getInputProps(name)}
    />
  ));
}

type PreviewProps = {
  organisationId: string;
  /** What is about to be saved; null: nothing is. */
  periods: RetentionPeriods | null;
  isPending: boolean;
  error: Error | null;
  onConfirm: (periods: RetentionPeriods) => void;
  onClose: () => void;
};

function PreviewDialog({ organisationId, periods, onConfirm, ...dialog }: PreviewProps) {
  const { t } = useTranslation("retention");
  return (
    <ConfirmDialog
      {...dialog}
      isOpen={periods !== null}
      title={t("previewTitle")}
      confirmLabel={t("keepSo")}
      onConfirm={() => periods !== null && onConfirm(periods)}
    >
      {periods !== null && (
        <Suspense fallback={<Text>{t("counting")}</Text>}>
          <Preview organisationId={organisationId} periods={periods} />
        </Suspense>
      )}
    </ConfirmDialog>
  );
}

function Waiting({
  next,
  isPending,
  onTakeBack,
}: {
  next: NonNullable<Retention["next"]>;
  isPending: boolean;
  onTakeBack: () => void;
}) {
  const { t } = useTranslation("retention");
  return (
    <Alert icon={<IconClock aria-hidden />} title={t("waits")} color="yellow">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {t("waitsUntil", { ...next.periods })} <Timestamp at={next.holdsFrom} />
        </Text>
        <Button variant="default" size="xs" loading={isPending} onClick={onTakeBack}>
          {t("takeBack")}
        </Button>
      </Stack>
    </Alert>
  );
}

function Preview({
  organisationId,
  periods,
}: {
  organisationId: string;
  periods: RetentionPeriods;
}) {
  const { t } = useTranslation("retention");
  const { routine, important, addresses, holdsFrom } = useSuspenseQuery(
    previewQuery(organisationId, periods),
  ).data;
  return (
    <Stack gap="xs">
      <Text>{t("wouldGo", { routine, important, addresses })}</Text>
      <Text c="dimmed" size="sm">
        {t("holdsFrom")} <Timestamp at={holdsFrom} />
      </Text>
    </Stack>
  );
}
