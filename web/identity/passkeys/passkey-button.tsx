import { Button, Stack } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { ErrorAlert } from "../../ui/error-alert.tsx";

type Props = {
  label: string;
  /** Asks the browser for a passkey, and the server what it says to it. */
  act: () => Promise<void>;
  variant?: "filled" | "default";
  /** Where it is what the page or dialog is for. */
  isFirst?: boolean;
};

/** Uses a passkey; the browser asks on a sheet of its own, and what it or the server refuses stands here. */
export function PasskeyButton({ label, act, variant = "filled", isFirst = false }: Props) {
  const use = useMutation({ mutationFn: act });
  return (
    <Stack>
      {use.error !== null && <ErrorAlert error={use.error} />}
      <Button
        variant={variant}
        leftSection={<IconFingerprint size={18} aria-hidden />}
        loading={use.isPending}
        onClick={() => use.mutate()}
        {...(isFirst && { autoFocus: true, "data-autofocus": true })}
      >
        {label}
      </Button>
    </Stack>
  );
}
