import { readFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { checkWitnesses, type WitnessReport } from "../src/contract/proofs/cosignatures.ts";
import { parsePolicy, type WitnessPolicy } from "../src/contract/proofs/policy.ts";
import { proofCrypto } from "./proof-crypto.ts";

export const WITNESSES = {
  flags: "--witnesses <file>",
  description: "policy file (C2SP tlog-policy): its witnesses must have signed the checkpoint too",
} as const;

/** The policy in a file that was given as an option. @throws {InvalidArgumentError} */
export function readWitnesses(path: string): WitnessPolicy {
  try {
    return parsePolicy(proofCrypto.sha256, readFileSync(path, "utf8"));
  } catch (error) {
    throw new InvalidArgumentError(`${path}: ${(error as Error).message}`);
  }
}

/** @throws {Error} when too few witnesses have signed, or a signature is none of theirs. */
export async function requireWitnesses(
  policy: WitnessPolicy,
  checkpoint: string,
): Promise<WitnessReport> {
  const report = await checkWitnesses(proofCrypto, checkpoint, policy);
  const { signed, forged, isMet } = report;
  if (isMet) return report;
  if (forged.length > 0)
    throw new Error(`The signature of witness ${forged.join(", ")} is forged.`);
  const names = signed.map(({ name }) => name).join(", ");
  throw new Error(
    `Too few witnesses have signed the checkpoint: ${names === "" ? "none" : `only ${names}`}.`,
  );
}

/** A line for each witness. */
export const witnessLines = ({ signed }: WitnessReport): string[] =>
  signed.map(({ name, at }) => `Witness ${name} signed it at ${at.toISOString()}.`);
