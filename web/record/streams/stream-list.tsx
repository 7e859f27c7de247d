import { Badge, Group, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { streamsQuery, type Keeper, type LogStream } from "./stream-api.ts";
import { StreamDialogs, type StreamDialog } from "./stream-dialogs.tsx";
import { StreamMenu } from "./stream-menu.tsx";
import { FaultText } from "./fault-text.tsx";

/** Streams, each with how far it has come and what can be done with it. */
export function StreamList({ keeper }: { keeper: Keeper }) {
  const { t } = useTranslation("streams");
  const { streams } = useSuspenseQuery(streamsQuery(keeper)).data;
  const [dialog, setDialog] = useQueryValue("stream");
  const [name = "", id = ""] = (dialog ?? "").split(":");
  const chosen = streams.find((stream) => stream.id === id);
  if (streams.length === 0)
    return (
      <Card>
        <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>
      </Card>
    );
  return (
    <>
      <RowList label={t("title")}>
        {streams.map((stream) => (
          <Row
            key={stream.id}
            actions={
              <StreamMenu
                keeper={keeper}
                stream={stream}
                onOpen={(what) => setDialog(`${what}:${stream.id}`)}
              />
            }
          >
            <StreamFacts stream={stream} />
          </Row>
        ))}
      </RowList>
      {chosen !== undefined && (
        <StreamDialogs
          keeper={keeper}
          stream={chosen}
          dialog={name as StreamDialog}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

const colors = { on: "green", behind: "red", paused: "gray", stopped: "orange" } as const;

const standing = ({ state, isBehind }: LogStream): keyof typeof colors =>
  state === "on" && isBehind ? "behind" : state;

function StreamFacts({ stream }: { stream: LogStream }) {
  const { t, i18n } = useTranslation("streams");
  const { kind, covers, format, createdBy, deadLetters } = stream;
  const number = new Intl.NumberFormat(i18n.language);
  const state = standing(stream);
  return (
    <>
      <Group gap="xs">
        <Text fw={600}>{stream.name}</Text>
        <Badge color={colors[state]} variant="light">
          {t(`state.${state}`)}
        </Badge>
        {deadLetters > 0 && (
          <Badge color="orange" variant="light">
            {t("refused", { count: deadLetters, formatted: number.format(deadLetters) })}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {t(`kind.${kind}`)} · {placeOf(stream)} · {t(`covers.${covers}`)} · {t(`format.${format}`)}
      </Text>
      <Text size="sm" c="dimmed">
        <Progress stream={stream} />
      </Text>
      {stream.fault !== null && (
        <Text size="sm">
          <FaultText fault={stream.fault} />
          {stream.fault.nextTryAt !== null && stream.state === "on" && (
            <>
              {" "}
              {t("nextTry")} <Timestamp at={stream.fault.nextTryAt} />
            </>
          )}
        </Text>
      )}
      {createdBy.hasLeft && (
        <Text size="sm">{t("makerLeft", { name: createdBy.displayName })}</Text>
      )}
    </>
  );
}

function Progress({ stream }: { stream: LogStream }) {
  const { t, i18n } = useTranslation("streams");
  const { deliveredAt, deliveredEntries, waitingLeaves, lagSeconds } = stream;
  const number = new Intl.NumberFormat(i18n.language);
  const minutes = Math.round(lagSeconds / 60);
  return (
    <>
      {deliveredAt === null ? (
        t("nothingYet")
      ) : (
        <>
          {t("last")} <Timestamp at={deliveredAt} as="ago" /> ·{" "}
          {t("delivered", {
            count: deliveredEntries,
            formatted: number.format(deliveredEntries),
          })}
        </>
      )}
      {minutes > 0 && waitingLeaves > 0 && (
        <> · {t("waits", { count: minutes, formatted: number.format(minutes) })}</>
      )}
    </>
  );
}

/** Without path and query, which hold tokens: whoever looks over a shoulder should not read them. */
function placeOf({ target: { https, syslog, s3 } }: LogStream): string {
  if (https !== undefined) return new URL(https.url).host;
  if (syslog !== undefined) return `${syslog.host}:${syslog.port}`;
  return s3 === undefined ? "" : `${new URL(s3.endpoint).host}/${s3.bucket}`;
}
