import { Button, Stack, Text, Title } from "@mantine/core";
import { Component, Suspense, useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ApiProblem } from "../../api/client.ts";
import { paths } from "../../paths.ts";
import { Loading } from "../../shell/loading.tsx";
import { SupportLink } from "../../shell/support-link.tsx";

type Props = {
  title: string;
  token: string | null;
  /** Whom to ask for a new link. */
  whomToAsk: string;
  children: (token: string) => ReactNode;
};

/** A page that a mail's link opens. Without its secret, or with a dead one, it says whom to ask. */
export function LinkPage({ title, token, whomToAsk, children }: Props) {
  const { t } = useTranslation("mailLinks");
  useEffect(() => {
    document.title = title;
  }, [title]);
  if (token === null)
    return <DeadLink title={t("noToken")} explained={t("noTokenExplained")} ask={whomToAsk} />;
  return (
    <DeadLinkBoundary
      dead={<DeadLink title={t("dead")} explained={t("deadExplained")} ask={whomToAsk} />}
    >
      <Suspense fallback={<Loading />}>{children(token)}</Suspense>
    </DeadLinkBoundary>
  );
}

export const isDeadLink = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === "dead-link";

/** Catches the one refusal that this page answers; others are the route's. */
class DeadLinkBoundary extends Component<
  { dead: ReactNode; children: ReactNode },
  { error: unknown }
> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (isDeadLink(error)) return this.props.dead;
    throw error;
  }
}

function DeadLink({ title, explained, ask }: { title: string; explained: string; ask: string }) {
  const { t } = useTranslation("mailLinks");
  return (
    <Stack role="alert">
      <Title order={1}>{title}</Title>
      <Text>{explained}</Text>
      <Text>{ask}</Text>
      <Button component={Link} to={paths.home()} variant="default">
        {t("goOn")}
      </Button>
      <SupportLink />
    </Stack>
  );
}
