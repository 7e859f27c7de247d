import { List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { paths } from "../../paths.ts";
import { Timestamp } from "../../ui/timestamp.tsx";
import { confirmAddress, undoChange } from "../addresses/address-api.ts";
import { LinkAct, ToSignIn } from "./link-act.tsx";
import { beginRecovery, stopRecoveryByLink } from "./recovery-api.ts";

/** The link to a new address. */
export function ConfirmAddressPage() {
  const { t } = useTranslation("recovery");
  return (
    <LinkAct
      path={paths.confirmAddress()}
      title={t("confirmTitle")}
      label={t("confirm")}
      act={confirmAddress}
      renderDone={({ kind, email }) => (
        <>
          <Text>{t(kind === "sign-in" ? "signInConfirmed" : "backupConfirmed", { email })}</Text>
          <ToSignIn />
        </>
      )}
    >
      <Text>{t("confirmIntro")}</Text>
    </LinkAct>
  );
}

/** “It was not me”, from the mail that told of a change of the sign-in address. */
export function NotMePage() {
  const { t } = useTranslation("recovery");
  return (
    <LinkAct
      path={paths.undoAddress()}
      title={t("undoTitle")}
      label={t("undo")}
      isDangerous
      act={undoChange}
      renderDone={({ outcome }) => (
        <>
          <Text fw={600}>{t(`undone.${outcome}`)}</Text>
          <Text>{t("undoneNext")}</Text>
          <ToSignIn />
        </>
      )}
    >
      <Text>{t("undoIntro")}</Text>
      <List spacing={4}>
        {(["undoAddress", "undoSessions", "undoPassword", "undoReport"] as const).map((key) => (
          <List.Item key={key}>{t(key)}</List.Item>
        ))}
      </List>
    </LinkAct>
  );
}

/** The link that begins the wait. */
export function BeginRecoveryPage() {
  const { t } = useTranslation("recovery");
  return (
    <LinkAct
      path={paths.beginRecovery()}
      title={t("beginTitle")}
      label={t("begin")}
      act={beginRecovery}
      renderDone={({ readyAt, endsAt }) => (
        <>
          <Text>
            {t("begunUntil")} <Timestamp at={readyAt} />
          </Text>
          <Text>
            {t("begunThen")} <Timestamp at={endsAt} />
          </Text>
          <Text>{t("begunStop")}</Text>
        </>
      )}
    >
      <Text>{t("beginIntro")}</Text>
    </LinkAct>
  );
}

/** The link that stops a reset, in each mail that tells of it. */
export function StopRecoveryPage() {
  const { t } = useTranslation("recovery");
  return (
    <LinkAct
      path={paths.stopRecovery()}
      title={t("stopTitle")}
      label={t("stop")}
      act={stopRecoveryByLink}
      renderDone={() => (
        <>
          <Text>{t("stopped")}</Text>
          <ToSignIn />
        </>
      )}
    >
      <Text>{t("stopIntro")}</Text>
    </LinkAct>
  );
}
