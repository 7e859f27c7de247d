import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { FEW_CODES } from "./factor-api.ts";

/** How many recovery codes are left, and a warning before they run out. */
export function RecoveryCodesCard({ left, onMake }: { left: number; onMake: () => void }) {
  const { t } = useTranslation("twoFactor");
  return (
    <Card title={t("codes")} intro={t("codesFor")}>
      {left <= FEW_CODES && (
        <Alert color="orange">{left === 0 ? t("codesNone") : t("codesLow")}</Alert>
      )}
      <Group justify="space-between">
        <Text fw={600}>{t("codesLeft", { count: left })}</Text>
        <Button variant={left <= FEW_CODES ? "filled" : "default"} onClick={onMake}>
          {t("makeCodes")}
        </Button>
      </Group>
    </Card>
  );
}
