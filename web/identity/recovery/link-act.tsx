import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { PanelPath } from "../../../src/contract/panel-paths.ts";
import { ApiProblem } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useLinkToken } from "../link-token.ts";

/** A page of a mail's link, with its name. */
export function LinkFrame({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Stack>
      <Title order={1}>{title}</Title>
      {children}
    </Stack>
  );
}

export function NoLink() {
  const { t } = useTranslation("mailLinks");
  return <Text role="alert">{t("noTokenExplained")}</Text>;
}

export function DeadLink() {
  const { t } = useTranslation(["mailLinks", "signIn"]);
  return (
    <Stack role="alert">
      <Text fw={600}>{t("dead")}</Text>
      <Text>{t("deadExplained")}</Text>
      <ToSignIn />
    </Stack>
  );
}

export function ToSignIn() {
  const { t } = useTranslation("signIn");
  return (
    <Button component={Link} to={paths.signIn()}>
      {t("signIn")}
    </Button>
  );
}

const isDeadLink = (error: Error | null): boolean =>
  error instanceof ApiProblem && error.code === "dead-link";

type Props<Reply> = {
  path: PanelPath;
  title: string;
  /** What the button does, read before it is pressed. */
  children: ReactNode;
  label: string;
  isDangerous?: boolean;
  act: (token: string) => Promise<Reply>;
  renderDone: (reply: Reply) => ReactNode;
};

/**
 * A mail's link that does one thing. A button sends it: programs that look through mails open links, and must not
 * use them.
 */
export function LinkAct<Reply>(props: Props<Reply>) {
  const { path, title, children, label, isDangerous = false, act, renderDone } = props;
  const token = useLinkToken(path);
  const send = useMutation({
    mutationFn: act,
    onSuccess: () => {
      // Whoever is signed in here may be no longer, or under another address.
      queryClient.clear();
      pageAccount.forget();
    },
  });
  return (
    <LinkFrame title={title}>
      {token === null ? (
        <NoLink />
      ) : send.isSuccess ? (
        <Stack role="status">{renderDone(send.data)}</Stack>
      ) : isDeadLink(send.error) ? (
        <DeadLink />
      ) : (
        <>
          {children}
          {send.error !== null && <ErrorAlert error={send.error} />}
          <Button
            loading={send.isPending}
            {...(isDangerous && { color: "red" })}
            onClick={() => send.mutate(token)}
          >
            {label}
          </Button>
        </>
      )}
    </LinkFrame>
  );
}
