import { Alert, Button, List, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { warningText } from "../../api/failure-text.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { YourAddress } from "../address-rules/your-address.tsx";
import { toEntries, withLine } from "./lines.ts";
import {
  sessionRulesQuery,
  useConfirmSessionRules,
  type SessionRules,
} from "./session-rules-api.ts";
import { useSessionRules } from "./use-session-rules.ts";

/** A pending change goes back by itself: it is looked at again this often, ms. */
const LOOK_AGAIN_MS = 20_000;

/** From where one's own sessions may be used. */
export function SessionRulesPage() {
  const { t } = useTranslation("sessionRules");
  const rules = useSuspenseQuery({
    ...sessionRulesQuery,
    refetchInterval: ({ state }) => (state.data?.revertsAt == null ? false : LOOK_AGAIN_MS),
  }).data;
  return (
    <Page title={t("title")} intro={t("intro")} guide="ip-whitelist" size="md">
      <Notices rules={rules} />
      <Editor key={`${rules.mode} ${rules.entries.length}`} rules={rules} />
      <Card title={t("recent")} intro={t("recentIntro")}>
        <Recent rules={rules} />
      </Card>
      <Card title={t("wayBack")}>
        <Text>{t("wayBackText")}</Text>
      </Card>
    </Page>
  );
}

function Notices({ rules }: { rules: SessionRules }) {
  const { t } = useTranslation("sessionRules");
  const confirm = useConfirmSessionRules();
  const { revertsAt, heldOffUntil, warnings } = rules;
  return (
    <>
      {revertsAt !== null && (
        <Alert color="orange" role="status" title={t("waits")}>
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              {t("goesBack")} <Timestamp at={revertsAt} />.
            </Text>
            {confirm.error !== null && <ErrorAlert error={confirm.error} />}
            <Button size="xs" loading={confirm.isPending} onClick={() => confirm.mutate()}>
              {t("keep")}
            </Button>
          </Stack>
        </Alert>
      )}
      {heldOffUntil !== null && (
        <Alert color="orange" title={t("heldOff")}>
          {t("heldOffUntil")} <Timestamp at={heldOffUntil} />.
        </Alert>
      )}
      {warnings.length > 0 && (
        <Alert color="orange" title={t("warnings")}>
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={`${warning.pointer} ${warning.code}`}>
                {warningText(warning)}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}

function Editor({ rules }: { rules: SessionRules }) {
  const { t } = useTranslation("sessionRules");
  const list = useSessionRules(rules);
  const cidrs = toEntries(list.text).map(({ cidr }) => cidr);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void list.save(false);
  };
  return (
    <Card title={t("list")} intro={t("listIntro")}>
      <form onSubmit={onSubmit}>
        <Stack align="flex-start">
          <YourAddress
            address={rules.yourAddress}
            cidrs={cidrs}
            onAdd={(cidr) => list.setText(withLine(list.text, cidr))}
          />
          <Textarea
            label={t("networks")}
            description={t("networksHint")}
            autosize
            minRows={3}
            maxRows={12}
            w="100%"
            spellCheck={false}
            value={list.text}
            error={list.faults.length > 0 && list.faults.join(" · ")}
            onChange={(event) => list.setText(event.currentTarget.value)}
          />
          <Switch
            label={t("only")}
            description={t("onlyHint")}
            checked={list.isOn}
            onChange={(event) => list.setOn(event.currentTarget.checked)}
          />
          {list.error !== null && <ErrorAlert error={list.error} />}
          <Button type="submit" loading={list.isPending && list.question === null}>
            {t("save")}
          </Button>
        </Stack>
      </form>
      <QuestionDialog list={list} />
    </Card>
  );
}

/** What the list would do, before it does it. */
function QuestionDialog({ list }: { list: ReturnType<typeof useSessionRules> }) {
  const { t } = useTranslation("sessionRules");
  const { question } = list;
  return (
    <ConfirmDialog
      isOpen={question !== null}
      title={t(question?.about === "wide" ? "wideTitle" : "cutOffTitle")}
      confirmLabel={t("forGood")}
      isPending={list.isPending}
      error={list.error}
      onConfirm={() => void list.save(true)}
      onClose={list.closeQuestion}
    >
      <Text>{t(question?.about === "wide" ? "wideText" : "cutOffText")}</Text>
      <List>
        {(question?.named ?? []).map((name) => (
          <List.Item key={name}>{name}</List.Item>
        ))}
      </List>
    </ConfirmDialog>
  );
}

function Recent({ rules }: { rules: SessionRules }) {
  const { t } = useTranslation("sessionRules");
  if (rules.recentAddresses.length === 0)
    return <EmptyState title={t("noneRecent")}>{t("noneRecentHint")}</EmptyState>;
  return (
    <RowList label={t("recent")}>
      {rules.recentAddresses.map(({ address, lastSeenAt, isCovered }) => (
        <Row key={address}>
          <Text fw={600}>{address}</Text>
          <Text size="sm" c="dimmed">
            {t("lastSeen")} <Timestamp at={lastSeenAt} as="ago" /> ·{" "}
            {t(isCovered ? "covered" : "notCovered")}
          </Text>
        </Row>
      ))}
    </RowList>
  );
}
