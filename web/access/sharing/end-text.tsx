import { Badge, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { regionOf } from "../../ui/timestamp.tsx";
import { endWords, isSoon } from "./end.ts";

/** When access ends, in words, with the date on hover; what ends within a week stands out. */
export function EndText({ expiresAt }: { expiresAt: string | null }) {
  const { t, i18n } = useTranslation("sharing");
  if (expiresAt === null)
    return (
      <Text span size="sm" c="dimmed">
        {t("noEnd")}
      </Text>
    );
  const text = t("ends", { when: endWords(expiresAt, i18n.language) });
  const time = (
    <time dateTime={expiresAt} title={fullMoment(expiresAt, i18n.language)}>
      {text}
    </time>
  );
  return isSoon(expiresAt) ? (
    <Badge
      color="orange"
      size="lg"
      fw={500}
      px={8}
      flex="none"
      leftSection={<IconClock size={14} aria-hidden />}
    >
      {time}
    </Badge>
  ) : (
    <Text span size="sm">
      {time}
    </Text>
  );
}

/** Day, hour and zone: nothing left to guess. */
export function fullMoment(at: string | Date, language: string): string {
  return new Intl.DateTimeFormat(regionOf(language), {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(at));
}
