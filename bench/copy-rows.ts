import { once } from "node:events";
import type { Client, Connection, Submittable } from "pg";

/** Bytes on their way that are waited for. */
const MAX_WAITING_BYTES = 4 << 20;

/** What of the protocol's connection a COPY needs. */
type CopyConnection = Connection & {
  stream: NodeJS.WritableStream & { writableLength: number };
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
};

/** Rows as COPY's text into a table: some ten times as fast as statements. */
export async function copyRows(
  client: Client,
  into: string,
  chunks: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let failure: Error | undefined;
    const copy = {
      submit: (connection: Connection) => {
        connection.query(`copy ${into} from stdin`);
      },
      handleCopyInResponse: (connection: CopyConnection) =>
        void send(connection, chunks).catch((error: unknown) => {
          connection.sendCopyFail(String(error));
        }),
      handleError: (error: Error) => {
        failure = error;
      },
      handleReadyForQuery: () => {
        if (failure === undefined) resolve();
        else reject(failure);
      },
      handleCommandComplete: () => {},
      handleRowDescription: () => {},
      handleDataRow: () => {},
      handlePortalSuspended: () => {},
      handleEmptyQuery: () => {},
    };
    client.query(copy as unknown as Submittable);
  });
}

async function send(
  connection: CopyConnection,
  chunks: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  for await (const chunk of chunks) {
    connection.sendCopyFromChunk(Buffer.from(chunk));
    if (connection.stream.writableLength > MAX_WAITING_BYTES)
      await once(connection.stream, "drain");
  }
  connection.endCopyFrom();
}

export type Copied = string | number | Date | Buffer | readonly string[] | null | undefined;

/** A value as COPY's text has it. */
export function copied(value: Copied): string {
  if (value === null || value === undefined) return "\\N";
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString("hex")}`;
  if (Array.isArray(value)) return `{${value.map(inArray).join(",")}}`;
  return String(value).replaceAll(/[\\\t\n\r]/g, (char) => `\\${ESCAPES[char]}`);
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\", "\t": "t", "\n": "n", "\r": "r" };

/** Ids and numbers: nothing in them needs a quote. */
function inArray(text: string): string {
  if (!/^[\w.:-]+$/.test(text)) throw new Error(`${text} needs quotes`);
  return text;
}
