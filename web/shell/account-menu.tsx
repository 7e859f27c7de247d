import { ActionIcon, Menu, Text, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { request } from "../api/client.ts";
import { leavePage } from "../api/leave-page.ts";
import { pageAccount } from "../api/page-account.ts";
import { languages, type Language } from "../i18n/languages.ts";
import { changeLanguage } from "../i18n/start-i18n.ts";
import { useOwnAccount } from "../identity/account/account-api.ts";
import { paths } from "../paths.ts";
import { useErrorText } from "../ui/error-alert.tsx";

/** Who is signed in, how the panel looks to them, and the way out. */
export function AccountMenu() {
  const { t, i18n } = useTranslation("common");
  const { displayName, email } = useOwnAccount();
  const { setColorScheme } = useMantineColorScheme();
  return (
    <Menu width={260} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t("accountMenu", { displayName })}>
          <IconUserCircle size={24} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} truncate>
            {displayName}
          </Text>
          <Text size="xs" truncate>
            {email}
          </Text>
        </Menu.Label>
        <Menu.Item component={Link} to={paths.profile()} leftSection={<IconUserCircle size={16} />}>
          {t("yourAccount")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("appearance")}</Menu.Label>
        <Menu.Item leftSection={<IconSun size={16} />} onClick={() => setColorScheme("light")}>
          {t("light")}
        </Menu.Item>
        <Menu.Item leftSection={<IconMoon size={16} />} onClick={() => setColorScheme("dark")}>
          {t("dark")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDeviceDesktop size={16} />}
          onClick={() => setColorScheme("auto")}
        >
          {t("likeSystem")}
        </Menu.Item>
        <Menu.Label>{t("language")}</Menu.Label>
        {Object.entries(languages).map(([language, { name }]) => (
          <Menu.Item
            key={language}
            lang={language}
            aria-current={i18n.language === language}
            onClick={() => void changeLanguage(language as Language)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <SignOut />
      </Menu.Dropdown>
    </Menu>
  );
}

function SignOut() {
  const { t } = useTranslation("common");
  const errorText = useErrorText();
  const tell = (error: Error) =>
    notifications.show({ color: "red", title: t("stillSignedIn"), message: errorText(error) });
  return (
    <Menu.Item
      leftSection={<IconLogout size={16} />}
      onClick={() => void signOut().catch((error: unknown) => tell(error as Error))}
    >
      {t("signOut")}
    </Menu.Item>
  );
}

/** The whole page is left, in every tab, so that nothing of the session stays in memory. */
async function signOut(): Promise<void> {
  await request("POST", "/sign-out", { body: {}, isAlone: true });
  pageAccount.tellSignedOut();
  await leavePage(paths.signIn());
}
