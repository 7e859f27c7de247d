import { Anchor, Button, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useLinkToken } from "../../identity/link-token.ts";
import { isDeadLink, LinkPage } from "../../access/mail-links/link-page.tsx";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { classTexts } from "../class-texts.ts";
import { unsubscribe } from "../notice-api.ts";

/** The link below a mail of an optional class. Opening it changes nothing: the button does. */
export function UnsubscribePage() {
  const { t } = useTranslation("notices");
  const token = useLinkToken(paths.unsubscribe());
  return (
    <LinkPage title={t("unsubscribeTitle")} token={token} whomToAsk={t("whomToAsk")}>
      {(secret) => <Ask token={secret} />}
    </LinkPage>
  );
}

function Ask({ token }: { token: string }) {
  const { t } = useTranslation("notices");
  const end = useMutation({
    mutationFn: () => unsubscribe(token),
    throwOnError: (error) => isDeadLink(error),
  });
  if (end.data !== undefined)
    return (
      <Stack role="status">
        <Title order={1}>{t("unsubscribed")}</Title>
        <Text>{t("unsubscribedExplained", { class: t(classTexts[end.data.class].name) })}</Text>
        <Anchor component={Link} to={paths.keepInformed()}>
          {t("title")}
        </Anchor>
      </Stack>
    );
  return (
    <Stack>
      <Title order={1}>{t("unsubscribeTitle")}</Title>
      <Text>{t("unsubscribeAsk")}</Text>
      <Button loading={end.isPending} onClick={() => end.mutate()}>
        {t("unsubscribe")}
      </Button>
      {end.error !== null && <ErrorAlert error={end.error} />}
    </Stack>
  );
}
