import { Checkbox, NumberInput, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ruleBounds } from "../../../src/contract/identity/password-rules.ts";
import type { RulesForm } from "./rules-form.ts";

type Props = { form: RulesForm; onEdit: (change: Partial<RulesForm>) => void };

/** Each rule by itself, within the bounds that protect guests. */
export function CustomRules({ form, onEdit }: Props) {
  const { t } = useTranslation("passwordPolicy");
  return (
    <Stack gap="sm" w="100%" maw="28rem">
      <Days name="minLength" form={form} onEdit={onEdit} />
      {(["needsCapital", "needsNumber", "needsSpecial"] as const).map((name) => (
        <Checkbox
          key={name}
          label={t(name)}
          checked={form[name]}
          onChange={(event) => onEdit({ [name]: event.currentTarget.checked })}
        />
      ))}
      <Checkbox
        label={t("remember")}
        checked={form.remembers}
        onChange={(event) => onEdit({ remembers: event.currentTarget.checked })}
      />
      {form.remembers && <Days name="reuseDays" form={form} onEdit={onEdit} />}
    </Stack>
  );
}

/** One number within its bounds. */
export function Days({
  name,
  form,
  onEdit,
}: Props & { name: "minLength" | "reuseDays" | "maxAgeDays" | "idleMinutes" }) {
  const { t } = useTranslation("passwordPolicy");
  const { min, max } = ruleBounds[name];
  return (
    <NumberInput
      label={t(`fields.${name}`)}
      description={t("between", { min, max })}
      min={min}
      max={max}
      clampBehavior="blur"
      allowDecimal={false}
      allowNegative={false}
      required
      value={form[name]}
      onChange={(value) => {
        if (typeof value === "number") onEdit({ [name]: value });
      }}
    />
  );
}
