import { hash, randomBytes } from "node:crypto";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { parseApiKey, type ApiKeyKind } from "../../platform/crypto/api-key-format.ts";

/** Keys remembered as proven; beyond it all are proven again. */
const MAX_PROVEN = 100_000;

type ProvenKey = { kind: ApiKeyKind; id: string };

/**
 * Remembers which key texts were proven against their MAC, so that a busy key costs one plain hash
 * (0.3 µs) instead of an HMAC (2.2 µs). Remembered is a digest salted for this process, not
 * the text. A key's MAC never changes under its id, so proof holds; whether the key may still be used is
 * not remembered here.
 */
export class ProvenKeys {
  readonly #salt = randomBytes(32).toString("base64");
  readonly #proven = new Map<string, ProvenKey>();
  readonly #keyRing: KeyRing;
  #last: { text: string; proven: ProvenKey | undefined } = { text: "", proven: undefined };

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing;
  }

  /** The key's id when this very text was proven before. */
  find(text: string): ProvenKey | undefined {
    if (text === this.#last.text) return this.#last.proven;
    return this.#proven.get(this.#digest(text));
  }

  /** For an asker's key, which comes with every question: it alone is remembered as it is, until another asks. */
  findAsker(text: string): ProvenKey | undefined {
    const proven = this.find(text);
    if (proven !== undefined && text !== this.#last.text) this.#last = { text, proven };
    return proven;
  }

  /** What the text claims to be; null when it is none of our keys. Nothing is proven by it. */
  claimOf(text: string): ProvenKey | null {
    return parseApiKey(text);
  }

  /** Whether the text is the key with this MAC; remembered when it is. */
  prove(text: string, claim: ProvenKey, stored: { mac: Buffer; macKeyId: string }): boolean {
    if (!this.#keyRing.verifyMac("api-key", stored.macKeyId, text, stored.mac)) return false;
    if (this.#proven.size >= MAX_PROVEN) this.#proven.clear();
    this.#proven.set(this.#digest(text), claim);
    return true;
  }

  #digest(text: string): string {
    return hash("sha256", this.#salt + text, "hex");
  }
}
