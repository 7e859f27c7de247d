import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isCovered } from "./address-text.ts";

type Props = { address: string | null; cidrs: readonly string[]; onAdd: (address: string) => void };

/** The address of whoever looks, and whether the list as it is being edited holds it. */
export function YourAddress({ address, cidrs, onAdd }: Props) {
  const { t } = useTranslation("whitelist");
  if (address === null) return <Text c="dimmed">{t("yourAddressUnknown")}</Text>;
  const isOnList = isCovered(address, cidrs);
  return (
    <Group gap="sm">
      <Text>
        {t("yourAddress")} <b>{address}</b> · {t(isOnList ? "yoursOnList" : "yoursNotOnList")}
      </Text>
      {!isOnList && (
        <Button variant="default" size="xs" onClick={() => onAdd(address)}>
          {t("addYours")}
        </Button>
      )}
    </Group>
  );
}
