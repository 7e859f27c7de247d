import { Button, Divider, List, Stack, Text, Title } from "@mantine/core";
import { queryOptions, useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ConsentPreview } from "../../../src/contract/operator/provisioning.ts";
import { request } from "../../api/client.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { AsAccount } from "../mail-links/as-account.tsx";
import { isDeadLink, LinkPage } from "../mail-links/link-page.tsx";
import { dropToken, MAIL_LINK, useHeldToken } from "../mail-links/mail-link.ts";
import { fullMoment } from "../sharing/end-text.tsx";

const previewQuery = (token: string) =>
  queryOptions({
    queryKey: [MAIL_LINK, "consent", token],
    queryFn: () =>
      request<ConsentPreview>("POST", "/provision-consents/preview", {
        body: { token },
        isAlone: true,
      }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });

const decide = async (body: { token: string; give: boolean }): Promise<boolean> => {
  await request("POST", "/provision-consents/decide", { body });
  return body.give;
};

/** The link of a product's question: may it tie what it knows of a person to their account? */
export function ConsentPage() {
  const { t } = useTranslation("mailLinks");
  const token = useHeldToken(paths.provisionConsent());
  const [isGiven, setGiven] = useState<boolean | null>(null);
  if (isGiven !== null) return <Answered isGiven={isGiven} />;
  return (
    <LinkPage title={t("consentTitle")} token={token} whomToAsk={t("askProduct")}>
      {(secret) => <ConsentView token={secret} onAnswered={setGiven} />}
    </LinkPage>
  );
}

type ViewProps = { token: string; onAnswered: (isGiven: boolean) => void };

function ConsentView({ token, onAnswered }: ViewProps) {
  const { t, i18n } = useTranslation("mailLinks");
  const { product, externalId, email, endsAt } = useSuspenseQuery(previewQuery(token)).data;
  return (
    <Stack>
      <Title order={1}>{t("consentTitle")}</Title>
      <Text>{t("consentAsks", { product, externalId, email })}</Text>
      <div>
        <Text fw={600}>{t("consentIfYes", { product })}</Text>
        <List size="sm">
          <List.Item>{t("consentName")}</List.Item>
          <List.Item>{t("consentOwner")}</List.Item>
          <List.Item>{t("consentReport")}</List.Item>
        </List>
      </div>
      <Text>{t("consentNever")}</Text>
      <Text size="sm" c="dimmed">
        {t("linkUntil", { when: fullMoment(endsAt, i18n.language) })}
      </Text>
      <Divider />
      <AsAccount email={email} path={paths.provisionConsent()}>
        {() => <Answer token={token} onAnswered={onAnswered} />}
      </AsAccount>
    </Stack>
  );
}

function Answer({ token, onAnswered }: ViewProps) {
  const { t } = useTranslation("mailLinks");
  const answer = useMutation({
    mutationFn: (give: boolean) => decide({ token, give }),
    onSuccess: (isGiven) => {
      dropToken(paths.provisionConsent());
      onAnswered(isGiven);
    },
  });
  if (isDeadLink(answer.error)) throw answer.error;
  return (
    <Stack>
      {answer.error !== null && <ErrorAlert error={answer.error} />}
      <Button loading={answer.isPending} onClick={() => answer.mutate(true)}>
        {t("agree")}
      </Button>
      <Button variant="default" disabled={answer.isPending} onClick={() => answer.mutate(false)}>
        {t("refuse")}
      </Button>
    </Stack>
  );
}

function Answered({ isGiven }: { isGiven: boolean }) {
  const { t } = useTranslation("mailLinks");
  return (
    <Stack>
      <Title order={1}>{isGiven ? t("agreedTitle") : t("refusedTitle")}</Title>
      <Text role="status">{isGiven ? t("agreed") : t("refused")}</Text>
      <Button component={Link} to={paths.home()}>
        {t("goOn")}
      </Button>
    </Stack>
  );
}
