import { Anchor, Badge, Button, Group, Spoiler, Text, VisuallyHidden } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { InboxItem } from "../../../src/contract/notice/inbox.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { markArchived } from "../notice-api.ts";

/** How much of what it says is seen before it is opened, pixels: two lines. */
const SEEN_PX = 44;

/** One notice: what happened in a sentence, when and from where, and the way to its entries. */
export function InboxRow({ item }: { item: InboxItem }) {
  const { t } = useTranslation("notices");
  const { title, text, facts, warning, hasOwnLink, at, seenAt, archivedAt } = item;
  return (
    <Row>
      <Group gap="xs">
        <Text fw={600} dir="auto" style={{ overflowWrap: "anywhere" }}>
          {title}
        </Text>
        {seenAt === null && archivedAt === null && <Badge size="sm">{t("unread")}</Badge>}
      </Group>
      <Spoiler maxHeight={SEEN_PX} showLabel={t("more")} hideLabel={t("less")} fz="sm">
        {[...text, ...(warning === null ? [] : [warning])].map((sentence) => (
          <Text key={sentence} size="sm" style={{ overflowWrap: "anywhere" }}>
            {sentence}
          </Text>
        ))}
        {hasOwnLink && (
          <Text size="sm" c="dimmed">
            {t("linkInMail")}
          </Text>
        )}
      </Spoiler>
      <Text size="sm" c="dimmed">
        <Timestamp at={at} />
        {facts.slice(1).map(({ label, value }) => ` · ${label}: ${value}`)}
      </Text>
      <WhatNext item={item} />
    </Row>
  );
}

/** Where it leads, and putting it away. */
function WhatNext({ item }: { item: InboxItem }) {
  const { t } = useTranslation("notices");
  const { id, title, link, archivedAt, requestId } = item;
  const isArchived = archivedAt !== null;
  const archive = useMutation({ mutationFn: () => markArchived(id, !isArchived) });
  return (
    <>
      <Group gap="md" mt={4}>
        <Button
          variant="default"
          size="xs"
          loading={archive.isPending}
          onClick={() => archive.mutate()}
        >
          {isArchived ? t("takeBack") : t("archive")}
          <VisuallyHidden> {title}</VisuallyHidden>
        </Button>
        {link !== null && (
          <Anchor component={Link} to={link.path} size="sm">
            {link.label}
          </Anchor>
        )}
        {requestId !== null && (
          <Anchor
            component={Link}
            to={paths.actionLog({ request: requestId, view: "all" })}
            size="sm"
          >
            {t("entries")}
            <VisuallyHidden> {title}</VisuallyHidden>
          </Anchor>
        )}
      </Group>
      {archive.error !== null && <ErrorAlert error={archive.error} />}
    </>
  );
}
