import { Anchor, Group, List, Stack, Text, ThemeIcon, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../paths.ts";
import { Card } from "../ui/card.tsx";
import type { Home } from "./home-api.ts";

/** Four steps of the first day, ticked by what was really done. */
export function FirstSteps({ steps }: { steps: Home["steps"] }) {
  const { t } = useTranslation("home");
  const list = [
    { text: "authenticator", isDone: steps.hasAuthenticator, to: paths.twoFactor() },
    { text: "codes", isDone: steps.recoveryCodesLeft > 0, to: paths.twoFactor() },
    { text: "app", isDone: steps.hasApp, to: paths.newApp() },
    { text: "invite", isDone: steps.hasInvited, to: paths.invite() },
  ] as const;
  const doneCount = list.filter(({ isDone }) => isDone).length;
  return (
    <Card title={t("steps.title")} intro={t("steps.progress", { count: doneCount })}>
      <List listStyleType="none" spacing="md" center={false}>
        {list.map(({ text, isDone, to }) => (
          <List.Item key={text}>
            <Group gap="sm" align="flex-start" wrap="nowrap">
              <ThemeIcon
                variant="light"
                color={isDone ? "green" : "gray"}
                radius="xl"
                size={28}
                style={{ flexShrink: 0 }}
              >
                {isDone ? (
                  <IconCheck size={18} aria-hidden />
                ) : (
                  <IconCircle size={14} aria-hidden />
                )}
              </ThemeIcon>
              <Stack gap={0}>
                <Text fw={600}>
                  {isDone ? (
                    t(`steps.${text}`)
                  ) : (
                    <Anchor component={Link} to={to} fw={600}>
                      {t(`steps.${text}`)}
                    </Anchor>
                  )}
                  <VisuallyHidden> ({t(isDone ? "steps.done" : "steps.open")})</VisuallyHidden>
                </Text>
                <Text size="sm" c="dimmed">
                  {t(`steps.${text}Why`, { left: steps.recoveryCodesLeft })}
                </Text>
              </Stack>
            </Group>
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
