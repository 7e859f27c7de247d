import type { EntryProof } from "../record/proofs.ts";
import { areEqual, fromBase64, utf8 } from "./bytes.ts";
import { parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { commitTo, SALT_BYTES } from "./commitment.ts";
import { checkWitnesses } from "./cosignatures.ts";
import type { WitnessPolicy } from "./policy.ts";
import { goesOnAs, keyFor } from "./lives.ts";
import type { Sha256 } from "./merkle.ts";
import { parseNote, type VerifierKey } from "./note.ts";
import {
  CONTENT_KIND,
  entryText,
  MAX_MERGE_DELAY_MS,
  parseReceipt,
  type Receipt,
} from "./receipt.ts";
import { verifyEntry, type ProvenEntry } from "./verify-entry.ts";
import { LogFault, openCheckpoint, type ProofCrypto } from "./verify-log.ts";

export type ReceiptToVerify = {
  /** As the header brought it. */
  receipt: string;
  /** Of the log; one is enough as long as it signs under all of the log's names. */
  keys: readonly VerifierKey[];
  /** Of the entry; left out where the log gave none. */
  proof?: EntryProof | undefined;
  /** A signed head of the log, as old as possible where lateness is to be shown, else as it is now. */
  checkpoint?: string | undefined;
  /** Whose times on checkpoints are believed. */
  witnesses?: WitnessPolicy | undefined;
  nowMs: number;
};

export type ReceiptReport = {
  origin: string;
  entry: string;
  promisedAtMs: number;
  /** When the entry had to be in the log. */
  dueAtMs: number;
  /**
   * - `kept`: the entry is in the log as it was promised;
   * - `broken`: signed by the log itself, it is not: another entry stands there, or it came too late;
   * - `owed`: it is due, and no proof was shown. The receipt is what to hold against the log;
   * - `not-due`: no proof was shown, and none has to be yet.
   */
  verdict: "kept" | "broken" | "owed" | "not-due";
  /** What makes it broken, in words. */
  why: string | null;
  /** Whether the proof shows the very text that was promised; `not-shown`: some of it is closed or erased. */
  content: "same" | "not-shown" | null;
  /** By this time, as a witness saw, the entry was in the log; null: nobody who is believed says when. */
  inLogByMs: number | null;
  proven: ProvenEntry | null;
};

/**
 * Says whether a promise of the log was kept.
 *
 * @throws {LogFault} where receipt, proof or checkpoint are not what they claim to be: then nothing is shown.
 */
export async function verifyReceipt(
  crypto: ProofCrypto,
  given: ReceiptToVerify,
): Promise<ReceiptReport> {
  const receipt = await openReceipt(crypto, given);
  const { origin, entry, atMs } = receipt;
  const dueAtMs = atMs + MAX_MERGE_DELAY_MS;
  const report = { origin, entry, promisedAtMs: atMs, dueAtMs };
  const seen = await headsOf(crypto, given, receipt);
  if (given.proof === undefined) {
    const isDue = seen.some(({ seenAtMs }) => seenAtMs > dueAtMs) || given.nowMs > dueAtMs;
    const verdict = isDue ? "owed" : "not-due";
    return { ...report, verdict, why: null, content: null, inLogByMs: null, proven: null };
  }
  const proven = await proveEntry(crypto, given, receipt);
  const { content, why } = compare(crypto.sha256, { receipt, proof: given.proof, proven });
  const { index } = given.proof.leaf;
  const before = seen.filter(({ checkpoint }) => checkpoint.size > index);
  const late = seen.filter(
    ({ checkpoint, seenAtMs }) => checkpoint.size <= index && seenAtMs > dueAtMs,
  );
  const fault = why ?? (late.length > 0 ? tooLate(late, index) : null);
  return {
    ...report,
    verdict: fault === null ? "kept" : "broken",
    why: fault,
    content,
    inLogByMs: before.length === 0 ? null : Math.min(...before.map(({ seenAtMs }) => seenAtMs)),
    proven,
  };
}

async function openReceipt(
  { sha256, isSigned }: ProofCrypto,
  { receipt: text, keys }: ReceiptToVerify,
): Promise<Receipt> {
  const signed = parseReceipt(text);
  if (signed === null) throw new LogFault("The receipt can't be read.");
  const { receipt, message, keyId, signature } = signed;
  const key = keyNamed(sha256, keys, receipt.origin);
  if (!areEqual(keyId, key.keyId) || !(await isSigned(key.publicKey, message, signature)))
    throw new LogFault(`The receipt is not signed by ${key.name}.`);
  return receipt;
}

function keyNamed(sha256: Sha256, keys: readonly VerifierKey[], origin: string): VerifierKey {
  const key = keyFor(sha256, keys, origin);
  if (key === null) throw new LogFault(`No key of ${origin} was given.`);
  return key;
}

const NOBODY: WitnessPolicy = { witnesses: [], groups: [], quorum: null };

type Seen = { checkpoint: Checkpoint; seenAtMs: number };

/** The log's heads that witnesses saw, with when each of them did. */
async function headsOf(
  crypto: ProofCrypto,
  { proof, checkpoint, keys, witnesses = NOBODY }: ReceiptToVerify,
  receipt: Receipt,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const source of [proof?.checkpoint, checkpoint]) {
    if (source === undefined) continue;
    const origin = originOf(source);
    if (!goesOnAs(receipt.origin, origin))
      throw new LogFault(`The checkpoint is of ${origin}, and the receipt of ${receipt.origin}.`);
    const opened = await openCheckpoint(crypto, source, keyNamed(crypto.sha256, keys, origin));
    const { signed, forged } = await checkWitnesses(crypto, source, witnesses);
    if (forged.length > 0)
      throw new LogFault(`A signature on the checkpoint claims to be of ${forged[0]}, and is not.`);
    // Leaves of different lives are not counted together.
    if (proof === undefined || origin === originOf(proof.checkpoint))
      seen.push(...signed.map(({ at }) => ({ checkpoint: opened, seenAtMs: at.getTime() })));
  }
  return seen;
}

