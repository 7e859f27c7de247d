import { Badge, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { AskDialog } from "./ask-dialog.tsx";
import { supportCasesQuery, type SupportCase } from "./support-api.ts";

/** Which logs the operator asked to read, and which owners let it. */
export function SupportCasesPage() {
  const { t } = useTranslation("operator");
  const { data: cases } = useSuspenseQuery(supportCasesQuery);
  const [dialog, setDialog] = useQueryValue("ask");
  return (
    <Page
      title={t("support.title")}
      intro={t("support.intro")}
      guide="operator"
      action={
        <Button
          leftSection={<IconMessageQuestion size={18} aria-hidden />}
          onClick={() => setDialog("open")}
        >
          {t("support.ask")}
        </Button>
      }
    >
      {cases.length === 0 ? (
        <EmptyState title={t("support.none")}>{t("support.noneHint")}</EmptyState>
      ) : (
        <RowList label={t("support.title")}>
          {cases.map((one) => (
            <CaseRow key={one.id} one={one} />
          ))}
        </RowList>
      )}
      <AskDialog isOpen={dialog !== null} onClose={() => setDialog(null)} />
    </Page>
  );
}

const colors = {
  asked: "blue",
  given: "green",
  unanswered: "gray",
  refused: "red",
  ended: "gray",
  withdrawn: "gray",
} as const satisfies Record<SupportCase["state"], string>;

function CaseRow({ one }: { one: SupportCase }) {
  const { t } = useTranslation("operator");
  const { appId, appName, organisationName, state, reason, by: name, createdAt, endsAt } = one;
  const isConsent = state === "given" || state === "ended" || state === "withdrawn";
  return (
    <Row
      actions={
        state === "given" && (
          <Button component={Link} to={paths.operatorAppLog(appId)} size="xs">
            {t("support.open")}
            <VisuallyHidden> {t("support.openOf", { app: appName })}</VisuallyHidden>
          </Button>
        )
      }
    >
      <Group gap="xs">
        <Text fw={600}>{appName}</Text>
        <Badge color={colors[state]}>{t(`support.state.${state}`)}</Badge>
      </Group>
      <Text>{reason}</Text>
      <Text size="sm" c="dimmed">
        {organisationName} · {t(isConsent ? "support.by_give" : "support.by_ask", { name })}{" "}
        <Timestamp at={createdAt} /> · {t(`support.when.${state}`)} <Timestamp at={endsAt} />
      </Text>
    </Row>
  );
}
