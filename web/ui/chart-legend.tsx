import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import "./chart.css";

/** What the two colours of an outcome chart mean. */
export function ChartLegend() {
  const { t } = useTranslation("charts");
  return (
    <Group gap="md" aria-hidden>
      {(["allowed", "refused"] as const).map((outcome) => (
        <Group key={outcome} gap={6} wrap="nowrap">
          <span className={`chart-swatch chart-${outcome}`} />
          <Text size="sm" c="dimmed">
            {t(outcome)}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
