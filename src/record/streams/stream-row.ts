import type { StreamFormat, StreamKind } from "../../contract/record/streams.ts";
import type { StreamFault } from "../../contract/failures.ts";
import type { Place } from "./place.ts";

/** A row of log_stream as it is read. */
export type StreamRow = {
  id: string;
  organisation_id: string | null;
  name: string;
  kind: StreamKind;
  covers: "important" | "everything";
  format: StreamFormat;
  alarm_after_minutes: number;
  sealed: Buffer;
  state: "on" | "paused" | "stopped";
  created_by: string;
  created_at: Date;
  started_at: Date;
  epoch: number;
  leaf: string;
  position: number;
  parcel_epoch: number | null;
  parcel_leaf: string | null;
  parcel_position: number | null;
  failures: number;
  refusals: number;
  next_try_at: Date | null;
  fault: string | null;
  fault_at: Date | null;
  delivered_at: Date | null;
  delivered_entries: string;
  alarmed_at: Date | null;
};

/** The next entry to be sent. */
export const cursorOf = ({ epoch, leaf, position }: StreamRow): Place => ({
  epoch,
  leaf: Number(leaf),
  position,
});

/** Where the parcel under way ends; null when none was begun. */
export function parcelEndOf(row: StreamRow): Place | null {
  const { parcel_epoch: epoch, parcel_leaf: leaf, parcel_position: position } = row;
  if (epoch === null || leaf === null || position === null) return null;
  return { epoch, leaf: Number(leaf), position };
}

/** As it is kept beside a stream and its dead letters. */
export const faultText = (fault: StreamFault): string => JSON.stringify(fault);
export const readFault = (text: string): StreamFault => JSON.parse(text) as StreamFault;
