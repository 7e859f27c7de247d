import { Alert, Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { warningText } from "../../api/failure-text.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { AddressTest } from "./address-test.tsx";
import { EntryRows } from "./entry-rows.tsx";
import { ModeChoice } from "./mode-choice.tsx";
import { PendingBanner } from "./pending-banner.tsx";
import { QuestionDialog } from "./question-dialog.tsx";
import { RecentCallers } from "./recent-callers.tsx";
import { rulesQuery, type AddressRules, type ListOwner } from "./rules-api.ts";
import { useWhitelist } from "./use-whitelist.ts";
import { YourAddress } from "./your-address.tsx";

/** A pending change is looked at again this often: somebody else may confirm it, ms. */
const LOOK_AGAIN_MS = 20_000;

/** From where the keys of an app, a service account or one key may be used; edited, tried out, enforced. */
export function Whitelist({ owner }: { owner: ListOwner }) {
  const rules = useSuspenseQuery({
    ...rulesQuery(owner),
    refetchInterval: ({ state }) => (state.data?.revertsAt == null ? false : LOOK_AGAIN_MS),
  }).data;
  return <Editor key={owner.id} owner={owner} rules={rules} />;
}

function Editor({ owner, rules }: { owner: ListOwner; rules: AddressRules }) {
  const { t } = useTranslation("whitelist");
  const list = useWhitelist(owner, rules);
  const { form } = list;
  const cidrs = form.values.entries.map(({ cidr }) => cidr);
  const onAdd = (cidr: string) => form.insertListItem("entries", { cidr, note: "" });
  return (
    <Stack gap="lg">
      <Notices owner={owner} rules={rules} />
      <form onSubmit={list.submit}>
        <Card title={t("list")} intro={t(`listIntro.${keyOf(owner.level)}`)}>
          <YourAddress address={rules.yourAddress} cidrs={cidrs} onAdd={onAdd} />
          <EntryRows form={form} />
          <ModeChoice form={form} />
          {form.values.mode === "enforce" && <EnforceNote isEmpty={cidrs.length === 0} />}
          {list.error !== null && <ErrorAlert error={list.error} />}
          <Group>
            <Button type="submit" loading={list.isPending} disabled={!form.isDirty()}>
              {t("save")}
            </Button>
            {form.isDirty() && (
              <Button variant="default" onClick={() => form.reset()}>
                {t("undo")}
              </Button>
            )}
          </Group>
        </Card>
      </form>
      <Card title={t("callers")} intro={t("callersIntro")}>
        <RecentCallers rules={rules} cidrs={cidrs} onAdd={onAdd} />
      </Card>
      <Card title={t("testTitle")}>
        <AddressTest owner={owner} />
      </Card>
      <Binds level={owner.level} />
      <QuestionDialog
        question={list.question}
        onClose={list.closeQuestion}
        onAdd={list.addAll}
        onGoOn={list.goOn}
      />
    </Stack>
  );
}

const keyOf = (level: ListOwner["level"]) =>
  level === "service-account" ? "serviceAccount" : level;

function EnforceNote({ isEmpty }: { isEmpty: boolean }) {
  const { t } = useTranslation("whitelist");
  return (
    <Alert color={isEmpty ? "red" : "blue"} role="status">
      {t(isEmpty ? "enforceEmpty" : "enforceNote")}
    </Alert>
  );
}

/** What is out of the ordinary about the list as it stands. */
function Notices({ owner, rules }: { owner: ListOwner; rules: AddressRules }) {
  const { t } = useTranslation("whitelist");
  const { revertsAt, heldOffUntil, warnings } = rules;
  return (
    <>
      {revertsAt !== null && <PendingBanner owner={owner} rules={{ ...rules, revertsAt }} />}
      {heldOffUntil !== null && (
        <Alert color="orange" title={t("heldOffTitle")}>
          {t("heldOffText")} <Timestamp at={heldOffUntil} />.
        </Alert>
      )}
      {warnings.length > 0 && (
        <Alert color="orange" title={t("warnings")}>
          <List>
            {warnings.map(({ pointer, suggestion, ...warning }) => (
              <List.Item key={`${pointer} ${warning.code}`}>
                <b>{entryAt(rules, pointer)}</b>: {warningText(warning)}
                {suggestion !== null && ` ${t("suggestion", { suggestion })}`}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}

const entryAt = ({ entries }: AddressRules, pointer: string): string =>
  entries[Number(pointer.split("/")[2])]?.cidr ?? pointer;

/** Which lists must all let a call in, and what none of them touches. */
function Binds({ level }: { level: ListOwner["level"] }) {
  const { t } = useTranslation("whitelist");
  return (
    <Stack component="section" gap="xs">
      <Title order={2}>{t("bindsTitle")}</Title>
      <Text c="dimmed">{t("bindsTogether")}</Text>
      <List c="dimmed" spacing={4}>
        <List.Item>{t("bindsNotPeople")}</List.Item>
        {level === "app" && <List.Item>{t("bindsNotGateways")}</List.Item>}
        <List.Item>{t("bindsUnknown")}</List.Item>
      </List>
    </Stack>
  );
}
