import { Alert, Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../src/contract/notice/classes.ts";
import type { NoticePreferences } from "../../../src/contract/notice/preferences.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { momentText, regionOf } from "../../ui/timestamp.tsx";
import { preferencesQuery, testChannel } from "../notice-api.ts";
import { ClassSwitches } from "./class-switches.tsx";

/** What reaches one by which way, where mails go, and a try of each way. */
export function KeepInformedPage() {
  const { t } = useTranslation("notices");
  const { classes, addresses } = useSuspenseQuery(preferencesQuery).data;
  return (
    <Page title={t("title")} intro={t("intro")}>
      <ClassSwitches classes={classes} />
      <Addresses addresses={addresses} />
      <Tests />
    </Page>
  );
}

function Addresses({ addresses }: Pick<NoticePreferences, "addresses">) {
  const { t, i18n } = useTranslation("notices");
  return (
    <Card title={t("addresses")} intro={t("addressesIntro")}>
      <RowList label={t("addresses")}>
        {addresses.map(({ address, failing }) => (
          <Row key={address}>
            <Text fw={600} style={{ overflowWrap: "anywhere" }}>
              {address}
            </Text>
            {failing === null ? (
              <Text size="sm" c="dimmed">
                {t("addressFine")}
              </Text>
            ) : (
              <Alert color="red" variant="light">
                {t("addressFailing", {
                  when: momentText(failing.since, regionOf(i18n.language)),
                  code: failing.code,
                })}
              </Alert>
            )}
          </Row>
        ))}
      </RowList>
    </Card>
  );
}

const TESTS = {
  email: { button: "testEmail", done: "testEmailDone" },
  inbox: { button: "testInbox", done: "testInboxDone" },
} as const;

function Tests() {
  const { t } = useTranslation("notices");
  const test = useMutation({
    mutationFn: async (channel: Channel) => {
      await testChannel(channel);
      notifications.show({ message: t(TESTS[channel].done) });
    },
  });
  return (
    <Card title={t("test")} intro={t("testIntro")}>
      <Group>
        {(["email", "inbox"] as const).map((channel) => (
          <Button
            key={channel}
            variant="default"
            loading={test.isPending && test.variables === channel}
            onClick={() => test.mutate(channel)}
          >
            {t(TESTS[channel].button)}
          </Button>
        ))}
      </Group>
      {test.error !== null && <ErrorAlert error={test.error} />}
    </Card>
  );
}
