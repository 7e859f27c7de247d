import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PasskeyButton } from "../passkeys/passkey-button.tsx";
import { verifyPasskey } from "../passkeys/passkey-api.ts";
import type { OwnSession } from "./sign-in-api.ts";

type Props = {
  onDone: (level: OwnSession["level"]) => void;
  /** To what the session takes besides. */
  onOther: () => void;
  onRestart: () => void;
};

/** After the password: a passkey, where the account has one. */
export function PasskeyStep({ onDone, onOther, onRestart }: Props) {
  const { t } = useTranslation("signIn");
  return (
    <Stack>
      <Text>{t("passkeyIntro")}</Text>
      <PasskeyButton
        label={t("usePasskey")}
        act={async () => onDone(await verifyPasskey())}
        isFirst
      />
      <Group justify="space-between">
        <Anchor component="button" type="button" onClick={onOther}>
          {t("otherWay")}
        </Anchor>
        <Anchor component="button" type="button" onClick={onRestart}>
          {t("otherAccount")}
        </Anchor>
      </Group>
    </Stack>
  );
}
