import { hashNode, rootOf, type Sha256 } from "./merkle.ts";

/** The root of a tree while its leaves come by one after the other; keeps one hash for each of its levels. */
export class GrowingRoot {
  readonly #sha256: Sha256;
  /** Roots of whole subtrees, the largest first. */
  readonly #subtrees: { height: number; hash: Uint8Array }[] = [];
  size = 0;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  add(leafHash: Uint8Array): void {
    let added = { height: 0, hash: leafHash };
    for (;;) {
      const last = this.#subtrees.at(-1);
      if (last?.height !== added.height) break;
      this.#subtrees.pop();
      added = { height: added.height + 1, hash: hashNode(this.#sha256, last.hash, added.hash) };
    }
    this.#subtrees.push(added);
    this.size += 1;
  }

  root(): Uint8Array {
    const hashes = this.#subtrees.map(({ hash }) => hash);
    const last = hashes.pop();
    if (last === undefined) return rootOf(this.#sha256, []);
    return hashes.reduceRight((rest, hash) => hashNode(this.#sha256, hash, rest), last);
  }
}
