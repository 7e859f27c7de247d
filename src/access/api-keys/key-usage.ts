import type { Services } from "../../context.ts";
import {
  MAX_CALLERS_PER_KEY,
  writeUsage,
  type CallerUse,
  type KeyUse,
} from "./key-usage-queries.ts";

/** How often uses are written, ms; with the time that writing takes they are on disk within a minute. */
const FLUSH_EVERY_MS = 30_000;

/** So many keys used since the last writing bring the next one forward, so that memory stays bounded. */
const FLUSH_AT_KEYS = 20_000;

/**
 * When and from where keys are used, collected in memory and written in batches: never one write a
 * use. What is not written when the process is killed is lost; what decides is elsewhere.
 */
export class KeyUsage {
  readonly #services: Pick<Services, "db" | "log">;
  #uses = new Map<string, KeyUse>();
  #flushing: Promise<void> | null = null;

  constructor(services: Pick<Services, "db" | "log">) {
    this.#services = services;
  }

  /**
   * Notes one use of a key whose secret was proven. Allocates nothing when key and address are known.
   *
   * @param address canonical; null where it could not be told.
   */
  used(keyId: string, address: string | null, isAllowed: boolean, atMs: number): void {
    let use = this.#uses.get(keyId);
    if (use === undefined) {
      use = { lastUsedAtMs: 0, lastUsedAddress: null, callers: new Map() };
      this.#uses.set(keyId, use);
      if (this.#uses.size === FLUSH_AT_KEYS) this.#flushSoon();
    }
    if (isAllowed && atMs >= use.lastUsedAtMs) {
      use.lastUsedAtMs = atMs;
      use.lastUsedAddress = address;
    }
    if (address === null) return;
    const caller = use.callers.get(address) ?? addCaller(use.callers, address, atMs);
    if (isAllowed) {
      caller.allowed += 1;
      if (atMs > caller.lastAllowedAtMs) caller.lastAllowedAtMs = atMs;
    } else {
      caller.refused += 1;
      if (atMs > caller.lastRefusedAtMs) caller.lastRefusedAtMs = atMs;
    }
  }

  /**
   * Writes what was noted until now. What cannot be written is kept for the next time.
   *
   * @throws what the database says.
   */
  async flush(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing.catch(() => {});
    if (this.#uses.size === 0) return;
    this.#flushing = this.#write();
    try {
      await this.#flushing;
    } finally {
      this.#flushing = null;
    }
  }

  /** Writes at intervals; the returned function stops that and writes the rest. */
  start(): () => Promise<void> {
    const timer = setInterval(() => this.#flushSoon(), FLUSH_EVERY_MS);
    timer.unref();
    return async () => {
      clearInterval(timer);
      await this.flush();
    };
  }

  #flushSoon(): void {
    this.flush().catch((error: unknown) => {
      this.#services.log.warn({ err: error }, "uses of keys could not be written; tried again");
    });
  }

  async #write(): Promise<void> {
    const uses = this.#uses;
    this.#uses = new Map();
    try {
      await writeUsage(this.#services.db, uses);
    } catch (error) {
      this.#takeBack(uses);
      throw error;
    }
  }

  /** What was noted meanwhile is newer. Beyond the bound on keys it is let go: a database that stays away must not fill memory. */
  #takeBack(uses: Map<string, KeyUse>): void {
    for (const [keyId, use] of uses) {
      const newer = this.#uses.get(keyId);
      if (newer === undefined) {
        if (this.#uses.size < FLUSH_AT_KEYS) this.#uses.set(keyId, use);
        continue;
      }
      if (use.lastUsedAtMs > newer.lastUsedAtMs) {
        newer.lastUsedAtMs = use.lastUsedAtMs;
        newer.lastUsedAddress = use.lastUsedAddress;
      }
      for (const [address, caller] of use.callers) addTo(newer.callers, address, caller);
    }
  }
}

function addCaller(callers: Map<string, CallerUse>, address: string, atMs: number): CallerUse {
  if (callers.size >= MAX_CALLERS_PER_KEY) forgetOldest(callers);
  const caller: CallerUse = {
    firstSeenAtMs: atMs,
    lastAllowedAtMs: 0,
    lastRefusedAtMs: 0,
    allowed: 0,
    refused: 0,
  };
  callers.set(address, caller);
  return caller;
}

function addTo(callers: Map<string, CallerUse>, address: string, older: CallerUse): void {
  const caller = callers.get(address);
  if (caller === undefined) {
    if (callers.size < MAX_CALLERS_PER_KEY) callers.set(address, older);
    return;
  }
  caller.firstSeenAtMs = Math.min(caller.firstSeenAtMs, older.firstSeenAtMs);
  caller.lastAllowedAtMs = Math.max(caller.lastAllowedAtMs, older.lastAllowedAtMs);
  caller.lastRefusedAtMs = Math.max(caller.lastRefusedAtMs, older.lastRefusedAtMs);
  caller.allowed += older.allowed;
  caller.refused += older.refused;
}

/** Those that were only refused go first: whoever tries many addresses must not push out those that work. */
function forgetOldest(callers: Map<string, CallerUse>): void {
  let oldest: { address: string; caller: CallerUse } | null = null;
  for (const [address, caller] of callers)
    if (oldest === null || isStaler(caller, oldest.caller)) oldest = { address, caller };
  if (oldest !== null) callers.delete(oldest.address);
}

function isStaler(a: CallerUse, b: CallerUse): boolean {
  if (a.lastAllowedAtMs !== b.lastAllowedAtMs) return a.lastAllowedAtMs < b.lastAllowedAtMs;
  return a.lastRefusedAtMs < b.lastRefusedAtMs;
}
