import { randomBytes } from "node:crypto";

const MAX_TIMESTAMP = 2 ** 48 - 1;
const COUNTER_MAX = 0xfff;

/** A clock set back by more than this is believed; by less, ids stay on the later time and keep their order. */
const ROLLBACK_TOLERATED_MS = 10_000;

let lastMs = -1;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562 §5.7): milliseconds since 1970, then randomness, so ids sort by time. Within this process
 * ids of one millisecond, or of a clock stepping back by up to 10 s, still sort in the order they were made: the 12 bits
 * after the version are a counter that starts at random in its lower half (§6.2, method 1); when it is full, the id
 * takes the next millisecond. 62 bits are random in each id. An id is a name, never a secret.
 *
 * @throws {RangeError} when `nowMs` is not a whole number of milliseconds that fits in 48 bits.
 */
export function uuidv7(nowMs: number, random: (size: number) => Buffer = randomBytes): string {
  if (!Number.isInteger(nowMs) || nowMs < 0 || nowMs > MAX_TIMESTAMP)
    throw new RangeError("a version 7 UUID needs whole milliseconds since 1970, below 2^48");

  const bytes = Buffer.alloc(16);
  random(10).copy(bytes, 6);
  const seed = bytes.readUInt16BE(6) & 0x7ff;
  if (nowMs > lastMs || lastMs - nowMs > ROLLBACK_TOLERATED_MS) {
    lastMs = nowMs;
    counter = seed;
  } else if (counter < COUNTER_MAX) {
    counter += 1;
  } else {
    lastMs += 1;
    counter = seed;
  }

  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
