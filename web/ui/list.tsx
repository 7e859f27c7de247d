import { Group, Paper, Stack } from "@mantine/core";
import type { ReactNode } from "react";

/** A list of like things: one border, a line between them, wraps on a phone. */
export function RowList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Paper withBorder>
      <Stack component="ul" gap={0} m={0} p={0} aria-label={label} className="row-list">
        {children}
      </Stack>
    </Paper>
  );
}

/** What it is on the left, what can be done with it on the right. */
export function Row({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <Group
      component="li"
      justify="space-between"
      gap="sm"
      px="md"
      py="sm"
      className="row-list-item"
    >
      <Stack gap={2} flex={1} miw={200}>
        {children}
      </Stack>
      {actions !== undefined && (
        <Group gap="xs" wrap="nowrap">
          {actions}
        </Group>
      )}
    </Group>
  );
}
