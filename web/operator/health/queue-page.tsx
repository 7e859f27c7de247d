import {
  Button,
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  Title,
  VisuallyHidden,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { agoText, Timestamp } from "../../ui/timestamp.tsx";
import { queueQuery, useRetryJob, type Queue } from "./health-api.ts";

type FailedJob = Queue["failed"][number];

/** What is done off the requests' path, and what could not be done. */
export function QueuePage() {
  const { t, i18n } = useTranslation("operator");
  const { state, failed } = useSuspenseQuery(queueQuery).data;
  const { oldestDueAt } = state;
  return (
    <Page title={t("queue.title")} intro={t("queue.intro")} guide="operator">
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure name={t("queue.queued")} value={String(state.queued)} />
        <Figure name={t("queue.running")} value={String(state.running)} />
        <Figure name={t("queue.failed")} value={String(state.failed)} />
        <Figure
          name={t("queue.oldest")}
          value={oldestDueAt === null ? t("queue.noneDue") : agoText(oldestDueAt, i18n.language)}
        />
      </SimpleGrid>
      <Title order={2}>{t("queue.failedJobs")}</Title>
      {failed.length === 0 ? (
        <EmptyState title={t("queue.noneFailed")}>{t("queue.noneFailedHint")}</EmptyState>
      ) : (
        <RowList label={t("queue.failedJobs")}>
          {failed.map((job) => (
            <FailedRow key={job.id} job={job} />
          ))}
        </RowList>
      )}
    </Page>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fw={650} size="xl">
        {value}
      </Text>
    </Paper>
  );
}

function FailedRow({ job }: { job: FailedJob }) {
  const { t } = useTranslation("operator");
  const retry = useRetryJob();
  const name = t(nameOf(job.name), { name: job.name });
  return (
    <Row
      actions={
        <Button
          variant="default"
          size="xs"
          loading={retry.isPending}
          onClick={() =>
            retry.mutate(job.id, {
              onSuccess: () => notifications.show({ message: t("queue.retried", { name }) }),
            })
          }
        >
          {t("queue.retry")}
          <VisuallyHidden>
            {" "}
            {name} {job.id}
          </VisuallyHidden>
        </Button>
      }
    >
      <Text fw={600}>{name}</Text>
      <Text>{t(causeOf(job.error))}</Text>
      <Stack gap={0}>
        <Text size="sm" c="dimmed">
          {t("queue.attempts", { count: job.attempts })} · {t("queue.lastTry")}{" "}
          <Timestamp at={job.failedAt} as="ago" />
        </Text>
        {job.error !== null && (
          <Group gap={4}>
            <Text size="sm" c="dimmed">
              {t("queue.said")} <code>{job.error}</code>
            </Text>
          </Group>
        )}
      </Stack>
      {retry.error !== null && <ErrorAlert error={retry.error} />}
    </Row>
  );
}

function nameOf(name: string) {
  if (name === "send-mail") return "queue.sendMail";
  return name.startsWith("tell-") ? "queue.tell" : "queue.other";
}

/** What the error means, where it is one of those that are known; the words of the mail server follow it. */
function causeOf(error: string | null) {
  if (error === null) return "queue.causeUnknown";
  if (/refused the recipient|EENVELOPE|^5\d\d/i.test(error)) return "queue.causeRefused";
  if (/ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONNRESET|timeout|greeting/i.test(error))
    return "queue.causeUnreachable";
  if (/EAUTH|authentication|535/i.test(error)) return "queue.causeSignIn";
  return "queue.causeUnknown";
}
