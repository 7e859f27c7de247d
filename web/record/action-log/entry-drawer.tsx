import { Code, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Loading } from "../../shell/loading.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { regionOf, Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { EntryProofCard } from "../entry-proof/entry-proof.tsx";
import { ChangeTable } from "./change-table.tsx";
import { EntryLinks } from "./entry-links.tsx";
import { OutcomeBadge } from "./entry-row.tsx";
import { entryQuery, type LogEntry } from "./log-api.ts";
import { useReason, useSentences } from "./sentence.ts";

/** One entry in full, beside the list; its id stands in the page's address. */
export function EntryDrawer({
  known,
  isForeign = false,
}: {
  known: readonly LogEntry[];
  /** Of a log that is not the reader's own: what is not known cannot be asked for, and leads nowhere. */
  isForeign?: boolean;
}) {
  const { t } = useTranslation(["actionLog", "common"]);
  const [id, setId] = useQueryValue("entry");
  const found = known.find((entry) => entry.id === id);
  const mayAsk = found === undefined && !isForeign;
  return (
    <Drawer
      opened={id !== null && (found !== undefined || mayAsk)}
      onClose={() => setId(null)}
      position="right"
      size="lg"
      title={t("details")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {found !== undefined && <EntryDetails entry={found} hasLinks={!isForeign} />}
      {mayAsk && id !== null && <AskedEntry id={id} />}
    </Drawer>
  );
}

/** One that the list does not show: a link led here. */
function AskedEntry({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(entryQuery(id));
  if (data !== undefined) return <EntryDetails entry={data} hasLinks />;
  if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  return <Loading />;
}

function EntryDetails({ entry, hasLinks }: { entry: LogEntry; hasLinks: boolean }) {
  const { t } = useTranslation("actionLog");
  const { tell, nameOf } = useSentences();
  const reasonOf = useReason();
  const { id, at, action, outcome, reason, requestId } = entry;
  const key = outcome === "failed" ? "failedBecause" : "because";
  return (
    <Stack gap="md">
      <Title order={2} size="h3">
        {tell(entry)}
      </Title>
      <Group gap="xs">
        <OutcomeBadge outcome={outcome} />
        {outcome !== "done" && reason !== undefined && (
          <Text size="sm">{t(key, { reason: reasonOf(reason) })}</Text>
        )}
      </Group>
      {hasLinks && <EntryProofCard entry={entry} />}
      <Stack component="dl" gap="xs" m={0}>
        <Fact name={t("when")}>
          <Timestamp at={at} />{" "}
          <Text span c="dimmed" size="sm">
            ({t("utc", { time: at.slice(0, 19).replace("T", " ") })})
          </Text>
        </Fact>
        <Fact name={t("person")}>{nameOf(entry.actor)}</Fact>
        {outcome === "done" && reason !== undefined && (
          <Fact name={t("reasonGiven")}>{reasonOf(reason)}</Fact>
        )}
        <Whereabouts entry={entry} />
        <Fact name={t("recordedAs")}>
          <Code>{action}</Code>
        </Fact>
        <Fact name={t("id")}>
          <Code>{id}</Code> <CopyButton value={id} label={t("copyId")} />
        </Fact>
        <Fact name={t("requestId")}>
          <Code>{requestId}</Code> <CopyButton value={requestId} label={t("copyRequest")} />
        </Fact>
      </Stack>
      <Touched entry={entry} />
      {hasLinks && <EntryLinks entry={entry} />}
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  );
}

/** Which app, from where, how often; what the entry does not say is left out. */
function Whereabouts({ entry }: { entry: LogEntry }) {
  const { t, i18n } = useTranslation("actionLog");
  const { app, address, userAgent, count, reportedAction } = entry;
  const formatted = (count ?? 1).toLocaleString(regionOf(i18n.language));
  return (
    <>
      {app !== null && <Fact name={t("app")}>{app.name ?? app.id}</Fact>}
      <Fact name={t("fromWhere")}>{address ?? t("addressHidden")}</Fact>
      {userAgent !== null && userAgent !== "" && <Fact name={t("browser")}>{userAgent}</Fact>}
      {count !== undefined && <Fact name={t("what")}>{t("alike", { formatted })}</Fact>}
      {reportedAction !== undefined && <Fact name={t("reported")}>{reportedAction}</Fact>}
    </>
  );
}

function Touched({ entry: { change, targets } }: { entry: LogEntry }) {
  const { t } = useTranslation("actionLog");
  return (
    <>
      {change !== undefined && (
        <Stack gap="xs">
          <Title order={3} size="h5">
            {t("change")}
          </Title>
          <ChangeTable change={change} />
        </Stack>
      )}
      {targets.length > 0 && (
        <Stack gap="xs">
          <Title order={3} size="h5">
            {t("touched")}
          </Title>
          {targets.map(({ type, id }) => (
            <Text key={`${type} ${id}`} size="sm">
              {type} <Code>{id}</Code>
            </Text>
          ))}
        </Stack>
      )}
    </>
  );
}
