import { Button, Group, NativeSelect, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useAppChange, type OneApp } from "./app-api.ts";
import {
  consentsQuery,
  durations,
  giveConsent,
  withdrawConsent,
  type SupportConsent,
} from "./support-api.ts";
import { SupportQuestions } from "./support-questions.tsx";

/** Consents that ended are shown no further back than this many. */
const MOST_ENDED = 5;

/** Lets the operator read the app's log for a time; everybody who may read the log sees who did. */
export function SupportCard({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const { consents, requests } = useSuspenseQuery(consentsQuery(app.id)).data;
  const isOwner = app.permissions.includes("app:transfer");
  const live = consents.filter(isLive);
  const shown = [...live, ...consents.filter((each) => !isLive(each)).slice(0, MOST_ENDED)];
  return (
    <Card title={t("supportTitle")} intro={t("supportIntro")}>
      {requests.length > 0 && <SupportQuestions app={app} requests={requests} isOwner={isOwner} />}
      {shown.length > 0 && (
        <RowList label={t("consents")}>
          {shown.map((consent) => (
            <ConsentRow key={consent.id} app={app} consent={consent} isOwner={isOwner} />
          ))}
        </RowList>
      )}
      {!isOwner && <Text c="dimmed">{t("supportOwners")}</Text>}
      {isOwner && requests.length === 0 && <ConsentForm app={app} />}
    </Card>
  );
}

const isLive = ({ withdrawnAt, endsAt }: SupportConsent): boolean =>
  withdrawnAt === null && Date.parse(endsAt) > Date.now();

type RowProps = { app: OneApp; consent: SupportConsent; isOwner: boolean };

function ConsentRow({ app, consent, isOwner }: RowProps) {
  const { t } = useTranslation("apps");
  const withdraw = useAppChange(() => withdrawConsent(app.id, consent.id));
  const { reason, givenBy, createdAt, endsAt, withdrawnAt } = consent;
  const live = isLive(consent);
  return (
    <Row
      actions={
        live &&
        isOwner && (
          <Button
            variant="default"
            size="xs"
            loading={withdraw.isPending}
            onClick={() =>
              withdraw.mutate(undefined, {
                onSuccess: () => notifications.show({ message: t("withdrawn") }),
              })
            }
          >
            {t("withdraw")}
            <VisuallyHidden> {reason}</VisuallyHidden>
          </Button>
        )
      }
    >
      <Text fw={600}>{reason}</Text>
      <Text size="sm" c="dimmed">
        {t("givenBy", { displayName: givenBy.displayName })} <Timestamp at={createdAt} /> ·{" "}
        {t(withdrawnAt === null ? (live ? "consentEnds" : "consentEnded") : "consentWithdrawn")}{" "}
        <Timestamp at={withdrawnAt ?? endsAt} as="ago" />
      </Text>
      {withdraw.error !== null && <ErrorAlert error={withdraw.error} />}
    </Row>
  );
}

function ConsentForm({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const give = useAppChange((given: Parameters<typeof giveConsent>[1]) =>
    giveConsent(app.id, given),
  );
  const form = useForm({ mode: "uncontrolled", initialValues: { reason: "", hours: "24" } });
  const { submit, error, isPending } = useFormAct(form, async ({ reason, hours }) => {
    await give.mutateAsync({ reason, hours: Number(hours) });
    notifications.show({ message: t("consentGiven") });
    form.reset();
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            flex={2}
            miw={200}
            label={t("consentReason")}
            description={t("consentReasonHint")}
            required
            maxLength={400}
            key={form.key("reason")}
            {...form.getInputProps("reason")}
          />
          <NativeSelect
            label={t("consentFor")}
            data={durations.map((hours) => ({ value: hours, label: t(`durations.${hours}`) }))}
            key={form.key("hours")}
            {...form.getInputProps("hours")}
          />
          <Button type="submit" variant="default" loading={isPending}>
            {t("consent")}
          </Button>
        </Group>
        {error !== null && <ErrorAlert error={error} />}
      </Stack>
    </form>
  );
}
