import { ApiProblem, Unreachable } from "../../api/client.ts";

/**
 * A file of the public log, of one of its lives.
 *
 * @param life the number at the end of the log's name
 * @throws {Unreachable} when nobody answers; {ApiProblem} `internal` for anything but a file.
 */
export async function readLogFile(
  life: string,
  path: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const reply = await fetch(`/audit/${life}/${path}`, {
    signal: signal ?? null,
    credentials: "omit",
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable("no answer", { cause: error });
  });
  if (!reply.ok) throw new ApiProblem(reply.status >= 502 ? "record-unavailable" : "internal");
  return new Uint8Array(await reply.arrayBuffer());
}

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
