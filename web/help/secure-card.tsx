import { Anchor, Group, List, Text, ThemeIcon, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { homeQuery } from "../home/home-api.ts";
import { paths } from "../paths.ts";
import { Card } from "../ui/card.tsx";

/** "How to secure your account", ticked from the account's real state. */
export function SecureCard() {
  const { t } = useTranslation("help");
  const { steps } = useSuspenseQuery(homeQuery).data;
  const count = steps.recoveryCodesLeft;
  return (
    <Card title={t("secureTitle")} intro={t("secureIntro")}>
      <List listStyleType="none" spacing="sm">
        <Step
          isDone={steps.hasAuthenticator}
          to={paths.twoFactor()}
          text={t("stepAuthenticator")}
        />
        <Step isDone={count > 3} to={paths.twoFactor()} text={t("stepCodes", { count })} />
        <Step isDone to={paths.password()} text={t("stepPassword")} />
        <Step isDone={null} to={paths.sessions()} text={t("stepDevices")} />
      </List>
    </Card>
  );
}

/** @param isDone null: nobody but the person can tell. */
function Step({ isDone, to, text }: { isDone: boolean | null; to: string; text: string }) {
  const { t } = useTranslation("help");
  return (
    <List.Item>
      <Group gap="sm" wrap="nowrap">
        <ThemeIcon variant="light" color={isDone === true ? "green" : "gray"} radius="xl" size="sm">
          {isDone === true ? (
            <IconCheck size={14} aria-hidden />
          ) : (
            <IconMinus size={14} aria-hidden />
          )}
        </ThemeIcon>
        <Text>
          <Anchor component={Link} to={to}>
            {text}
          </Anchor>
          {isDone !== null && <VisuallyHidden> ({t(isDone ? "done" : "toDo")})</VisuallyHidden>}
        </Text>
      </Group>
    </List.Item>
  );
}
