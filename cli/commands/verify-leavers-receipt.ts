import { Command } from "commander";
import { LeaverReceipt } from "../../src/contract/access/receipt.ts";
import type { VerifierKey } from "../../src/contract/proofs/note.ts";
import {
  verifyLeaversReceipt,
  type ReceiptSaid,
  type VerifiedReceipt,
} from "../../src/contract/proofs/verify-leavers-receipt.ts";
import { proofCrypto, readKey } from "../proof-crypto.ts";
import { readProofFile } from "../read-proof-file.ts";

type Options = { key: VerifierKey; json?: boolean };

/** `sallyport verify-leavers-receipt`: checks a leaver's receipt, or the page that holds one, offline. */
export function verifyLeaversReceiptCommand(): Command {
  return new Command("verify-leavers-receipt")
    .description("Check the receipt of somebody who was removed from everything, offline")
    .argument("<file>", "the receipt, or the page that was downloaded")
    .requiredOption("--key <key>", "the log's verifier key, as you were given it", readKey)
    .option("--json", "one line of JSON instead of text")
    .addHelpText(
      "after",
      "\nExit codes: 0 every statement holds, 1 one does not, or can't be read.",
    )
    .action(async (file: string, { key, json }: Options) => {
      try {
        const receipt = await readProofFile(LeaverReceipt, { file, what: "leaver's receipt" });
        const verified = await verifyLeaversReceipt(proofCrypto, receipt, key);
        process.stdout.write(
          json === true
            ? `${JSON.stringify({ ok: verified.isValid, ...verified })}\n`
            : textOf(verified),
        );
        if (!verified.isValid) process.exitCode = 1;
      } catch (error) {
        process.exitCode = 1;
        const fault = (error as Error).message;
        if (json === true) process.stdout.write(`${JSON.stringify({ ok: false, fault })}\n`);
        else process.stderr.write(`${fault}\n`);
      }
    });
}

function textOf({ isValid, checks, said }: VerifiedReceipt): string {
  if (isValid && said !== null) return `${sayAll(said).join("\n")}\n`;
  const faults = checks.flatMap(({ statement, app, fault }) =>
    fault === null ? [] : [`  ${statement}${app === undefined ? "" : ` ${app}`}: ${fault}`],
  );
  return `This receipt does not hold:\n${faults.join("\n")}\n`;
}

function sayAll({ origin, removal, upTo, apps, isFollowed, lastAct }: ReceiptSaid): string[] {
  const { person, organisation, at } = removal;
  return [
    `${person.name ?? person.id} was removed from everything of ${organisation.name ?? organisation.id} at ${at}: ${removal.entry} in ${origin}.`,
    ...apps.map(
      ({ id, name, role, lastUse }) =>
        `  ${name ?? id} (${role ?? removal.membership ?? ""}): ${lastUse === null ? "never used" : `last used ${lastUse.at ?? `at leaf ${lastUse.leaf}`}`}`,
    ),
    isFollowed
      ? `Something that they did and that was not refused FOLLOWS: the last of it ${lastAct?.at ?? ""}.`
      : `Nothing that they did there and that was not refused follows, up to ${upTo ?? "the signed head"}.`,
  ];
}
