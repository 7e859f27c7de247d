/**
 * Chance that comes out the same each time, so that everybody's demo is the same company. For made-up
 * traffic alone, never for a secret.
 */
export class DemoDice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** From 0 up to 1: xorshift of 32 bits. */
  roll(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state / 2 ** 32;
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[Math.floor(this.roll() * from.length)] ?? from[0];
  }

  /** A whole number whose average is `mean`: its floor or the one above. */
  around(mean: number): number {
    return Math.floor(mean + this.roll());
  }
}
