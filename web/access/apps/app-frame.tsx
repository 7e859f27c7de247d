import { Anchor, Badge, Box, Breadcrumbs, Container, Group, Stack, Text } from "@mantine/core";
import { type ComponentProps, type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { paths } from "../../paths.ts";
import { LinkTabs } from "../../ui/link-tabs.tsx";
import { Page } from "../../ui/page.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import { useApp } from "./app-api.ts";
import { tabsFor } from "./tabs-for.ts";

type Props = Omit<ComponentProps<typeof Page>, "size"> & {
  /** Between the app and this page: the service account of a key. */
  above?: readonly { label: string; to: string }[];
  children: ReactNode;
};

/**
 * A page of one app (the `:appId` of the address): where one is, the app's tabs that one may open, and
 * the page. `useApp()` in app-api.ts gives the app inside and around it.
 */
export function AppPage({ above = [], ...page }: Props) {
  const { t } = useTranslation("apps");
  const app = useApp();
  const roleName = useRoleName();
  const { pathname } = useLocation();
  useEffect(() => {
    if (page.title !== app.name) document.title = `${page.title} · ${app.name}`;
  }, [page.title, app.name]);
  const tabs = tabsFor(app).map(({ text, to, below }) => ({
    to,
    label: t(`tabs.${text}`),
    isHere: pathname === to || below.some((start) => pathname.startsWith(start)),
  }));
  return (
    <>
      <Container size="lg" px={0} mx={0} mb="lg">
        <Stack gap="sm">
          <Group justify="space-between" gap="xs">
            <Box component="nav" aria-label={t("whereYouAre")} miw={0}>
              <Breadcrumbs separatorMargin={6} style={{ flexWrap: "wrap" }}>
                <Crumb to={paths.apps()} label={t("title")} />
                <Crumb to={paths.app(app.id)} label={app.name} />
                {above.map((step) => (
                  <Crumb key={step.to} {...step} />
                ))}
              </Breadcrumbs>
            </Box>
            <Group gap="xs">
              <Text size="sm" c="dimmed">
                {app.organisation.name}
              </Text>
              <Badge>{roleName(app.role)}</Badge>
            </Group>
          </Group>
          <LinkTabs label={t("tabsOf", { name: app.name })} tabs={tabs} />
        </Stack>
      </Container>
      <Page {...page} />
    </>
  );
}

function Crumb({ to, label }: { to: string; label: string }) {
  return (
    <Anchor component={Link} to={to} size="sm">
      {label}
    </Anchor>
  );
}
