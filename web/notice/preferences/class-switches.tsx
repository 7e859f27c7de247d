import { Alert, Badge, Group, Stack, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { channels, isOptional, type Channel } from "../../../src/contract/notice/classes.ts";
import type { NoticePreferences } from "../../../src/contract/notice/preferences.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { channelTexts, classTexts } from "../class-texts.ts";
import { changePreferences } from "../notice-api.ts";

type Class = NoticePreferences["classes"][number];

/** Each class with a switch for each way; those that nobody can switch off say so. */
export function ClassSwitches({ classes }: Pick<NoticePreferences, "classes">) {
  const { t } = useTranslation("notices");
  return (
    <Card title={t("whatReaches")}>
      <RowList label={t("whatReaches")}>
        {classes.map((each) => (
          <ClassRow key={each.class} given={each} />
        ))}
      </RowList>
    </Card>
  );
}

function ClassRow({ given }: { given: Class }) {
  const { t } = useTranslation("notices");
  const { class: name, isMandatory, channels: on } = given;
  const { change, error } = useSwitch(given);
  const title = t(classTexts[name].name);
  return (
    <Row
      actions={
        isMandatory ? (
          <Badge variant="light">{t("always")}</Badge>
        ) : (
          <Stack gap="xs">
            {channels.map((channel) => (
              <Switch
                key={channel}
                label={t(channelTexts[channel])}
                aria-label={t("switchOf", { class: title, channel: t(channelTexts[channel]) })}
                checked={on[channel]}
                disabled={change.isPending}
                onChange={() => change.mutate(channel)}
              />
            ))}
          </Stack>
        )
      }
    >
      <Group gap="xs">
        <Text fw={600}>{title}</Text>
      </Group>
      <Text size="sm" c="dimmed" maw="36rem">
        {t(classTexts[name].hint)}
      </Text>
      {!on.email && !on.inbox && (
        <Alert color="yellow" variant="light">
          {t("undelivered", { class: title })}
        </Alert>
      )}
      {error !== null && <ErrorAlert error={error} />}
    </Row>
  );
}

function useSwitch({ class: name, channels: on }: Class) {
  const { t } = useTranslation("notices");
  const change = useMutation({
    mutationFn: async (channel: Channel) => {
      if (!isOptional(name)) throw new Error("it has no switch");
      const after = { ...on, [channel]: !on[channel] };
      await changePreferences({ classes: [{ class: name, channels: after }] });
      notifications.show({ message: on[channel] ? t("savedOff") : t("saved") });
    },
  });
  return { change, error: change.error };
}
