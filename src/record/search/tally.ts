import { hash } from "node:crypto";
import { alikeOf, type Alike } from "../entries/alike.ts";
import type { BatchRow } from "../entries/batch.ts";
import { HOUR_MS, type Share } from "../entries/writer-counts.ts";
import { likenessOf } from "./likeness.ts";
import { openBatch, type OpeningServices } from "./open-batch.ts";

/** A row of entry_tally, with the accounts and apps in whose logs it stands. */
export type TallyRow = {
  alike: Alike;
  hour: Date;
  key: string;
  count: number;
  lastAtMs: number;
};

/** Adds entries up by hour and by what they have in common. */
export class Tally {
  readonly #rows = new Map<string, TallyRow>();

  get rows(): readonly TallyRow[] {
    return [...this.#rows.values()];
  }

  /** @returns false for a batch that is not as it was written: nothing of it is counted. */
  addBatch(services: OpeningServices, batch: BatchRow): boolean {
    if (batch.class === "empty") return true;
    const counts = new Map<string, number>();
    const likenesses = new Map<number, string>();
    const entries = openBatch(services, batch, (position, text) => {
      const likeness = likenessOf(text);
      if (likeness === null) return true;
      const seen = counts.get(likeness) ?? 0;
      counts.set(likeness, seen + 1);
      if (seen === 0) likenesses.set(position, likeness);
      return seen === 0;
    });
    if (entries === null) return false;
    const atMs = batch.at.getTime();
    for (const [position, entry] of entries) {
      const likeness = likenesses.get(position);
      const times = likeness === undefined ? 1 : (counts.get(likeness) ?? 1);
      const count = { count: times * (entry.count ?? 1), lastAtMs: atMs };
      // The batch's own class: the contract may not know an action any more.
      const alike = { ...alikeOf(entry), class: batch.class };
      this.#add(atMs - (atMs % HOUR_MS), alike, count);
    }
    return true;
  }

  /** What a writer counted itself. */
  addShare({ hours }: Share): void {
    for (const [hourMs, kinds] of hours)
      for (const [alike, count] of kinds) this.#add(hourMs, alike, count);
  }

  #add(
    hourMs: number,
    alike: Alike,
    { count, lastAtMs }: { count: number; lastAtMs: number },
  ): void {
    const hour = new Date(hourMs);
    const key = keyOf(hour, alike);
    const known = this.#rows.get(key);
    if (known === undefined) this.#rows.set(key, { alike, hour, key, count, lastAtMs });
    else {
      known.count += count;
      known.lastAtMs = Math.max(known.lastAtMs, lastAtMs);
    }
  }
}

/** 128 bits of SHA-256 over hour and kind: equal keys mean equal rows. */
function keyOf(hour: Date, alike: Alike): string {
  const { action, outcome, actorKind, actorId, credentialId, address, appId } = alike;
  const text = JSON.stringify([
    [hour, action, outcome, alike.class, actorKind, actorId, credentialId, address, appId],
    [alike.apps, alike.isGuess, alike.subjects],
  ]);
  const hex = hash("sha256", text, "hex").slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
