import { Anchor, Button, Divider, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { App, TransferPreview } from "../../../src/contract/access/apps.ts";
import { request } from "../../api/client.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { AsAccount } from "../mail-links/as-account.tsx";
import { isDeadLink, LinkPage } from "../mail-links/link-page.tsx";
import { dropToken, MAIL_LINK, useHeldToken } from "../mail-links/mail-link.ts";
import { organisationsQuery } from "../organisations/organisation-api.ts";
import { fullMoment } from "../sharing/end-text.tsx";
import { useAccessChange } from "../sharing/access-api.ts";

const previewQuery = (token: string) =>
  queryOptions({
    queryKey: [MAIL_LINK, "transfer", token],
    queryFn: () =>
      request<TransferPreview>("POST", "/apps/transfers/preview", {
        body: { token },
        isAlone: true,
      }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });

const acceptTransfer = async (body: { token: string; organisationId: string }): Promise<App> =>
  await request<App>("POST", "/apps/transfers/accept", { body });

/** The link of an offer: which app, by whom, and into which organisation it goes. */
export function TransferPage() {
  const { t } = useTranslation("mailLinks");
  const token = useHeldToken(paths.acceptTransfer());
  const [taken, setTaken] = useState<App | null>(null);
  if (taken !== null) return <Taken app={taken} />;
  return (
    <LinkPage title={t("transferTitle")} token={token} whomToAsk={t("askOwner")}>
      {(secret) => <TransferView token={secret} onTaken={setTaken} />}
    </LinkPage>
  );
}

type ViewProps = { token: string; onTaken: (app: App) => void };

function TransferView({ token, onTaken }: ViewProps) {
  const { t, i18n } = useTranslation("mailLinks");
  const { app, organisation, offeredBy, email, endsAt } = useSuspenseQuery(
    previewQuery(token),
  ).data;
  return (
    <Stack>
      <Title order={1}>{t("transferTitle")}</Title>
      <Text>{t("transferOffer", { who: offeredBy, organisation: organisation.name })}</Text>
      <Text fw={600} size="lg">
        {app.name}
      </Text>
      <Text>{t("transferMeans")}</Text>
      <Text size="sm" c="dimmed">
        {t("linkUntil", { when: fullMoment(endsAt, i18n.language) })}
      </Text>
      <Divider />
      <AsAccount email={email} path={paths.acceptTransfer()}>
        {() => <TakeOver token={token} onTaken={onTaken} />}
      </AsAccount>
    </Stack>
  );
}

function TakeOver({ token, onTaken }: ViewProps) {
  const { t } = useTranslation("mailLinks");
  const { organisations } = useSuspenseQuery(organisationsQuery).data;
  const owned = organisations.filter(({ role }) => role === "owner");
  const [chosen, setChosen] = useState(owned[0]?.id ?? "");
  const accept = useAccessChange(acceptTransfer);
  const { error } = accept;
  if (isDeadLink(error)) throw error;
  const only = owned.length === 1 ? owned[0] : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate(
          { token, organisationId: chosen },
          {
            onSuccess: (app) => {
              dropToken(paths.acceptTransfer());
              onTaken(app);
            },
          },
        );
      }}
    >
      <Stack>
        {only === undefined ? (
          <NativeSelect
            label={t("intoOrganisation")}
            value={chosen}
            data={owned.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          />
        ) : (
          <Text>{t("intoOnly", { organisation: only.name })}</Text>
        )}
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" disabled={chosen === ""} loading={accept.isPending}>
          {t("takeOver")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("ignoreIt")}
        </Text>
      </Stack>
    </form>
  );
}

function Taken({ app }: { app: App }) {
  const { t } = useTranslation("mailLinks");
  return (
    <Stack>
      <Title order={1}>{t("takenTitle", { app: app.name })}</Title>
      <Text role="status">{t("takenIntro", { organisation: app.organisation.name })}</Text>
      <Button component={Link} to={paths.app(app.id)}>
        {t("openApp", { app: app.name })}
      </Button>
      <Anchor component={Link} to={paths.appAccess(app.id)}>
        {t("whoHasAccess")}
      </Anchor>
    </Stack>
  );
}
