import { Button, Group, NativeSelect, Text, Title, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useAppChange, type OneApp } from "./app-api.ts";
import { durations, giveConsent, refuseRequest, type SupportRequest } from "./support-api.ts";

type Props = { app: OneApp; requests: readonly SupportRequest[]; isOwner: boolean };

/** What the operator asks, to be answered by an owner. */
export function SupportQuestions({ app, requests, isOwner }: Props) {
  const { t } = useTranslation("apps");
  return (
    <>
      <Title order={3} size="h5">
        {t("supportAsked")}
      </Title>
      <RowList label={t("supportAsked")}>
        {requests.map((request) => (
          <Question key={request.id} app={app} request={request} isOwner={isOwner} />
        ))}
      </RowList>
    </>
  );
}

type QuestionProps = { app: OneApp; request: SupportRequest; isOwner: boolean };

function Question({ app, request, isOwner }: QuestionProps) {
  const { t } = useTranslation("apps");
  const { reason, hours, askedBy, createdAt } = request;
  const duration = t("hours", { count: hours });
  return (
    <Row>
      <Text fw={600}>{reason}</Text>
      <Text size="sm" c="dimmed">
        {t("supportAskedBy", { displayName: askedBy.displayName, duration })}{" "}
        <Timestamp at={createdAt} as="ago" />
      </Text>
      {isOwner && <Answer app={app} request={request} />}
    </Row>
  );
}

function Answer({ app, request }: Omit<QuestionProps, "isOwner">) {
  const { t } = useTranslation("apps");
  const { id, reason, hours: asked } = request;
  // As long as was asked for; whoever asks for an odd time is let in for no longer than the next shorter one.
  const [hours, setHours] = useState(
    () => durations.findLast((each) => Number(each) <= asked) ?? durations[0],
  );
  // Said within the change: afterwards the question, and this row with it, is gone.
  const agree = useAppChange(async () => {
    await giveConsent(app.id, { reason, hours: Number(hours), requestId: id });
    notifications.show({ message: t("consentGiven") });
  });
  const refuse = useAppChange(async () => {
    await refuseRequest(app.id, id);
    notifications.show({ message: t("supportRefused") });
  });
  const error = agree.error ?? refuse.error;
  return (
    <>
      <Group align="flex-end" gap="xs" mt="xs">
        <NativeSelect
          label={t("consentFor")}
          size="xs"
          value={hours}
          onChange={({ currentTarget: { value } }) =>
            setHours(durations.find((each) => each === value) ?? durations[0])
          }
          data={durations.map((each) => ({ value: each, label: t(`durations.${each}`) }))}
        />
        <Button size="xs" loading={agree.isPending} onClick={() => agree.mutate()}>
          {t("supportAgree")}
          <VisuallyHidden> {reason}</VisuallyHidden>
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={refuse.isPending}
          onClick={() => refuse.mutate()}
        >
          {t("supportRefuse")}
          <VisuallyHidden> {reason}</VisuallyHidden>
        </Button>
      </Group>
      {error !== null && <ErrorAlert error={error} />}
    </>
  );
}
