import { readFile } from "node:fs/promises";
import { LogFault } from "../../src/contract/proofs/verify-log.ts";
import type { VerifierKey } from "../../src/contract/proofs/note.ts";
import {
  BundleFault,
  verifyBundle,
  type BundleReport,
} from "../../src/contract/proofs/verify-bundle.ts";
import { count, progressBar } from "../progress-bar.ts";
import { proofCrypto } from "../proof-crypto.ts";
import type { WitnessPolicy } from "../../src/contract/proofs/policy.ts";
import { witnessLines } from "../witness-policy.ts";
import { readLines } from "../read-lines.ts";

export type BundleOptions = {
  keys: readonly VerifierKey[];
  witnesses: WitnessPolicy | undefined;
  /** File with a checkpoint that was kept. */
  since?: string | undefined;
  json?: boolean | undefined;
};

/** No key was given: all fits together, and anybody may have made it. */
const EXIT_NOT_TRUSTED = 2;

/** `sallyport verify <file>`: checks an export with its proofs, offline. */
export async function verifyBundleFile(path: string, options: BundleOptions): Promise<void> {
  const bar = progressBar((read, all) => `${count(mb(read))} of ${count(mb(all))} MB`);
  try {
    const since = options.since === undefined ? undefined : await readFile(options.since, "utf8");
    const { keys, witnesses } = options;
    const lines = readLines(path, bar.show);
    const report = await verifyBundle(proofCrypto, { lines, keys, witnesses, since });
    bar.clear();
    process.exitCode = exitCodeOf(report);
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ ok: process.exitCode === 0, ...plain(report) })}\n`
        : textOf(report, options),
    );
  } catch (error) {
    bar.clear();
    process.exitCode = 1;
    tellFault(error as Error, options);
  }
}

const mb = (bytes: number): number => Math.round(bytes / 1e6);

function exitCodeOf({ altered, logs }: BundleReport): number {
  if (altered.entries > 0) return 1;
  return logs.every(({ isTrusted }) => isTrusted) ? 0 : EXIT_NOT_TRUSTED;
}

/** For programs: the logs by name and size. */
const plain = ({ logs, ...report }: BundleReport) => ({
  ...report,
  logs: logs.map(({ checkpoint: { origin, size }, ...log }) => ({ origin, size, ...log })),
});

function textOf(report: BundleReport, { since }: BundleOptions): string {
  const { batches, entries, parts, oldest, newest, altered, unproven, gaps, logs } = report;
  const lines = [
    `${count(entries)} entries in ${count(batches)} batches${oldest === null ? "" : `, written from ${oldest} to ${newest}`}. Each stands in the log and says what was committed to.`,
    ...logs.flatMap((log) => logLines(log, since)),
    `${count(parts.shown)} parts were checked; ${count(parts.closed - parts.erased)} are not shown in this bundle, ${count(parts.erased)} were erased.`,
  ];
  if (altered.entries > 0)
    lines.push(
      `${count(altered.entries)} entries stand in batches that had been altered before they came into the log, the first is ${altered.first}.`,
    );
  if (unproven > 0)
    lines.push(
      `${count(unproven)} entries were too new for the log's head: export them again for their proof.`,
    );
  if (gaps.newest !== null)
    lines.push(
      `${count(gaps.batches)} batches were missing when the log went past them, their process being gone; the newest is ${gaps.newest.writer}-${gaps.newest.number}.`,
    );
  return `${lines.join("\n")}\n`;
}

function logLines(
  { checkpoint: { origin, size }, isTrusted, witnessed, goesOnFrom }: BundleReport["logs"][number],
  since: string | undefined,
): string[] {
  const lines = [`${origin}: the head of ${count(size)} leaves is signed.`];
  if (!isTrusted)
    lines.push(
      "NOT PROVEN: the key is the one that the bundle names itself, and anybody can make one. Give the log's key with --key.",
    );
  if (witnessed !== null) lines.push(...witnessLines(witnessed));
  if (goesOnFrom !== null)
    lines.push(
      `It goes on from the ${count(goesOnFrom)} leaves of ${since}: none of them was changed or taken out.`,
    );
  return lines;
}

function tellFault(error: Error, { json }: BundleOptions): void {
  const { entry, line } =
    error instanceof BundleFault
      ? error
      : { entry: null, line: error instanceof LogFault ? 1 : null };
  if (json === true)
    process.stdout.write(`${JSON.stringify({ ok: false, fault: error.message, entry, line })}\n`);
  else
    process.stderr.write(
      `${error.message}\n${entry === null || error.message.includes(entry) ? "" : `The first entry that it is about: ${entry}\n`}`,
    );
}
