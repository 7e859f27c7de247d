import { Button, Code, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { parseCheckpoint } from "../../../src/contract/proofs/checkpoint.ts";
import { toBase64 } from "../../../src/contract/proofs/bytes.ts";
import type { EntryProof } from "../../../src/contract/record/proofs.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Facts } from "../../ui/facts.tsx";
import { saveText } from "../../ui/save-text.ts";
import { momentText, regionOf, Timestamp } from "../../ui/timestamp.tsx";
import type { CheckedProof } from "./check-proof.ts";
import { textOfCheckpoint } from "./kept-head.ts";
import "./entry-proof.css";

/** Hashes, keys and how to check it without us: for those who ask for them. */
export function ForAuditor({ checked }: { checked: CheckedProof }) {
  const { t, i18n } = useTranslation("entryProof");
  const { proof, key, proven, witnesses } = checked;
  const root = parseCheckpoint(textOfCheckpoint(proof.checkpoint))?.root;
  const hash = root === undefined ? "" : toBase64(root);
  const region = regionOf(i18n.language);
  const growth = useGrowth(checked.growth);
  return (
    <Folded>
      <Facts
        rows={[
          { name: t("log"), value: <Code>{proven.origin}</Code> },
          { name: t("leaves"), value: proven.size.toLocaleString(region) },
          { name: t("leaf"), value: proof.leaf.index.toLocaleString(region) },
          { name: t("root"), value: <Copied value={hash} label={t("copyRoot")} /> },
          { name: t("key"), value: <Copied value={key} label={t("copyKey")} /> },
          {
            name: t("witnesses"),
            value:
              witnesses.length === 0
                ? t("noWitnesses")
                : witnesses.map(({ name, at }) => (
                    <div key={name}>
                      {name}, <Timestamp at={at.toISOString()} />
                    </div>
                  )),
          },
          ...(growth === null ? [] : [{ name: t("growth"), value: growth }]),
        ]}
      />
      <CheckIt proof={proof} logKey={key} />
    </Folded>
  );
}

/** The proof that does not hold, and why, for whoever looks into it. */
export function BrokenForAuditor({ fault, proof }: { fault: string; proof: EntryProof }) {
  const { t } = useTranslation("entryProof");
  return (
    <Folded>
      <Facts rows={[{ name: t("why"), value: <span lang="en">{fault}</span> }]} />
      <CheckIt proof={proof} logKey="…" />
    </Folded>
  );
}

function Folded({ children }: { children: ReactNode }) {
  const { t } = useTranslation("entryProof");
  return (
    <details className="proof-details">
      <summary>{t("auditor")}</summary>
      <Stack gap="sm" pt="xs">
        {children}
      </Stack>
    </details>
  );
}

function Copied({ value, label }: { value: string; label: string }) {
  return (
    <Stack gap={4} align="flex-start">
      <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
      <CopyButton value={value} label={label} />
    </Stack>
  );
}

/** What does not go on from what was seen is said above, in the sentence. */
function useGrowth(growth: CheckedProof["growth"]): string | null {
  const { t, i18n } = useTranslation("entryProof");
  const region = regionOf(i18n.language);
  switch (growth.kind) {
    case "first":
      return t("seenFirst");
    case "former":
      return t("seenFormer");
    case "goes-on": {
      const formatted = growth.size.toLocaleString(region);
      return t("goesOn", { formatted, date: momentText(growth.seenAt, region) });
    }
    case "renamed":
    case "other-key":
    case "contradicts":
      return null;
  }
}

function CheckIt({ proof, logKey }: { proof: EntryProof; logKey: string }) {
  const { t } = useTranslation("entryProof");
  const file = `proof-${proof.entry}.json`;
  // Whose program it is, the operator says: customers read their provider's name alone.
  const command = `verify-entry ${file} --key "${logKey}"`;
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">{t("command")}</Text>
      <Copied value={command} label={t("copyCommand")} />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => saveText(file, `${JSON.stringify(proof, null, 2)}\n`)}
      >
        {t("download")}
      </Button>
    </Stack>
  );
}
