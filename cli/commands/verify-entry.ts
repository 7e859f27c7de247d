import { Command } from "commander";
import type { VerifierKey } from "../../src/contract/proofs/note.ts";
import { verifyEntry, type ProvenEntry } from "../../src/contract/proofs/verify-entry.ts";
import { EntryProof } from "../../src/contract/record/proofs.ts";
import type { WitnessPolicy } from "../../src/contract/proofs/policy.ts";
import { proofCrypto, readKey } from "../proof-crypto.ts";
import { readProofFile } from "../read-proof-file.ts";
import { readWitnesses, requireWitnesses, WITNESSES } from "../witness-policy.ts";

type Options = { key: VerifierKey; witnesses?: WitnessPolicy; json?: boolean };

/** `sallyport verify-entry`: checks the proof of one entry, offline. */
export function verifyEntryCommand(): Command {
  return new Command("verify-entry")
    .description("Check the proof of one entry of a log, offline")
    .argument("<file>", "the proof, as GET /v1/audit/entries/<id>/proof answers it")
    .requiredOption("--key <key>", "the log's verifier key, as you were given it", readKey)
    .option(WITNESSES.flags, WITNESSES.description, readWitnesses)
    .option("--json", "one line of JSON instead of text")
    .addHelpText("after", "\nExit codes: 0 the entry is proven, 1 it is not, or can't be read.")
    .action(async (file: string, { key, witnesses, json }: Options) => {
      try {
        const proof = await readProofFile(EntryProof, { file, what: "proof of an entry" });
        const proven = await verifyEntry(proofCrypto, proof, key);
        if (witnesses !== undefined) await requireWitnesses(witnesses, proof.checkpoint);
        process.stdout.write(
          json === true ? `${JSON.stringify({ ok: true, ...proven })}\n` : textOf(proof, proven),
        );
      } catch (error) {
        process.exitCode = 1;
        const fault = (error as Error).message;
        if (json === true) process.stdout.write(`${JSON.stringify({ ok: false, fault })}\n`);
        else process.stderr.write(`${fault}\n`);
      }
    });
}

function textOf(
  { entry }: EntryProof,
  { origin, size, head, parts, closed, erased, isAltered }: ProvenEntry,
): string {
  const lines = [
    `${entry} stands in ${origin} (${size.toLocaleString("en")} leaves), written ${head.at}. It says:`,
    ...parts.map(({ text }) => `  ${text}`),
  ];
  if (closed > 0) lines.push(`${closed} of its parts are not shown in this proof.`);
  if (erased > 0)
    lines.push(
      `Of these, ${erased} were erased: the log holds what they were committed to and nothing else.`,
    );
  if (isAltered)
    lines.push(
      "Its batch had been altered before it came into the log: this is what was found then.",
    );
  return `${lines.join("\n")}\n`;
}
