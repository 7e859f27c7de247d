import { Button, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DEFAULT_LANGUAGE, isLanguage } from "../../../src/contract/languages.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { downloadReceipt, type ReceiptName } from "./receipt-api.ts";

/** Downloads a leaver's receipt; right after a removal it waits for the log to be signed, and says so. */
export function ReceiptButton({
  receipt,
  who,
  variant = "filled",
}: {
  receipt: ReceiptName;
  who: string;
  variant?: "filled" | "default";
}) {
  const { t, i18n } = useTranslation("sharing");
  const language = isLanguage(i18n.language) ? i18n.language : DEFAULT_LANGUAGE;
  const download = useMutation({ mutationFn: () => downloadReceipt(receipt, language) });
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant={variant}
        leftSection={<IconDownload size={18} aria-hidden />}
        aria-label={t("receiptOf", { who })}
        loading={download.isPending}
        onClick={() => download.mutate()}
      >
        {t("receiptDownload")}
      </Button>
      <Text size="sm" role="status" c="dimmed">
        {download.isPending && t("receiptWait")}
      </Text>
      {download.error !== null && (
        <ErrorAlert error={download.error} onRetry={() => download.mutate()} />
      )}
    </Stack>
  );
}
