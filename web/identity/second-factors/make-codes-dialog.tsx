import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { CODES_IN_A_SET, useMakeRecoveryCodes } from "./factor-api.ts";

type Props = { isOpen: boolean; onClose: () => void; onMade: (codes: string[]) => void };

/** Before the old codes die. */
export function MakeCodesDialog({ isOpen, onClose, onMade }: Props) {
  const { t } = useTranslation("twoFactor");
  const make = useMakeRecoveryCodes();
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t("makeCodesTitle")}
      confirmLabel={t("makeCodes")}
      isPending={make.isPending}
      error={make.error}
      onConfirm={() => make.mutate(undefined, { onSuccess: onMade })}
      onClose={onClose}
    >
      <Text>{t("makeCodesExplained", { total: CODES_IN_A_SET })}</Text>
    </ConfirmDialog>
  );
}
