import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Command } from "commander";
import { Check } from "typebox/value";
import type { VerifierKey } from "../../src/contract/proofs/note.ts";
import {
  compareExport,
  verifyCompleteness,
  type AppCheck,
  type ExportedEntry,
  type ProvenCounts,
} from "../../src/contract/proofs/verify-completeness.ts";
import { CompletenessProof } from "../../src/contract/record/counts.ts";
import { LogEntry } from "../../src/contract/record/entries.ts";
import { proofCrypto, readKey } from "../proof-crypto.ts";
import { readProofFile } from "../read-proof-file.ts";

type Options = { key: VerifierKey; json?: boolean };

/** `sallyport verify-completeness`: whether an export holds every entry that the log counted, offline. */
export function verifyCompletenessCommand(): Command {
  return new Command("verify-completeness")
    .description("Check how many entries a log has of an organisation, and that none is missing")
    .argument("<file>", "the proof, as GET /v1/audit/completeness answers it")
    .argument("[export]", "the entries: an export as NDJSON, of the same time or more")
    .requiredOption("--key <key>", "the log's verifier key, as you were given it", readKey)
    .option("--json", "one line of JSON instead of text")
    .addHelpText("after", "\nExit codes: 0 nothing is missing, 1 something is, or can't be read.")
    .action(async (file: string, exported: string | undefined, { key, json }: Options) => {
      try {
        const proof = await readProofFile(CompletenessProof, {
          file,
          what: "proof of completeness",
        });
        const counts = await verifyCompleteness(proofCrypto, proof, key);
        const apps =
          exported === undefined ? null : await compareExport(proof, counts, entriesIn(exported));
        const isComplete = apps === null || apps.every(({ counted, found }) => counted === found);
        process.stdout.write(
          json === true
            ? `${JSON.stringify({ ok: isComplete, ...counts, apps })}\n`
            : textOf(counts, apps),
        );
        if (!isComplete) process.exitCode = 1;
      } catch (error) {
        process.exitCode = 1;
        const fault = (error as Error).message;
        if (json === true) process.stdout.write(`${JSON.stringify({ ok: false, fault })}\n`);
        else process.stderr.write(`${fault}\n`);
      }
    });
}

/** @throws {Error} naming the line that is no entry: an export that broke off says so in its last one. */
async function* entriesIn(file: string): AsyncGenerator<ExportedEntry> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    number += 1;
    if (line === "") continue;
    const entry = parse(line);
    if (entry === null) throw new Error(`${file} is no whole export: line ${number} is no entry.`);
    yield {
      id: entry.id,
      apps: [
        ...(entry.app === null ? [] : [entry.app.id]),
        ...entry.targets.filter(({ type }) => type === "app").map(({ id }) => id),
      ],
    };
  }
}

function parse(line: string): LogEntry | null {
  try {
    const entry: unknown = JSON.parse(line);
    return Check(LogEntry, entry) ? entry : null;
  } catch {
    return null;
  }
}

const number = (value: number): string => value.toLocaleString("en");

function textOf({ origin, from, to, subjects }: ProvenCounts, apps: AppCheck[] | null): string {
  const total = subjects.find(({ subject }) => "organisation" in subject);
  const lines = [
    `${origin}, leaves ${number(from)} to ${number(to)}: ${number(total?.entries ?? 0)} entries of the organisation.`,
  ];
  if (apps === null)
    for (const { subject, name, entries } of subjects)
      if ("app" in subject) lines.push(`  ${name ?? subject.app}: ${number(entries)}`);
  for (const { app, name, counted, found } of apps ?? [])
    lines.push(`  ${name ?? app}: ${number(counted)} counted, ${sayFound(counted - found)}`);
  return `${lines.join("\n")}\n`;
}

function sayFound(missing: number): string {
  if (missing === 0) return "all of them in the export";
  if (missing > 0) return `${number(missing)} MISSING in the export`;
  return `${number(-missing)} more in the export than there may be`;
}
