import { AppShell, Box, Burger, Group, ScrollArea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation } from "react-router";
import { AccountMenu } from "./account-menu.tsx";
import { ArrivalNotice } from "./arrival-notice.tsx";
import { InterruptionDialog } from "./interruption-dialog.tsx";
import { LegalLinks } from "./legal-links.tsx";
import { Loading } from "./loading.tsx";
import { Logo } from "./logo.tsx";
import { MainMenu } from "./main-menu.tsx";
import { PageSearch } from "./page-search.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";

/** A part that comes after the page: nobody waits for it, and where it can't be fetched the page goes on without it. */
const later = (load: () => Promise<() => ReactNode>) =>
  lazy<() => ReactNode>(async () => {
    try {
      return { default: await load() };
    } catch {
      return { default: () => null };
    }
  });

/** The menu leads to the inbox too. */
const Bell = later(async () => (await import("../notice/inbox/bell.tsx")).Bell);
/** What ends is told when it has ended, too. */
const SessionEndNotice = later(
  async () => (await import("./session-end-notice.tsx")).SessionEndNotice,
);

/** Around every page of somebody who is signed in: menu, search, account. */
export function AppFrame() {
  const { t } = useTranslation("common");
  const [isMenuOpen, { close, toggle }] = useDisclosure();
  const { pathname } = useLocation();
  useKeptFocus("page");
  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another page closes the phone's menu
  useEffect(() => close(), [pathname, close]);
  return (
    <Suspense fallback={<Loading />}>
      <a className="skip-link" href="#page">
        {t("skipToPage")}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 260, breakpoint: "sm", collapsed: { mobile: !isMenuOpen } }}
        padding={{ base: "md", sm: "xl" }}
      >
        <AppShell.Header className="no-print">
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={isMenuOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isMenuOpen ? t("closeMenu") : t("openMenu")}
              />
              <Logo />
            </Group>
            <Group gap="xs" wrap="nowrap">
              <PageSearch />
              <Suspense fallback={<Box w={34} />}>
                <Bell />
              </Suspense>
              <AccountMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className="no-print" aria-label={t("menu")}>
          <AppShell.Section grow component={ScrollArea} p="xs">
            <MainMenu />
          </AppShell.Section>
          <AppShell.Section p="md" pt="xs">
            <LegalLinks justify="flex-start" />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="page" tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <ArrivalNotice />
            <Suspense fallback={null}>
              <SessionEndNotice />
            </Suspense>
            <Outlet />
          </Suspense>
        </AppShell.Main>
      </AppShell>
      <InterruptionDialog />
    </Suspense>
  );
}
