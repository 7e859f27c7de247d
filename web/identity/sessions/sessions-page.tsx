import { Anchor, Badge, Button, Text, VisuallyHidden } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { EndOthersDialog } from "./end-others-dialog.tsx";
import { EndSessionDialog } from "./end-session-dialog.tsx";
import { sessionsQuery, type Session } from "./session-api.ts";

/** What the address says when all others are to end; otherwise it names one session. */
const EVERYWHERE = "everywhere";

/** Where the account is signed in. */
export function SessionsPage() {
  const { t } = useTranslation("sessions");
  const { sessions } = useSuspenseQuery(sessionsQuery).data;
  const [ending, setEnding] = useQueryValue("end");
  const others = sessions.filter(({ isCurrent }) => !isCurrent);
  const close = () => setEnding(null);
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      guide="sessions"
      action={
        others.length > 0 ? (
          <Button variant="default" onClick={() => setEnding(EVERYWHERE)}>
            {t("endAll")}
          </Button>
        ) : null
      }
    >
      <RowList label={t("title")}>
        {sessions.toSorted(hereFirst).map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => setEnding(session.id)} />
        ))}
      </RowList>
      {others.length === 0 && <EmptyState title={t("onlyHere")}>{t("onlyHereIntro")}</EmptyState>}
      <EndSessionDialog session={others.find(({ id }) => id === ending) ?? null} onClose={close} />
      <EndOthersDialog
        isOpen={ending === EVERYWHERE && others.length > 0}
        others={others}
        onClose={close}
      />
    </Page>
  );
}

const hereFirst = (a: Session, b: Session): number => Number(b.isCurrent) - Number(a.isCurrent);

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTranslation("sessions");
  const { id, level, userAgent, address, createdAt, lastSeenAt, endsAt, isCurrent } = session;
  return (
    <Row
      actions={
        isCurrent ? (
          <Badge>{t("thisDevice")}</Badge>
        ) : (
          <Button variant="default" size="xs" onClick={onEnd}>
            {t("end")}
            <VisuallyHidden> {userAgent}</VisuallyHidden>
          </Button>
        )
      }
    >
      <Text fw={600}>{userAgent}</Text>
      <Text size="sm" c="dimmed">
        {address ?? t("addressUnknown")} · {t("lastSeen")} <Timestamp at={lastSeenAt} as="ago" /> ·{" "}
        {t("signedIn")} <Timestamp at={createdAt} /> · {t("ends")}{" "}
        <Timestamp at={endsAt} as="ago" />
      </Text>
      {level !== "full" && <Text size="sm">{t("halfOpen")}</Text>}
      <Text size="sm">
        <Anchor component={Link} to={paths.actionLog({ session: id, view: "all" })} inherit>
          {t("whatItDid")}
          <VisuallyHidden> {userAgent}</VisuallyHidden>
        </Anchor>
      </Text>
    </Row>
  );
}
