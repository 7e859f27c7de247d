import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** What a list says before there is anything in it: why, and what to do about it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Text fw={600}>{title}</Text>
      {children !== undefined && (
        <Text c="dimmed" maw="32rem">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
