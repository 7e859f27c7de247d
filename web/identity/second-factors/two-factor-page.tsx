import { Alert, Badge, Button, Group, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SecondFactors } from "../../../src/contract/identity/second-factors.ts";
import { Card } from "../../ui/card.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useOwnAccount } from "../account/account-api.ts";
import { PasskeysCard } from "../passkeys/passkeys-card.tsx";
import { WaitingReset } from "../recovery/waiting-reset.tsx";
import { AuthenticatorSetUp } from "./authenticator-set-up.tsx";
import { factorsQuery, useRefreshFactors } from "./factor-api.ts";
import { LostDialog } from "./lost-dialog.tsx";
import { MakeCodesDialog } from "./make-codes-dialog.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { RecoveryCodesCard } from "./recovery-codes-card.tsx";

/** The state of the second factor, and every way to change it; each says first what it does. */
export function TwoFactorPage() {
  const { t } = useTranslation("twoFactor");
  const { email } = useOwnAccount();
  const factors = useSuspenseQuery(factorsQuery).data;
  const [open, setOpen] = useQueryValue("do");
  const [codes, setCodes] = useState<string[] | null>(null);
  const [isReplaced, setReplaced] = useState(false);
  const refresh = useRefreshFactors();
  const onReplaced = (made: string[]) => {
    setCodes(made);
    setReplaced(true);
    setOpen(null);
    void refresh();
  };
  if (codes !== null)
    return (
      <Page title={t("codesTitle")} size="sm">
        {isReplaced && (
          <Alert color="teal" role="status" className="no-print">
            {t("replaced")}
          </Alert>
        )}
        <Card>
          <RecoveryCodes codes={codes} email={email} onKept={() => setCodes(null)} />
        </Card>
      </Page>
    );
  if (open === "replace")
    return <ReplacePage onConfirmed={onReplaced} onCancel={() => setOpen(null)} />;
  return (
    <Page title={t("title")} intro={t("intro")} guide="two-factor" size="md">
      <WaitingReset />
      <Notices factors={factors} />
      <AuthenticatorCard factors={factors} onOpen={setOpen} />
      <PasskeysCard />
      <RecoveryCodesCard left={factors.recoveryCodes.left} onMake={() => setOpen("codes")} />
      <LostDialog
        isOpen={open === "lost"}
        codesLeft={factors.recoveryCodes.left}
        onClose={() => setOpen(null)}
      />
      <MakeCodesDialog
        isOpen={open === "codes"}
        onClose={() => setOpen(null)}
        onMade={(made) => {
          setReplaced(false);
          setCodes(made);
          setOpen(null);
        }}
      />
    </Page>
  );
}

type ReplaceProps = { onConfirmed: (codes: string[]) => void; onCancel: () => void };

function ReplacePage({ onConfirmed, onCancel }: ReplaceProps) {
  const { t } = useTranslation(["twoFactor", "common"]);
  return (
    <Page
      title={t("replaceTitle")}
      intro={t("replaceIntro")}
      guide="two-factor"
      size="sm"
      action={
        <Button variant="default" onClick={onCancel}>
          {t("common:cancel")}
        </Button>
      }
    >
      <Card>
        <AuthenticatorSetUp onConfirmed={onConfirmed} />
      </Card>
    </Page>
  );
}

function Notices({ factors: { totp, pausedUntil } }: { factors: SecondFactors }) {
  const { t, i18n } = useTranslation("twoFactor");
  const clock = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" });
  return (
    <>
      {pausedUntil !== null && (
        <Alert color="red">{t("paused", { until: clock.format(new Date(pausedUntil)) })}</Alert>
      )}
      {totp.isReplacementPending && totp.configured && <Alert color="blue">{t("pending")}</Alert>}
    </>
  );
}

type AuthenticatorProps = { factors: SecondFactors; onOpen: (what: string) => void };

function AuthenticatorCard({ factors: { totp }, onOpen }: AuthenticatorProps) {
  const { t } = useTranslation("twoFactor");
  return (
    <Card
      title={t("appTitle")}
      action={totp.configured ? <Badge color="teal">{t("on")}</Badge> : null}
    >
      {totp.verifiedAt === null ? (
        <Text>{t("notSetUp")}</Text>
      ) : (
        <Text>
          {t("since")} <Timestamp at={totp.verifiedAt} as="date" />
          {totp.lastUsedAt !== null && (
            <>
              {" · "}
              {t("lastUsed")} <Timestamp at={totp.lastUsedAt} as="ago" />
            </>
          )}
        </Text>
      )}
      <Group gap="xs">
        <Button variant="default" onClick={() => onOpen("replace")}>
          {totp.configured ? t("replace") : t("setUp")}
        </Button>
        {totp.configured && (
          <Button variant="light" color="red" onClick={() => onOpen("lost")}>
            {t("lost")}
          </Button>
        )}
      </Group>
    </Card>
  );
}