const originOf = (source: string): string =>
  parseCheckpoint(parseNote(source)?.text ?? "")?.origin ?? "";

async function proveEntry(
  crypto: ProofCrypto,
  { proof, keys }: ReceiptToVerify,
  { entry }: Receipt,
): Promise<ProvenEntry> {
  if (proof === undefined) throw new LogFault("There is no proof.");
  if (proof.entry !== entry)
    throw new LogFault(`The receipt is of ${entry}, and the proof of ${proof.entry}.`);
  return await verifyEntry(
    crypto,
    proof,
    keyNamed(crypto.sha256, keys, originOf(proof.checkpoint)),
  );
}

function compare(
  sha256: Sha256,
  { receipt, proof, proven }: { receipt: Receipt; proof: EntryProof; proven: ProvenEntry },
): { content: ReceiptReport["content"]; why: string | null } {
  if (!areEqual(sha256(utf8(proof.head.text)), receipt.headHash))
    return { content: null, why: "Its batch is not the one that was promised." };
  // What the promise was salted with: any other salt is somebody's who would like it to be broken.
  const salt = (proof.receiptSalts ?? [])
    .map(saltIn)
    .find((candidate) => areEqual(sha256(candidate), receipt.saltHash));
  if (proven.closed > 0 || salt === undefined)
    return proven.isAltered
      ? { content: "not-shown", why: "Its batch was altered before it came into the log." }
      : { content: "not-shown", why: null };
  const bytes = utf8(entryText(proven.parts));
  return areEqual(commitTo(sha256, { kind: CONTENT_KIND, salt, bytes }), receipt.content)
    ? { content: "same", why: null }
    : { content: null, why: "The entry in the log does not say what was promised." };
}

function saltIn(text: string): Uint8Array {
  const salt = fromBase64(text);
  if (salt?.length !== SALT_BYTES) throw new LogFault("The proof can't be read.");
  return salt;
}

function tooLate(late: readonly Seen[], index: number): string {
  const last = late.reduce((one, other) => (other.seenAtMs > one.seenAtMs ? other : one));
  const at = new Date(last.seenAtMs).toISOString();
  return `It came too late: its leaf is ${index}, and at ${at} the log had ${last.checkpoint.size}.`;
}
