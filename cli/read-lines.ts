import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** Read at a time, bytes. */
const PIECE_BYTES = 1024 * 1024;
/** No line of ours is longer; whoever made a longer one must not fill our memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * The lines of a file, a piece of it at a time. What stands behind the last line break is a line too: the file was
 * cut there.
 *
 * @param onRead how many of the file's bytes were read.
 * @throws what reading the file throws; {Error} for a line that is too long.
 */
export async function* readLines(
  path: string,
  onRead: (bytes: number, all: number) => void,
): AsyncGenerator<string[]> {
  const { size } = await stat(path);
  let rest: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    const bytes = piece as Buffer;
    read += bytes.length;
    const end = bytes.lastIndexOf(LINE_FEED);
    if (end === -1) rest = Buffer.concat([rest, bytes]);
    else {
      const whole = Buffer.concat([rest, bytes.subarray(0, end)]);
      rest = Buffer.from(bytes.subarray(end + 1));
      yield whole.toString("utf8").split("\n");
    }
    if (rest.length > MAX_LINE_BYTES) throw new Error(`${path} holds a line that is too long`);
    onRead(read, size);
  }
  if (rest.length > 0) yield [rest.toString("utf8")];
}
