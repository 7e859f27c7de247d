/** Which numbers were seen, a bit each: of a million that lie close together 125 kB. */
export class SeenNumbers {
  readonly #words = new Map<number, Uint32Array>();

  /** @returns whether it had been seen before. */
  add(number: number): boolean {
    const block = Math.floor(number / BLOCK);
    let words = this.#words.get(block);
    if (words === undefined) {
      words = new Uint32Array(BLOCK / 32);
      this.#words.set(block, words);
    }
    const at = number - block * BLOCK;
    const bit = 2 ** (at % 32);
    const word = words[at >>> 5] ?? 0;
    words[at >>> 5] = word | bit;
    return (word & bit) !== 0;
  }
}

const BLOCK = 1024;
