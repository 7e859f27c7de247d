import { utf8 } from "../../contract/proofs/bytes.ts";
import { commitTo } from "../../contract/proofs/commitment.ts";
import { formatVerifierKey } from "../../contract/proofs/note.ts";
import {
  CONTENT_KIND,
  encodeReceipt,
  entryText,
  formatReceipt,
} from "../../contract/proofs/receipt.ts";
import type { Services } from "../../context.ts";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { parseEntryId, verifyBatch, type BatchRow } from "../entries/batch.ts";
import { readBatches } from "../search/batch-queries.ts";
import { headOf, partsIn } from "../sequencer/commit-batch.ts";
import type { LogSigner } from "../sequencer/log-key.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { readEpoch } from "../sequencer/sequence-queries.ts";

/** Signs that an entry will stand in the log; null where that can't be promised. Never throws. */
export type Promiser = (entryId: string) => Promise<string | null>;

/**
 * Promises by the log's own key. Only asked for by whoever wants a receipt, so it looks at the row that was committed
 * instead of making every request carry what it would take.
 */
export function entryPromiser(
  { db, keyRing, clock, log }: Pick<Services, "db" | "keyRing" | "clock" | "log">,
  signer: LogSigner,
): Promiser {
  return async (entryId) => {
    try {
      const place = parseEntryId(entryId);
      const epoch = await readEpoch(db);
      // Before the sequencer's first round, or between two lives of the log, nobody can say under which name.
      if (place === null || epoch?.verifierKey !== verifierKeyOf(signer, epoch?.origin))
        return null;
      const [batch] = await readBatches(db, [place]);
      if (batch === undefined || !verifyBatch(keyRing, batch))
        throw new Error("the entry is not as it was written a moment ago");
      const { origin } = epoch;
      const salt = keyRing.mac("fingerprint", saltInput(entryId)).mac;
      const message = encodeReceipt({
        origin,
        entry: entryId,
        headHash: sha256(utf8(headOf(batch))),
        saltHash: sha256(salt),
        content: contentOf(salt, textAt(batch, place.position)),
        atMs: clock.now().getTime(),
      });
      const { keyId } = signer.verifierKey(origin);
      return formatReceipt({ message, keyId, signature: signer.signMessage(message) });
    } catch (error) {
      log.error({ err: error, entryId }, "an entry on record could not be promised to its asker");
      return null;
    }
  };
}

const verifierKeyOf = (signer: LogSigner, origin = ""): string =>
  formatVerifierKey(signer.verifierKey(origin));

const textAt = ({ payload }: BatchRow, position: number): string =>
  entryText(partsIn(payload)[position] ?? []);

const contentOf = (salt: Uint8Array, text: string): Uint8Array =>
  commitTo(sha256, { kind: CONTENT_KIND, salt, bytes: utf8(text) });

/**
 * What the content of an entry's receipt may have been salted with, the newest key's first. Not secret from
 * whoever may read the whole entry; to others it would tell whether a guess at its text is right.
 */
export const receiptSalts = (keyRing: KeyRing, entryId: string): Uint8Array[] =>
  keyRing.macs("fingerprint", saltInput(entryId)).map(({ mac }) => mac);

const saltInput = (entryId: string): string => `receipt\0${entryId}`;
