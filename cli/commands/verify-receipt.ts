import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { Check } from "typebox/value";
import type { VerifierKey } from "../../src/contract/proofs/note.ts";
import { MAX_MERGE_DELAY_MS } from "../../src/contract/proofs/receipt.ts";
import { verifyReceipt, type ReceiptReport } from "../../src/contract/proofs/verify-receipt.ts";
import { EntryProof } from "../../src/contract/record/proofs.ts";
import type { WitnessPolicy } from "../../src/contract/proofs/policy.ts";
import { readWitnesses, WITNESSES } from "../witness-policy.ts";
import { proofCrypto, readKeys } from "../proof-crypto.ts";

type Options = {
  key: VerifierKey[];
  proof?: string;
  checkpoint?: string;
  witnesses?: WitnessPolicy;
  json?: boolean;
};

/** The promise is not due yet, and nothing was shown. */
const EXIT_NOT_DUE = 2;
const exitCodes = { kept: 0, broken: 1, owed: 1, "not-due": EXIT_NOT_DUE } as const;

/** `sallyport verify-receipt`: says whether the log kept a promise, offline. */
export function verifyReceiptCommand(now: () => Date): Command {
  return new Command("verify-receipt")
    .description("Say whether the log kept what it promised in a receipt, offline")
    .argument("<file>", "the receipt, as the header Audit-Receipt brought it")
    .requiredOption("--key <key>", "the log's verifier key; again for another", readKeys, [])
    .option(
      "--proof <file>",
      "what GET /v1/audit/entries/<id>/proof answers: the entry's proof, or that there is none",
    )
    .option(
      "--checkpoint <file>",
      "a checkpoint of the log: with a witness's time it shows lateness",
    )
    .option(
      WITNESSES.flags,
      "policy file (C2SP tlog-policy): whose time on a checkpoint is believed",
      readWitnesses,
    )
    .option("--json", "one line of JSON instead of text")
    .addHelpText(
      "after",
      "\nExit codes: 0 the promise was kept, 1 it was broken, is owed, or can't be read, 2 it is not due yet.",
    )
    .action(async (file: string, options: Options) => {
      try {
        const { proof, refusal } = await readAnswer(options.proof);
        const report = await verifyReceipt(proofCrypto, {
          receipt: await readFile(file, "utf8"),
          keys: options.key,
          proof,
          checkpoint:
            options.checkpoint === undefined
              ? undefined
              : await readFile(options.checkpoint, "utf8"),
          witnesses: options.witnesses,
          nowMs: now().getTime(),
        });
        process.exitCode = exitCodes[report.verdict];
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify({ ok: report.verdict === "kept", ...report, refusal })}\n`
            : textOf(report, refusal),
        );
      } catch (error) {
        process.exitCode = 1;
        const fault = (error as Error).message;
        if (options.json === true)
          process.stdout.write(`${JSON.stringify({ ok: false, fault })}\n`);
        else process.stderr.write(`${fault}\n`);
      }
    });
}

/** What the log answered: a proof, or the code of the problem with which it gave none. */
async function readAnswer(
  file: string | undefined,
): Promise<{ proof?: EntryProof; refusal: string | null }> {
  if (file === undefined) return { refusal: null };
  let answer: unknown;
  try {
    answer = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
  if (Check(EntryProof, answer)) return { proof: answer, refusal: null };
  const code: unknown = Reflect.get(Object(answer), "code");
  if (typeof code === "string") return { refusal: code };
  throw new Error(`${file} is neither a proof of an entry nor a problem.`);
}

const instant = (atMs: number): string => new Date(atMs).toISOString();

function textOf(report: ReceiptReport, refusal: string | null): string {
  const { origin, entry, promisedAtMs, verdict } = report;
  const lines = [
    `${origin} promised at ${instant(promisedAtMs)} that ${entry} would stand in it within ${MAX_MERGE_DELAY_MS / 1000} s.`,
    verdictLines[verdict](report),
  ];
  if (refusal !== null)
    lines.push(`Asked for a proof, the log answered ${refusal}. That answer is not signed.`);
  return `${[...lines, ...proofLines(report)].join("\n")}\n`;
}

const verdictLines: Record<ReceiptReport["verdict"], (report: ReceiptReport) => string> = {
  kept: () => "The promise was kept: the entry stands in the log.",
  broken: ({ why }) => `The promise was BROKEN. ${why ?? ""}`,
  owed: ({ dueAtMs }) =>
    `It was due at ${instant(dueAtMs)}, and no proof was shown: the log OWES it. Keep the receipt: it is signed.`,
  "not-due": ({ dueAtMs }) => `It is due at ${instant(dueAtMs)}: ask for a proof then.`,
};

function proofLines({ verdict, content, inLogByMs }: ReceiptReport): string[] {
  const lines: string[] = [];
  if (content === "same") lines.push("It says just what was promised.");
  if (content === "not-shown")
    lines.push("Not all of it is shown, so its text could not be compared with the promise.");
  if (inLogByMs !== null) lines.push(`A witness saw it in the log at ${instant(inLogByMs)}.`);
  else if (verdict === "kept")
    lines.push("When it came into the log is not shown: that takes a witness's time.");
  return lines;
}
