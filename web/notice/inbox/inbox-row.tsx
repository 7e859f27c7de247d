import { Anchor, Badge, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { InboxItem } from "../../../src/contract/notice/inbox.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { markArchived } from "../notice-api.ts";

/** One notice: what happened in a sentence, when and from where, and the way to its entries. */
export function InboxRow({ item }: { item: InboxItem }) {
  const { t } = useTranslation("notices");
  const { id, title, text, facts, warning, at, seenAt, archivedAt, requestId } = item;
  const isArchived = archivedAt !== null;
  const archive = useMutation({ mutationFn: () => markArchived(id, !isArchived) });
  return (
    <Row
      actions={
        <Button
          variant="default"
          size="xs"
          loading={archive.isPending}
          onClick={() => archive.mutate()}
        >
          {isArchived ? t("takeBack") : t("archive")}
          <VisuallyHidden> {title}</VisuallyHidden>
        </Button>
      }
    >
      <Group gap="xs">
        <Text fw={600} dir="auto" style={{ overflowWrap: "anywhere" }}>
          {title}
        </Text>
        {seenAt === null && !isArchived && <Badge size="sm">{t("unread")}</Badge>}
      </Group>
      {text.map((sentence) => (
        <Text key={sentence} size="sm" style={{ overflowWrap: "anywhere" }}>
          {sentence}
        </Text>
      ))}
      {warning !== null && (
        <Text size="sm" fw={600}>
          {warning}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        <Timestamp at={at} />
        {facts.slice(1).map(({ label, value }) => ` · ${label}: ${value}`)}
      </Text>
      {requestId !== null && (
        <Text size="sm">
          <Anchor
            component={Link}
            to={paths.actionLog({ request: requestId, view: "all" })}
            inherit
          >
            {t("entries")}
            <VisuallyHidden> {title}</VisuallyHidden>
          </Anchor>
        </Text>
      )}
      {archive.error !== null && <ErrorAlert error={archive.error} />}
    </Row>
  );
}
