import { NavLink, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useOwnAccount } from "../identity/account/account-api.ts";
import { menuFor, type MenuItem } from "./menu.ts";

export function MainMenu() {
  const { t } = useTranslation("menu");
  const groups = menuFor(useOwnAccount());
  return (
    <Stack gap="xs">
      {groups.map(({ text, items }) => (
        <div key={text ?? items[0]?.to}>
          {text !== null && (
            <Text size="xs" fw={650} c="dimmed" tt="uppercase" px="sm" pt="sm" pb={4}>
              {t(`names.${text}`)}
            </Text>
          )}
          {items.map((item) => (
            <MenuLink key={item.to} item={item} />
          ))}
        </div>
      ))}
    </Stack>
  );
}

function MenuLink({ item: { text, to, icon: MenuIcon, isExact } }: { item: MenuItem }) {
  const { t } = useTranslation("menu");
  const { pathname } = useLocation();
  const isHere = pathname === to || (isExact !== true && pathname.startsWith(`${to}/`));
  return (
    <NavLink
      component={Link}
      to={to}
      label={t(`names.${text}`)}
      leftSection={<MenuIcon size={18} stroke={1.6} aria-hidden />}
      active={isHere}
      aria-current={isHere ? "page" : undefined}
      variant="light"
      py={6}
    />
  );
}
