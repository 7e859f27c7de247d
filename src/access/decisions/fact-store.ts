import type { KnownVersions } from "./known-versions.ts";

/** Something that decisions are made with, and the version slots that change when it does. */
export type Loaded<T> = { id: string; value: T; slots: readonly number[] };

export type Fact<T> = { value: T; slots: readonly number[]; epoch: number };

/** Facts remembered of one kind; beyond it those loaded longest ago are forgotten and looked up again. */
const MAX_FACTS = 200_000;

/**
 * Facts in memory, looked up when they are asked for and missing or out of date. Nothing is patched:
 * a fact whose slot changed is read again (docs/decisions/0004-facts-are-read-again.md).
 */
export class FactStore<T> {
  readonly #versions: KnownVersions;
  readonly #load: (ids: readonly string[]) => Promise<readonly Loaded<T>[]>;
  readonly #facts = new Map<string, Fact<T>>();
  #waiting: { ids: Set<string>; found: Promise<Set<string>> } | null = null;

  /** @param load looks ids up; an id that it does not return does not exist. */
  constructor(
    versions: KnownVersions,
    load: (ids: readonly string[]) => Promise<readonly Loaded<T>[]>,
  ) {
    this.#versions = versions;
    this.#load = load;
  }

  /** The fact as it is known now, or undefined: not in memory, or out of date. */
  get(id: string): Fact<T> | undefined {
    const fact = this.#facts.get(id);
    return fact !== undefined && this.#versions.isCurrent(fact.slots, fact.epoch)
      ? fact
      : undefined;
  }

  /** Looks the id up; all that are asked for in one turn go in one query. @returns whether it exists. */
  async fetch(id: string): Promise<boolean> {
    if (this.#waiting === null) {
      const ids = new Set<string>();
      this.#waiting = { ids, found: this.#fetchTogether(ids) };
    }
    this.#waiting.ids.add(id);
    return (await this.#waiting.found).has(id);
  }

  async #fetchTogether(ids: Set<string>): Promise<Set<string>> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#waiting = null;
    const { epoch } = this.#versions;
    const loaded = await this.#load([...ids]);
    for (const id of ids) this.#facts.delete(id);
    if (this.#facts.size + ids.size > MAX_FACTS) this.#forgetOldest();
    for (const { id, value, slots } of loaded) this.#facts.set(id, { value, slots, epoch });
    return new Set(loaded.map(({ id }) => id));
  }

  #forgetOldest(): void {
    let surplus = MAX_FACTS / 10;
    for (const id of this.#facts.keys()) {
      if (surplus-- <= 0) return;
      this.#facts.delete(id);
    }
  }
}
