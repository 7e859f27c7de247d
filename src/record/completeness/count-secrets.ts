import { tagOf } from "../../contract/proofs/count-map.ts";
import { concat, u64, utf8 } from "../../contract/proofs/bytes.ts";
import { sha256 } from "../sequencer/log-tree.ts";

/*
 * Salts come from the seed of a life's counts (32 random bytes) as those of parts do from a batch's: one hash of
 * something of a fixed length, another length for each kind.
 */

/** Of a subject's tag: given to whoever may know the count, and the same in all of its proofs. */
export const subjectSalt = (seed: Uint8Array, subject: string): Uint8Array =>
  sha256(concat(seed, sha256(utf8(subject))));

/** Of a count, in the map in which it became what it is. @param map by the leaves that it covers */
export const countSalt = (seed: Uint8Array, tag: Uint8Array, map: number): Uint8Array =>
  sha256(concat(seed, tag, u64(map)));

export const subjectTag = (seed: Uint8Array, subject: string): Buffer =>
  Buffer.from(tagOf(sha256, subjectSalt(seed, subject), subject));
