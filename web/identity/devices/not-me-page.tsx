import { Button, List, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { isDeadLink, LinkPage } from "../../access/mail-links/link-page.tsx";
import { request } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { SupportLink } from "../../shell/support-link.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useLinkToken } from "../link-token.ts";

/**
 * The link of a notice: that sign-in was a stranger's. A button says so: programs that look through mails open
 * links, and must sign nobody out.
 */
export function NotMePage() {
  const { t } = useTranslation("notMe");
  const token = useLinkToken(paths.notMe());
  const [isDone, setDone] = useState(false);
  if (isDone) return <Done />;
  return (
    <LinkPage title={t("title")} token={token} whomToAsk={t("ask")}>
      {(secret) => <Ask token={secret} onDone={() => setDone(true)} />}
    </LinkPage>
  );
}

function Ask({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation("notMe");
  const report = useMutation({
    mutationFn: () =>
      request("POST", "/sign-in-notices/not-me", { body: { token }, isAlone: true }),
    onSuccess: () => {
      // Whoever was signed in here no longer is.
      pageAccount.tellSignedOut();
      queryClient.clear();
      pageAccount.forget();
      onDone();
    },
  });
  if (isDeadLink(report.error)) throw report.error;
  return (
    <Stack>
      <Title order={1}>{t("title")}</Title>
      <Text>{t("explained")}</Text>
      <List size="sm">
        <List.Item>{t("sessionsEnd")}</List.Item>
        <List.Item>{t("passwordEnds")}</List.Item>
        <List.Item>{t("devicesForgotten")}</List.Item>
        <List.Item>{t("operatorTold")}</List.Item>
      </List>
      {report.error !== null && <ErrorAlert error={report.error} />}
      <Button color="red" loading={report.isPending} onClick={() => report.mutate()}>
        {t("confirm")}
      </Button>
      <Text size="sm" c="dimmed">
        {t("wasYou")}
      </Text>
    </Stack>
  );
}

function Done() {
  const { t } = useTranslation("notMe");
  return (
    <Stack>
      <Title order={1}>{t("doneTitle")}</Title>
      <Text role="status">{t("done")}</Text>
      <Text>{t("next")}</Text>
      <Button component={Link} to={paths.signIn()}>
        {t("signIn")}
      </Button>
      <SupportLink />
    </Stack>
  );
}
