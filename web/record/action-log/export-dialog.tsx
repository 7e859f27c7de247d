import { Alert, Button, Group, Loader, Modal, Radio, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { ExportFormat } from "../../../src/contract/record/entries.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { regionOf } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import {
  exportState,
  exportToFile,
  filePicker,
  forgetExport,
  stopExport,
  type ExportState,
} from "./export-log.ts";
import { exportPath, type ApiQuery } from "./log-api.ts";

/** As they are offered. */
const formats = ["csv", "ndjson", "ocsf", "bundle"] as const satisfies readonly ExportFormat[];

/** What fits the page's filter as a file: says what is in it, and how far it is. */
export function ExportDialog({ query, isNarrowed }: { query: ApiQuery; isNarrowed: boolean }) {
  const { t } = useTranslation(["actionLog", "common"]);
  const [open, setOpen] = useQueryValue("export");
  const [format, setFormat] = useState<ExportFormat>("csv");
  const state = useSyncExternalStore(exportState.subscribe, exportState.current);
  const path = exportPath({ ...query, format });
  const picker = filePicker();
  const tellEnd = useTellEnd();
  const onStarted = () => notifications.show({ message: t("exportStarted") });
  return (
    <>
      <Button
        variant="default"
        leftSection={
          state.kind === "running" ? (
            <Loader size={14} aria-hidden />
          ) : (
            <IconDownload size={16} aria-hidden />
          )
        }
        onClick={() => setOpen("open")}
      >
        {state.kind === "running" ? t("exporting") : t("export")}
      </Button>
      <Modal
        opened={open !== null}
        onClose={() => setOpen(null)}
        title={t("exportTitle")}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <Stack>
          <Text>{t("exportExplained")}</Text>
          {!isNarrowed && query["class"] === undefined && <Text>{t("exportWithout")}</Text>}
          <FormatChoice format={format} onChange={setFormat} />
          <Text size="sm" c="dimmed">
            {t("exportContains")}
          </Text>
          <ExportProgress />
          <Group justify="flex-end">
            {picker === null ? (
              <Button component="a" href={`/v1${path}`} download onClick={onStarted}>
                {t("download")}
              </Button>
            ) : (
              <Button
                disabled={state.kind === "running"}
                onClick={() => void exportToFile(path, { picker, format }).then(tellEnd)}
              >
                {t("download")}
              </Button>
            )}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

/** Said wherever the person is by then. */
function useTellEnd(): (ended: ExportState) => void {
  const { t, i18n } = useTranslation("actionLog");
  return (ended) => {
    if (ended.kind === "broken") notifications.show({ color: "red", message: t("exportBroken") });
    if (ended.kind !== "done") return;
    const formatted = ended.entries.toLocaleString(regionOf(i18n.language));
    notifications.show({ message: t("exportDone", { count: ended.entries, formatted }) });
  };
}

function ExportProgress() {
  const { t, i18n } = useTranslation(["actionLog", "common"]);
  const state = useSyncExternalStore(exportState.subscribe, exportState.current);
  if (state.kind === "none") return null;
  const count = state.kind === "broken" ? 0 : state.entries;
  const formatted = count.toLocaleString(regionOf(i18n.language));
  if (state.kind === "running")
    return (
      <Group justify="space-between" role="status">
        <Stack gap={2}>
          <Text>{t("exported", { count, formatted })}</Text>
          <Text size="sm" c="dimmed">
            {t("exportStays")}
          </Text>
        </Stack>
        <Button variant="default" size="xs" onClick={stopExport}>
          {t("exportStop")}
        </Button>
      </Group>
    );
  if (state.kind === "broken" && state.error !== null) return <ErrorAlert error={state.error} />;
  const isDone = state.kind === "done";
  return (
    <Alert
      color={isDone ? "green" : "red"}
      role="status"
      withCloseButton
      closeButtonLabel={t("common:close")}
      onClose={forgetExport}
    >
      {isDone ? t("exportDone", { count, formatted }) : t("exportBroken")}
    </Alert>
  );
}

function FormatChoice({
  format,
  onChange,
}: {
  format: ExportFormat;
  onChange: (format: ExportFormat) => void;
}) {
  const { t } = useTranslation("actionLog");
  return (
    <Radio.Group
      label={t("format")}
      value={format}
      onChange={(value) => onChange(formats.find((each) => each === value) ?? "csv")}
    >
      <Stack gap="xs" mt="xs">
        {formats.map((each) => (
          <Radio key={each} value={each} label={t(each)} description={t(`${each}Explained`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
