import { Box, Container, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { usePageTitle } from "./page-title.ts";
import { HelpLink } from "./help-link.tsx";

type Props = {
  title: string;
  /** One sentence: what this page is for. */
  intro?: ReactNode;
  /** The page's main act, at its head. */
  action?: ReactNode;
  /** The guide that explains this page: its name in help/. */
  guide?: string;
  size?: "sm" | "md" | "lg" | "xl";
  children: ReactNode;
};

/** A page of the panel: one heading, one column, its guide behind the question mark. */
export function Page({ title, intro, action, guide, size = "lg", children }: Props) {
  usePageTitle(title);
  return (
    <Container size={size} px={0} mx={0}>
      <Stack gap="lg">
        <Group justify="space-between" align="flex-start" gap="md">
          <Stack gap={4} flex={1} miw={240}>
            {/* In one line, so that the question mark follows the last word also where the title wraps. */}
            <Box>
              <Title order={1} display="inline" mr="xs">
                {title}
              </Title>
              {guide !== undefined && <HelpLink guide={guide} />}
            </Box>
            {intro !== undefined && (
              <Text c="dimmed" maw="44rem">
                {intro}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Container>
  );
}
