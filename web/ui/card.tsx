import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  title?: string;
  intro?: ReactNode;
  action?: ReactNode;
  tone?: "danger";
  children?: ReactNode;
};

/** One thing on a page, with its name. */
export function Card({ title, intro, action, tone, children }: Props) {
  return (
    <Paper
      component="section"
      withBorder
      p={{ base: "md", sm: "lg" }}
      style={tone === "danger" ? { borderColor: "var(--mantine-color-red-6)" } : {}}
    >
      <Stack gap="md">
        {(title !== undefined || action !== undefined) && (
          <Group justify="space-between" align="flex-start" gap="sm">
            <Stack gap={2} flex={1} miw={200}>
              {title !== undefined && <Title order={2}>{title}</Title>}
              {intro !== undefined && <Text c="dimmed">{intro}</Text>}
            </Stack>
            {action}
          </Group>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
