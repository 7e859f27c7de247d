import { Button, CopyButton as MantineCopy } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** Copies a text; says so for two seconds. */
export function CopyButton({ value, label }: { value: string; label?: string }) {
  const { t } = useTranslation("common");
  return (
    <MantineCopy value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          onClick={copy}
          leftSection={
            copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
          }
        >
          {copied ? t("copied") : (label ?? t("copy"))}
        </Button>
      )}
    </MantineCopy>
  );
}
