import { Alert, Button, Group, List, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { testAddress, type ListOwner, type TestResult } from "./rules-api.ts";

/** Asks the server whether a call from an address would get through, and what says so. */
export function AddressTest({ owner }: { owner: ListOwner }) {
  const { t } = useTranslation("whitelist");
  const [tested, setTested] = useState<{ address: string; result: TestResult } | null>(null);
  const form = useForm({ mode: "uncontrolled", initialValues: { address: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ address }) => {
    setTested(null);
    setTested({ address, result: await testAddress(owner, address) });
  });
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            flex={1}
            miw={200}
            label={t("testLabel")}
            description={t("testHint")}
            placeholder={t("testPlaceholder")}
            required
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            key={form.key("address")}
            {...form.getInputProps("address")}
          />
          <Button type="submit" variant="default" loading={isPending}>
            {t("test")}
          </Button>
        </Group>
      </form>
      {error !== null && <ErrorAlert error={error} />}
      <div role="status">{tested !== null && <Answer {...tested} />}</div>
    </Stack>
  );
}

function Answer({ address, result }: { address: string; result: TestResult }) {
  const { t } = useTranslation("whitelist");
  const { allowed, allowedIfEnforced, matched } = result;
  const verdict = allowed ? (allowedIfEnforced ? "yes" : "yesForNow") : "no";
  return (
    <Alert
      color={verdict === "yes" ? "green" : verdict === "no" ? "red" : "orange"}
      title={t(`verdicts.${verdict}`, { address })}
    >
      {matched.length === 0 ? (
        <Text>{t("noList")}</Text>
      ) : (
        <List>
          {matched.map(({ level, mode, cidr }) => (
            <List.Item key={level}>
              {t(cidr === null ? "levelMisses" : "levelMatches", {
                level: t(`levels.${level === "service-account" ? "serviceAccount" : level}`),
                mode: t(`states.${mode}`),
                cidr,
              })}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
