import { Alert, Box, Button, Radio, Stack, Switch, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { policyPresets } from "../../../src/contract/identity/password-rules.ts";
import { Card } from "../../ui/card.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { CustomRules, Days } from "./custom-rules.tsx";
import {
  policyQuery,
  useChangePolicy,
  type PasswordPolicy,
  type PasswordPolicyChange,
} from "./policy-api.ts";
import { RestSwitch } from "./rest-switch.tsx";
import { toChange, toForm, withPreset, type RulesForm } from "./rules-form.ts";
import { SimulationDialog } from "./simulation-dialog.tsx";

type Edit = (change: Partial<RulesForm>) => void;

/** The rules. Before they hold, the person sees whom they touch and from when. */
export function RulesCard({ organisationId }: { organisationId: string }) {
  const { t } = useTranslation("passwordPolicy");
  const policy = useSuspenseQuery(policyQuery(organisationId)).data;
  const [form, setForm] = useState(() => toForm(policy));
  const [wanted, setWanted] = useState<PasswordPolicyChange | null>(null);
  const change = useChangePolicy();
  const edit: Edit = (part) => setForm((before) => ({ ...before, ...part }));
  const preview = (event: FormEvent): void => {
    event.preventDefault();
    setWanted(toChange(organisationId, form));
  };
  const save = (given: PasswordPolicyChange): void =>
    change.mutate(given, {
      onSuccess: (after) => {
        setWanted(null);
        setForm(toForm(after));
        notifications.show({ message: t("saved") });
      },
    });
  return (
    <Card title={t("rules")} intro={t("rulesIntro")}>
      <LastChange policy={policy} />
      <form onSubmit={preview}>
        <Stack gap="md" align="flex-start">
          <Presets form={form} onChange={setForm} />
          {form.preset === "custom" && <CustomRules form={form} onEdit={edit} />}
          <Rotation form={form} onEdit={edit} />
          <RestSwitch form={form} onEdit={edit} />
          <TextInput
            label={t("reason")}
            description={t("reasonHint")}
            maxLength={400}
            w="100%"
            maw="36rem"
            value={form.reason}
            onChange={(event) => edit({ reason: event.currentTarget.value })}
          />
          <Button type="submit">{t("preview")}</Button>
        </Stack>
      </form>
      <SimulationDialog
        wanted={wanted}
        isPending={change.isPending}
        error={change.error}
        onConfirm={save}
        onClose={() => {
          change.reset();
          setWanted(null);
        }}
      />
    </Card>
  );
}

function LastChange({ policy }: { policy: PasswordPolicy }) {
  const { t } = useTranslation("passwordPolicy");
  const { changedAt, changedBy, reason } = policy;
  if (changedAt === null) return null;
  return (
    <Stack gap={0}>
      <Text size="sm" c="dimmed">
        {t("changedBy", { name: changedBy?.displayName ?? "" })} <Timestamp at={changedAt} />
      </Text>
      {reason !== null && (
        <Text size="sm" c="dimmed">
          {t("reasonGiven", { reason })}
        </Text>
      )}
    </Stack>
  );
}

function Presets({ form, onChange }: { form: RulesForm; onChange: (form: RulesForm) => void }) {
  const { t } = useTranslation("passwordPolicy");
  return (
    <Radio.Group
      label={t("preset")}
      value={form.preset}
      onChange={(value) => {
        const preset = policyPresets.find((name) => name === value);
        if (preset !== undefined) onChange(withPreset(form, preset));
      }}
    >
      <Stack gap="sm" mt="xs">
        {policyPresets.map((preset) => (
          <Radio
            key={preset}
            value={preset}
            label={t(`presets.${preset}.name`)}
            description={t(`presets.${preset}.what`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

/** The one switch, and plain words on what the standard thinks of it. */
function Rotation({ form, onEdit }: { form: RulesForm; onEdit: Edit }) {
  const { t } = useTranslation("passwordPolicy");
  return (
    <Stack gap="xs" w="100%">
      <Switch
        label={t("rotate", { count: form.maxAgeDays })}
        description={t("rotateHint")}
        checked={form.rotates}
        onChange={(event) => onEdit({ rotates: event.currentTarget.checked })}
      />
      {form.preset === "custom" && form.rotates && (
        <Box maw="28rem">
          <Days name="maxAgeDays" form={form} onEdit={onEdit} />
        </Box>
      )}
      <Alert variant="light" color={form.rotates ? "orange" : "gray"} title={t("nistTitle")}>
        <Text size="sm">{t("nistSays")}</Text>
      </Alert>
    </Stack>
  );
}
