import type { Context } from "../../context.ts";
import { verifyBatch, type BatchRow } from "../entries/batch.ts";
import { decodeWanted } from "../entries/entry-codec.ts";
import type { Entry } from "../entries/entry.ts";

export type OpeningServices = Pick<Context, "keyRing" | "log" | "recorder">;

/**
 * The entries of a batch by position, or null when it is not as it was written: its MAC does not fit, or was made
 * with a secret key that is not among ours. That is reported; what it says is not repeated.
 *
 * @param isWanted leaves others undecoded, and out.
 */
export function openBatch(
  { keyRing, log, recorder }: OpeningServices,
  batch: BatchRow,
  isWanted: (position: number, text: string) => boolean = () => true,
): ReadonlyMap<number, Entry> | null {
  const { day, writer, number } = batch;
  try {
    if (verifyBatch(keyRing, batch)) return decodeWanted(batch.payload, isWanted);
  } catch (error) {
    log.error({ err: error, day, writer, number }, "a batch on record can't be read");
    return null;
  }
  recorder.badBatchCount += 1;
  log.error({ day, writer, number }, "a batch on record is not as it was written");
  return null;
}
