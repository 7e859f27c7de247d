import { toBase64 } from "../../contract/proofs/bytes.ts";
import {
  formatNote,
  parseNote,
  type Note,
  type NoteSignature,
} from "../../contract/proofs/note.ts";
import type { TileTree } from "../../contract/proofs/tile-tree.ts";

/** A witness answers sooner, or is asked again later, ms. */
const PATIENCE_MS = 5_000;
/** More than a few signatures is no answer, bytes. */
const MAX_REPLY_BYTES = 16_384;
/** C2SP tlog-witness: a consistency proof has no more hashes. */
const MAX_PROOF = 63;

export type Submission = {
  /** Where the witness takes checkpoints. */
  url: string;
  /** What the log's key signed. */
  checkpoint: string;
  size: number;
  /** The tree of that size. */
  tree: TileTree;
  /** What the witness signed last, as far as is known. */
  old: number;
};

/** Its signatures; the size that it says it has signed; or why there is nothing. */
export type WitnessReply =
  | { signatures: readonly NoteSignature[] }
  | { conflict: number }
  | { fault: string };

/**
 * Asks a witness to sign a checkpoint (C2SP tlog-witness v1.0.0, add-checkpoint). What it answers is not
 * checked here.
 */
export async function submitCheckpoint(submission: Submission): Promise<WitnessReply> {
  const { url, checkpoint, old, tree } = submission;
  const proof = await tree.consistency(old);
  if (proof.length > MAX_PROOF) return { fault: "the proof is too long for a witness" };
  const body = [`old ${old}`, ...proof.map(toBase64), "", checkpoint].join("\n");
  try {
    const reply = await fetch(`${url}/add-checkpoint`, {
      method: "POST",
      body,
      headers: { "content-type": "text/plain; charset=utf-8", "user-agent": "Sallyport" },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return readReply(reply.status, await limited(reply));
  } catch (error) {
    return { fault: `no answer: ${reasonOf(error)}` };
  }
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
};

async function limited(reply: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of reply.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_REPLY_BYTES) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function readReply(status: number, text: string): WitnessReply {
  if (status === 409 && /^(?:0|[1-9]\d{0,15})\n?$/.test(text)) return { conflict: Number(text) };
  if (status !== 200) return { fault: `it answers ${status}` };
  // Signature lines are those of a note without its text.
  const note = parseNote(`-\n\n${text}`);
  return note === null
    ? { fault: "its answer holds no signature" }
    : { signatures: note.signatures };
}

/** A note with more signatures. */
export const withSignatures = (note: Note, signatures: readonly NoteSignature[]): string =>
  formatNote({ text: note.text, signatures: [...note.signatures, ...signatures] });
