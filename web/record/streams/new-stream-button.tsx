import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { NewStreamDialog } from "./new-stream-dialog.tsx";
import type { Keeper } from "./stream-api.ts";

/** Opens the dialog that makes a stream. */
export function NewStreamButton({ keeper }: { keeper: Keeper }) {
  const { t } = useTranslation("streams");
  const [dialog, setDialog] = useQueryValue("dialog");
  return (
    <>
      <Button onClick={() => setDialog("new")}>{t("new")}</Button>
      {dialog === "new" && <NewStreamDialog keeper={keeper} onClose={() => setDialog(null)} />}
    </>
  );
}
