import { Alert, Button, Group, List, SimpleGrid, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconMail } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Trans, useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { SignUpRequest } from "../../../src/contract/identity/accounts.ts";
import { paths } from "../../paths.ts";
import { safeNext } from "../../shell/safe-next.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { ownSessionQuery } from "../sign-in/sign-in-api.ts";
import { signUp } from "./sign-up-api.ts";

type Props = { signedUp: SignUpRequest; next: string | undefined; onChange: () => void };

/** Waits for the mail's link; says what to do when none comes. Opened in another tab, it goes on here too. */
export function MailSent({ signedUp, next, onChange }: Props) {
  const { t } = useTranslation("signUp");
  const { email } = signedUp;
  const again = useMutation({
    mutationFn: () => signUp(signedUp),
    onSuccess: () => notifications.show({ message: t("newest") }),
  });
  return (
    <Stack>
      <IsConfirmed next={next} />
      <Group wrap="nowrap" align="flex-start">
        <IconMail size={28} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />
        <Text style={{ overflowWrap: "anywhere" }} role="status">
          <Trans t={t} i18nKey="mailIntro" values={{ email }} components={{ b: <b /> }} />
        </Text>
      </Group>
      <Text fw={600} component="h2" size="md" m={0}>
        {t("mailNothing")}
      </Text>
      <List size="sm" spacing="xs">
        <List.Item>{t("mailSpam")}</List.Item>
        <List.Item>
          <Trans t={t} i18nKey="mailAddress" values={{ email }} components={{ b: <b /> }} />
        </List.Item>
        <List.Item>{t("mailKnown")}</List.Item>
      </List>
      {again.error !== null && <ErrorAlert error={again.error} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Button variant="default" onClick={onChange}>
          {t("changeAddress")}
        </Button>
        <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
          {t("sendAgain")}
        </Button>
      </SimpleGrid>
    </Stack>
  );
}

/** Looks each time the person comes back to this tab: asking all the time would fill the record. */
function IsConfirmed({ next }: { next: string | undefined }) {
  const { t } = useTranslation("signUp");
  const { data } = useQuery({ ...ownSessionQuery, refetchOnWindowFocus: "always" });
  if (data === undefined || data === null) return null;
  const to = data.level === "full" ? safeNext(next ?? null) : paths.welcome({ next });
  return (
    <Alert color="teal" role="status">
      <Group justify="space-between">
        <Text>{t("confirmed")}</Text>
        <Button component={Link} to={to} size="xs">
          {t("goOn")}
        </Button>
      </Group>
    </Alert>
  );
}
