import { Alert, Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconShieldCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EntryField } from "../../../src/contract/proofs/compare-entry.ts";
import type { LogEntry } from "../../../src/contract/record/entries.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { agoText, momentText, regionOf } from "../../ui/timestamp.tsx";
import { acceptLog, type CheckedProof, type ProofState } from "./check-proof.ts";
import { BrokenForAuditor, ForAuditor } from "./for-auditor.tsx";
import { proofQuery } from "./proof-query.ts";

/** Whether an entry is what was signed, in one sentence, as this browser found it. */
export function EntryProofCard({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation("entryProof");
  const { data, error, refetch } = useQuery(proofQuery(entry));
  return (
    <Stack component="section" gap="xs" aria-label={t("title")}>
      {data !== undefined && <Found state={data} entry={entry} />}
      {data === undefined && error !== null && (
        <ErrorAlert error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && <Waiting text={t("checking")} />}
    </Stack>
  );
}

function Waiting({ text }: { text: string }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Loader size="xs" aria-hidden />
      <Text size="sm">{text}</Text>
    </Group>
  );
}

function Found({ state, entry }: { state: ProofState; entry: LogEntry }) {
  const { t } = useTranslation("entryProof");
  switch (state.kind) {
    case "too-new":
      return <Waiting text={t("tooNew")} />;
    case "no-crypto":
      return <Verdict color="gray">{t("noCrypto")}</Verdict>;
    case "broken":
      return (
        <>
          <Verdict color="red">{t("broken")}</Verdict>
          <BrokenForAuditor {...state} />
        </>
      );
    case "proven":
      return (
        <>
          <Sentence checked={state.checked} entry={entry} />
          <ForAuditor checked={state.checked} />
        </>
      );
  }
}

function Verdict({
  color,
  children,
}: {
  color: "teal" | "yellow" | "red" | "gray";
  children: ReactNode;
}) {
  const Icon = color === "teal" ? IconShieldCheck : IconAlertTriangle;
  return (
    <Alert
      color={color}
      variant="light"
      icon={<Icon aria-hidden />}
      p="sm"
      role={color === "red" ? "alert" : "status"}
    >
      {children}
    </Alert>
  );
}

/** The worst first: what is wrong is never hidden behind what holds. */
function Sentence({ checked, entry }: { checked: CheckedProof; entry: LogEntry }) {
  const { t, i18n } = useTranslation("entryProof");
  const { comparison, growth, proven, witnesses } = checked;
  const listed = useFieldList();
  if (proven.isAltered) return <Verdict color="red">{t("altered")}</Verdict>;
  if (comparison.differs.length > 0)
    return <Verdict color="red">{t("differs", { fields: listed(comparison.differs) })}</Verdict>;
  if (growth.kind === "contradicts")
    return (
      <Verdict color="red">
        {t("contradicts", { date: momentText(growth.seenAt, regionOf(i18n.language)) })}
      </Verdict>
    );
  if (growth.kind === "other-key" || growth.kind === "renamed")
    return <Changed checked={checked} growth={growth} entry={entry} />;
  const [latest] = witnesses;
  return (
    <>
      <Verdict color="teal">
        {latest === undefined
          ? t("proven")
          : t("provenBy", {
              names: listOf(
                witnesses.map(({ name }) => name),
                i18n.language,
              ),
              ago: agoText(latest.at.toISOString(), i18n.language),
            })}
      </Verdict>
      {comparison.uncovered.length > 0 && (
        <Text size="sm" c="dimmed">
          {t("uncovered", { fields: listed(comparison.uncovered) })}
        </Text>
      )}
      {proven.erased > 0 && (
        <Text size="sm" c="dimmed">
          {t("erased")}
        </Text>
      )}
    </>
  );
}

function Changed({
  checked,
  growth,
  entry,
}: {
  checked: CheckedProof;
  growth: Extract<CheckedProof["growth"], { kind: "other-key" | "renamed" }>;
  entry: LogEntry;
}) {
  const { t, i18n } = useTranslation("entryProof");
  const queryClient = useQueryClient();
  const date = momentText(growth.seenAt, regionOf(i18n.language));
  const accept = () => {
    acceptLog(checked);
    void queryClient.invalidateQueries(proofQuery(entry));
  };
  return (
    <Verdict color="yellow">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {growth.kind === "renamed"
            ? t("renamed", { date, name: growth.name })
            : t("otherKey", { date })}
        </Text>
        <Text size="sm">{t("acceptExplained")}</Text>
        <Button variant="default" size="xs" onClick={accept}>
          {t("accept")}
        </Button>
      </Stack>
    </Verdict>
  );
}

function useFieldList(): (fields: readonly EntryField[]) => string {
  const { t, i18n } = useTranslation("entryProof");
  return (fields) =>
    listOf(
      fields.map((field) => t(`field_${field}`)),
      i18n.language,
    );
}

const listOf = (names: readonly string[], language: string): string =>
  new Intl.ListFormat(language, { type: "conjunction" }).format(names);
