import { Button, Divider, Stack, Text, Title } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { AsAccount } from "../mail-links/as-account.tsx";
import { isDeadLink, LinkPage } from "../mail-links/link-page.tsx";
import { dropToken, MAIL_LINK, useHeldToken } from "../mail-links/mail-link.ts";
import { acceptInvitation, previewQuery, type Accepted, type Preview } from "./accept-api.ts";
import { AcceptedReport } from "./accepted-report.tsx";
import { InvitationOffer } from "./invitation-offer.tsx";
import { NewAccountForm } from "./new-account-form.tsx";
import { TellInviter } from "./tell-inviter.tsx";

/** The link of an invitation's mail: what it is about first, then the way to accept it. */
export function InvitationPage() {
  const { t } = useTranslation("mailLinks");
  const token = useHeldToken(paths.invitation());
  const [accepted, setAccepted] = useState<Accepted | null>(null);
  if (accepted !== null) return <AcceptedReport accepted={accepted} />;
  return (
    <LinkPage title={t("invitationTitle")} token={token} whomToAsk={t("askInviter")}>
      {(secret) => <InvitationView token={secret} onAccepted={setAccepted} />}
    </LinkPage>
  );
}

function InvitationView({
  token,
  onAccepted,
}: {
  token: string;
  onAccepted: (accepted: Accepted) => void;
}) {
  const { t } = useTranslation("mailLinks");
  const preview = useSuspenseQuery(previewQuery(token)).data;
  const { email, hasAccount } = preview;
  return (
    <Stack>
      <Title order={1}>{t("invitationTitle")}</Title>
      <InvitationOffer preview={preview} />
      <Divider />
      <AsAccount
        email={email}
        path={paths.invitation()}
        otherwise={<TellInviter token={token} preview={preview} />}
        {...(!hasAccount && { stranger: <NewAccountForm token={token} preview={preview} /> })}
      >
        {(account) => (
          <AcceptAs
            token={token}
            preview={preview}
            name={account.displayName}
            onAccepted={onAccepted}
          />
        )}
      </AsAccount>
    </Stack>
  );
}

function AcceptAs({
  token,
  preview: { email },
  name,
  onAccepted,
}: {
  token: string;
  preview: Preview;
  name: string;
  onAccepted: (accepted: Accepted) => void;
}) {
  const { t } = useTranslation("mailLinks");
  const accept = useMutation({
    mutationFn: () => acceptInvitation({ token }),
    onSuccess: (accepted) => {
      dropToken(paths.invitation());
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== MAIL_LINK });
      onAccepted(accepted);
    },
  });
  // The page's own answer to a link that died meanwhile.
  if (isDeadLink(accept.error)) throw accept.error;
  return (
    <Stack>
      <Text>{t("signedInAs", { name, email })}</Text>
      {accept.error !== null && <ErrorAlert error={accept.error} />}
      <Button loading={accept.isPending} onClick={() => accept.mutate()}>
        {t("accept")}
      </Button>
      <Text size="sm" c="dimmed">
        {t("ignoreIt")}
      </Text>
    </Stack>
  );
}
