import { compareEntry, type Comparison } from "../../../src/contract/proofs/compare-entry.ts";
import { cosignersOf, type Cosigned } from "../../../src/contract/proofs/cosignatures.ts";
import {
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from "../../../src/contract/proofs/note.ts";
import { parsePolicy } from "../../../src/contract/proofs/policy.ts";
import { verifyEntry, type ProvenEntry } from "../../../src/contract/proofs/verify-entry.ts";
import { LogFault, openCheckpoint } from "../../../src/contract/proofs/verify-log.ts";
import type { LogEntry } from "../../../src/contract/record/entries.ts";
import type { EntryProof } from "../../../src/contract/record/proofs.ts";
import { ApiProblem, request } from "../../api/client.ts";
import { browserCrypto, canCheckSignatures } from "../../proofs/browser-crypto.ts";
import { growthOf, keepHead, readKeptHead, textOfCheckpoint, type Growth } from "./kept-head.ts";
import { readLogFile, textOf } from "./log-files.ts";

export type CheckedProof = {
  proof: EntryProof;
  /** The log's verifier key, as text. */
  key: string;
  proven: ProvenEntry;
  comparison: Comparison;
  growth: Growth;
  /** Who else signed the head, the latest first. */
  witnesses: Cosigned[];
  /** When this browser checked it, ISO 8601. */
  checkedAt: string;
};

export type ProofState =
  | { kind: "proven"; checked: CheckedProof }
  /** It is on record; the log has not been signed since. */
  | { kind: "too-new"; retryAfterSeconds: number }
  /** This browser does not know signatures of this kind. */
  | { kind: "no-crypto" }
  /** It does not hold. @see fault for an auditor, in English */
  | { kind: "broken"; fault: string; proof: EntryProof };

/**
 * Gets the proof of an entry and checks it here: that it is signed, that it says what the page says, and that the
 * log goes on from what this browser saw of it before.
 *
 * @throws {ApiProblem}, {Unreachable} when the proof or the log can't be read.
 */
export async function checkProof(entry: LogEntry, signal?: AbortSignal): Promise<ProofState> {
  if (!(await canCheckSignatures())) return { kind: "no-crypto" };
  // Before the proof is asked for: another page that looks meanwhile keeps a later head.
  const kept = readKeptHead();
  const proof = await readProof(entry.id, signal);
  if ("retryAfterSeconds" in proof) return { kind: "too-new", ...proof };
  try {
    return { kind: "proven", checked: await check(entry, proof, { kept, signal }) };
  } catch (error) {
    if (error instanceof LogFault) return { kind: "broken", fault: error.message, proof };
    throw error;
  }
}

async function readProof(
  id: string,
  signal: AbortSignal | undefined,
): Promise<EntryProof | { retryAfterSeconds: number }> {
  try {
    const path = `/audit/entries/${encodeURIComponent(id)}/proof`;
    return await request<EntryProof>("GET", path, { signal });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== "not-proven-yet") throw error;
    return { retryAfterSeconds: error.retryAfterSeconds ?? 2 };
  }
}

async function check(
  entry: LogEntry,
  proof: EntryProof,
  { kept, signal }: { kept: ReturnType<typeof readKeptHead>; signal: AbortSignal | undefined },
): Promise<CheckedProof> {
  const life = lifeOf(proof);
  const read = (path: string) => readLogFile(life, path, signal);
  const [keyText, policyText] = await Promise.all([read("key"), read("witnesses")]);
  const key = textOf(keyText).trim();
  const verifierKey = openKey(key);
  const proven = await verifyEntry(browserCrypto, proof, verifierKey);
  const checkpoint = await openCheckpoint(browserCrypto, proof.checkpoint, verifierKey);
  const growth = await growthOf(browserCrypto.sha256, kept, { key, checkpoint }, read);
  const checkedAt = new Date().toISOString();
  if (growth.kind === "first" || growth.kind === "goes-on")
    keepHead({ key, text: textOfCheckpoint(proof.checkpoint), seenAt: checkedAt });
  return {
    proof,
    key,
    proven,
    comparison: compareEntry(entry, proof.entry, proven),
    growth,
    witnesses: await witnessesOf(proof, textOf(policyText)),
    checkedAt,
  };
}

/** Which life of the log signed it: the number at the end of its name. @throws {LogFault} */
function lifeOf({ checkpoint }: EntryProof): string {
  const life = /\/([1-9]\d{0,8})\n/.exec(checkpoint)?.[1];
  if (life === undefined) throw new LogFault("The checkpoint can't be read.");
  return life;
}

function openKey(text: string): VerifierKey {
  const key = parseVerifierKey(browserCrypto.sha256, text);
  if (key === null) throw new LogFault("The log's key can't be read.");
  return key;
}

/** @throws {LogFault} for a signature that claims to be a witness's and is not. */
async function witnessesOf({ checkpoint }: EntryProof, policyText: string): Promise<Cosigned[]> {
  const note = parseNote(checkpoint);
  if (note === null) return [];
  const policy = parsePolicy(browserCrypto.sha256, policyText);
  const { signed, forged } = await cosignersOf(browserCrypto, note, policy);
  if (forged.length > 0)
    throw new LogFault(`The signature of witness ${forged.join(", ")} is forged.`);
  return signed.toSorted((one, other) => other.at.getTime() - one.at.getTime());
}

/** From now on this browser takes the log as it is: somebody has asked why it changed. */
export function acceptLog({ key, proof, checkedAt }: CheckedProof): void {
  keepHead({ key, text: textOfCheckpoint(proof.checkpoint), seenAt: checkedAt });
}
