import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { actions, type Action } from "../../../src/contract/actions.ts";
import { sentenceKeyOf } from "./sentence-key.ts";

const all = Object.keys(actions) as Action[];

/** What was done: one act, found by typing some of its sentence. */
export function ActionSelect({
  value,
  onChange,
}: {
  value: string;
  onChange: (action: string | null) => void;
}) {
  const { t } = useTranslation(["actionLog", "actions"]);
  const bare = { named: "", inApp: "", toApp: "", theApp: t("anApp"), anAccount: t("anAccount") };
  const options = all
    .map((action) => {
      const text = t(`actions:${sentenceKeyOf(action)}.act`, bare)
        .replaceAll(/\s+/g, " ")
        .trim();
      return { value: action, label: text.charAt(0).toUpperCase() + text.slice(1) };
    })
    .toSorted((one, other) => one.label.localeCompare(other.label));
  const known = options.some((option) => option.value === value) || value === "";
  return (
    <Select
      label={t("action")}
      placeholder={t("anyAction")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("anyAction") }}
      value={value === "" ? null : value}
      onChange={onChange}
      data={known ? options : [{ value, label: value }, ...options]}
    />
  );
}
