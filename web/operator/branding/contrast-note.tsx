import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  DEFAULT_COLOR,
  judgeColor,
  parseColor,
  TEXT_CONTRAST,
} from "../../../src/contract/platform/brand-color.ts";

/** Whether texts in a colour can be read, as a number and in words; the server judges by the same rule. */
export function ContrastNote({
  color,
  onTake,
}: {
  color: string;
  onTake: (color: string) => void;
}) {
  const { t, i18n } = useTranslation("branding");
  const parsed = parseColor(color === "" ? DEFAULT_COLOR : color);
  if (parsed === null)
    return (
      <Text size="sm" c="dimmed" role="status">
        {t("noColor")}
      </Text>
    );
  const { onWhite, onDark, passes, nearest } = judgeColor(parsed);
  const ratio = (value: number) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(
      Math.floor(value * 10) / 10,
    );
  return (
    <Alert color={passes ? "green" : "red"} variant="light" role="status">
      <Text>
        {t(passes ? "contrastGood" : "contrastBad", {
          light: ratio(onWhite),
          dark: ratio(onDark),
          needed: ratio(TEXT_CONTRAST),
        })}
      </Text>
      {!passes && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={() => onTake(nearest)}>
            {t("takeNearest", { color: nearest })}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
