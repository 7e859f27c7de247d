import { Anchor, Center, Container, Group, Paper, Stack, Text } from "@mantine/core";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Outlet } from "react-router";
import { useBranding } from "./branding.ts";
import { InterruptionDialog } from "./interruption-dialog.tsx";
import { LegalLinks } from "./legal-links.tsx";
import { LanguageChoice } from "./language-choice.tsx";
import { Loading } from "./loading.tsx";
import { SupportLink } from "./support-link.tsx";
import { Logo } from "./logo.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";

/** Around the pages for people who are not signed in yet: one card, the operator's name, nothing else. */
export function StrangerFrame() {
  useKeptFocus("page");
  return (
    <Suspense fallback={<Loading />}>
      <Container size={520} py="xl" px="md">
        <Stack gap="lg">
          <Center component="header">
            <Logo />
          </Center>
          <Paper
            component="main"
            id="page"
            tabIndex={-1}
            withBorder
            p={{ base: "md", xs: "xl" }}
            shadow="sm"
          >
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </Paper>
          <Footer />
        </Stack>
        <InterruptionDialog />
      </Container>
    </Suspense>
  );
}

function Footer() {
  const { t } = useTranslation("common");
  const { hasSandboxMail } = useBranding();
  return (
    <Stack component="footer" gap="sm">
      <Group justify="center" gap="lg">
        <LanguageChoice />
        <SupportLink />
        {hasSandboxMail && (
          <Text size="sm">
            <Anchor href="/sandbox/mail" target="_blank">
              {t("sandboxMail")}
            </Anchor>
          </Text>
        )}
      </Group>
      <LegalLinks />
    </Stack>
  );
}
