import { ApiProblem, requestReply, Unreachable } from "../../api/client.ts";

/** Where an export stands; it goes on while other pages are looked at. */
export type ExportState =
  | { kind: "none" }
  | { kind: "running"; entries: number }
  | { kind: "done"; entries: number }
  | { kind: "broken"; error: Error | null };

let state: ExportState = { kind: "none" };
let running: AbortController | null = null;
const listeners = new Set<() => void>();

/** For useSyncExternalStore. */
export const exportState = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: (): ExportState => state,
};

/** The browser asks before the tab is closed: the file would never be written. */
const holdTab = (event: BeforeUnloadEvent): void => event.preventDefault();

function become(next: ExportState): void {
  state = next;
  if (state.kind === "running") globalThis.addEventListener("beforeunload", holdTab);
  else globalThis.removeEventListener("beforeunload", holdTab);
  for (const listener of listeners) listener();
}

type Picker = (options: { suggestedName: string }) => Promise<{
  createWritable(): Promise<WritableStream<Uint8Array>>;
}>;

/** The browser's own dialog for saving, where it has one: then the file is written as it comes. */
export function filePicker(): Picker | null {
  const { showSaveFilePicker } = globalThis as { showSaveFilePicker?: Picker };
  return showSaveFilePicker?.bind(globalThis) ?? null;
}

/**
 * Writes an export into a file that the person chooses, a piece at a time: nothing of it stays in memory.
 * Choosing no file is no failure. It goes on while other pages of the panel are looked at.
 *
 * @returns how it ended.
 */
export async function exportToFile(
  path: string,
  { picker, format }: { picker: Picker; format: "csv" | "ndjson" },
): Promise<ExportState> {
  const abort = new AbortController();
  try {
    const day = new Date().toISOString().slice(0, 10);
    const file = await picker({ suggestedName: `action-log-${day}.${format}` });
    running = abort;
    become({ kind: "running", entries: 0 });
    const reply = await requestReply("GET", path, { signal: abort.signal });
    if (reply.body === null) {
      become({ kind: "broken", error: null });
      return state;
    }
    const counter = new EntryCounter(format === "csv");
    await reply.body
      .pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(piece, out) {
            counter.add(piece);
            become({ kind: "running", entries: counter.entries });
            out.enqueue(piece);
          },
        }),
      )
      .pipeTo(await file.createWritable(), { signal: abort.signal });
    become(
      counter.isWhole
        ? { kind: "done", entries: counter.entries }
        : { kind: "broken", error: null },
    );
  } catch (error) {
    const isLeft = abort.signal.aborted || (error as Error).name === "AbortError";
    become(isLeft ? { kind: "none" } : { kind: "broken", error: toldBy(error) });
  } finally {
    running = null;
  }
  return state;
}

/** What is worth telling: a refusal, or that nobody answers; not how the browser names a broken stream. */
const toldBy = (error: unknown): Error | null =>
  error instanceof ApiProblem || error instanceof Unreachable ? error : null;

export function stopExport(): void {
  running?.abort();
}

export const forgetExport = (): void => become({ kind: "none" });

const [QUOTE, LINE_END] = [34, 10];
/** `{"error":` begins the last line of an NDJSON export that broke off. */
const BROKEN = new TextEncoder().encode('{"error":');

/** Counts entries in the pieces of a file: lines, in a table those outside of quotes but the header. */
export class EntryCounter {
  readonly #isTable: boolean;
  #lines = 0;
  #isQuoted = false;
  #lineStart: number[] = [];

  constructor(isTable: boolean) {
    this.#isTable = isTable;
  }

  get isWhole(): boolean {
    return !this.#isBroken;
  }

  get entries(): number {
    const others = this.#isTable || this.#isBroken ? 1 : 0;
    return Math.max(0, this.#lines - others);
  }

  #isBroken = false;

  add(piece: Uint8Array): void {
    for (const byte of piece) {
      if (this.#isTable && byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      if (byte === LINE_END && !this.#isQuoted) this.#endLine();
      else if (this.#lineStart.length < BROKEN.length) this.#lineStart.push(byte);
    }
  }

  #endLine(): void {
    this.#lines += 1;
    if (!this.#isTable) this.#isBroken = BROKEN.every((byte, at) => this.#lineStart[at] === byte);
    this.#lineStart = [];
  }
}
