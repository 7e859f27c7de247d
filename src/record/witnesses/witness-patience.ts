import type { NoteSignature } from "../../contract/proofs/note.ts";
import type { Witness } from "../../contract/proofs/policy.ts";
import type { SignedHead } from "./witness-queries.ts";

/** Until a witness that failed is asked again, ms; twice as long after each further time, up to a minute. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

type Head = Pick<SignedHead, "epoch" | "size">;

/** Which witness is to be asked for what, and what they have signed of the newest checkpoint. */
export class WitnessPatience {
  readonly #nowMs: () => number;
  readonly #failures = new Map<string, { count: number; notBeforeMs: number }>();
  #head: Head = { epoch: 0, size: 0 };
  #signatures = new Map<string, readonly NoteSignature[]>();

  /** @param nowMs a clock that is never set back. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  mayAsk({ name, url }: Witness, head: Head): boolean {
    const failed = this.#failures.get(name);
    if (url === null || (failed !== undefined && this.#nowMs() < failed.notBeforeMs)) return false;
    return !this.signaturesOf(head).has(name);
  }

  hasSigned({ name }: Witness, head: Head, signatures: readonly NoteSignature[]): void {
    this.#failures.delete(name);
    if (!this.#isAt(head)) {
      this.#head = { epoch: head.epoch, size: head.size };
      this.#signatures = new Map();
    }
    this.#signatures.set(name, signatures);
  }

  hasFailed({ name }: Witness): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(count - 1, 10));
    this.#failures.set(name, { count, notBeforeMs: this.#nowMs() + pauseMs });
  }

  /** As if nobody had signed the newest checkpoint: a witness signs the same thing twice. */
  forgetSigned(): void {
    this.#signatures = new Map();
  }

  /** By the witness's name. */
  signaturesOf(head: Head): ReadonlyMap<string, readonly NoteSignature[]> {
    return this.#isAt(head) ? this.#signatures : new Map();
  }

  #isAt({ epoch, size }: Head): boolean {
    return this.#head.epoch === epoch && this.#head.size === size;
  }
}
