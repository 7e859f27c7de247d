import type { ExportFormat } from "../../../src/contract/record/entries.ts";
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
  { picker, format }: { picker: Picker; format: ExportFormat },
): Promise<ExportState> {
  const abort = new AbortController();
  try {
    const day = new Date().toISOString().slice(0, 10);
    const file = await picker({ suggestedName: `action-log-${day}.${endings[format]}` });
    running = abort;
    become({ kind: "running", entries: 0 });
    const reply = await requestReply("GET", path, { signal: abort.signal });
    if (reply.body === null) {
      become({ kind: "broken", error: null });
      return state;
    }
    const counter = new EntryCounter(format);
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

/** How a file's name ends, as the server names it. */
const endings: Record<ExportFormat, string> = {
  csv: "csv",
  ndjson: "ndjson",
  ocsf: "ocsf.ndjson",
  bundle: "bundle.ndjson",
};

const [QUOTE, LINE_END] = [34, 10];
/** How the last line of a file of lines begins where the export broke off. */
const BROKEN = '{"error":';
/** How a bundle's entries begin, and its last line. */
const [BUNDLED, BUNDLE_END] = ['{"type":"entry"', '{"type":"end"'];
/** Bytes of each line that are looked at. */
const START_BYTES = BUNDLED.length;

/** Counts entries in the pieces of a file: lines, in a table those outside of quotes but the header. */
export class EntryCounter {
  readonly #format: ExportFormat;
  #entries = 0;
  #isQuoted = false;
  #isHeader: boolean;
  #isBroken = false;
  #lineStart: number[] = [];
  #last = "";

  constructor(format: ExportFormat) {
    this.#format = format;
    this.#isHeader = format === "csv";
  }

  get isWhole(): boolean {
    return this.#format === "bundle" ? this.#last.startsWith(BUNDLE_END) : !this.#isBroken;
  }

  get entries(): number {
    return this.#entries;
  }

  add(piece: Uint8Array): void {
    for (const byte of piece) {
      if (this.#format === "csv" && byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      if (byte === LINE_END && !this.#isQuoted) this.#endLine();
      else if (this.#lineStart.length < START_BYTES) this.#lineStart.push(byte);
    }
  }

  #endLine(): void {
    this.#last = String.fromCharCode(...this.#lineStart);
    this.#lineStart = [];
    if (this.#isEntry()) this.#entries += 1;
    this.#isHeader = false;
  }

  #isEntry(): boolean {
    if (this.#format === "csv") return !this.#isHeader;
    this.#isBroken = this.#last.startsWith(BROKEN);
    return this.#format === "bundle" ? this.#last.startsWith(BUNDLED) : !this.#isBroken;
  }
}
