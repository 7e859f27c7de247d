import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";

/** Why the link is dead, and both ways on. */
export function DeadSignUpLink() {
  const { t } = useTranslation("signUp");
  return (
    <Stack role="alert">
      <Text>{t("deadIntro")}</Text>
      <Text>{t("deadSignIn")}</Text>
      <Text>{t("deadSignUp")}</Text>
      <Group grow>
        <Button component={Link} to={paths.signIn()}>
          {t("signIn")}
        </Button>
        <Button component={Link} to={paths.signUp()} variant="default">
          {t("submit")}
        </Button>
      </Group>
    </Stack>
  );
}
