import { Anchor, Badge, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
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
  const { title, facts, at, seenAt, archivedAt } = item;
  return (
    <Row>
      <Group gap="xs">
        <Text fw={600} dir="auto" style={{ overflowWrap: "anywhere" }}>
          {title}
        </Text>
        {seenAt === null && archivedAt === null && <Badge size="sm">{t("unread")}</Badge>}
      </Group>
      <WhatHappened item={item} />
      <Text size="sm" c="dimmed">
        <Timestamp at={at} />
        {facts.slice(1).map(({ label, value }) => ` · ${label}: ${value}`)}
      </Text>
      <WhatNext item={item} />
    </Row>
  );
}

/** Its first sentence; the others, and what to do about it, when they are asked for. */
function WhatHappened({ item }: { item: InboxItem }) {
  const { t } = useTranslation("notices");
  const [isOpen, { toggle }] = useDisclosure();
  const { title, text, warning, hasOwnLink } = item;
  const sentences = [...text, ...(warning === null ? [] : [warning])];
  const rest = [...sentences.slice(1), ...(hasOwnLink ? [t("linkInMail")] : [])];
  const shown = isOpen ? [...sentences.slice(0, 1), ...rest] : sentences.slice(0, 1);
  return (
    <>
      {shown.map((sentence) => (
        <Text key={sentence} size="sm" style={{ overflowWrap: "anywhere" }}>
          {sentence}
        </Text>
      ))}
      {rest.length > 0 && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="start"
          aria-expanded={isOpen}
          onClick={toggle}
        >
          {isOpen ? t("less") : t("more")}
          <VisuallyHidden> {title}</VisuallyHidden>
        </Anchor>
      )}
    </>
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
