import type { Services } from "../../context.ts";
import { FactStore, type Fact, type Loaded } from "./fact-store.ts";
import type { AppFact, KeyFact, OperatorKeyFact } from "./facts.ts";
import { KnownVersions } from "./known-versions.ts";
import { loadAppFacts, loadKeyFacts } from "./load-facts.ts";
import { ProvenKeys } from "./proven-keys.ts";

/** What one question has looked up in vain; such an id is unknown to it, and looked up again by the next. */
export type Absent = Set<string>;

/** A fact is being fetched: decide again when this is resolved. */
export type Missing = Promise<void>;

export type FactRoomOptions = Pick<Services, "db" | "keyRing"> & {
  /** Port: the operator's keys by id; their slot is the installation's. */
  loadOperatorKeys: (ids: readonly string[]) => Promise<readonly Loaded<OperatorKeyFact>[]>;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Everything this process remembers to decide with. */
export class FactRoom {
  readonly versions = new KnownVersions();
  readonly #keys: FactStore<KeyFact>;
  readonly #apps: FactStore<AppFact>;
  readonly #operatorKeys: FactStore<OperatorKeyFact>;
  readonly #proven: ProvenKeys;

  constructor({ db, keyRing, loadOperatorKeys }: FactRoomOptions) {
    this.#keys = new FactStore(this.versions, (ids) => loadKeyFacts(db, ids));
    this.#apps = new FactStore(this.versions, (ids) => loadAppFacts(db, ids));
    this.#operatorKeys = new FactStore(this.versions, loadOperatorKeys);
    this.#proven = new ProvenKeys(keyRing);
  }

  app(id: string, absent: Absent): Fact<AppFact> | null | Missing {
    return UUID.test(id) ? find(this.#apps, id, absent) : null;
  }

  /** The API key that this text is; null when no key has this id and secret. */
  key(text: string, absent: Absent): Fact<KeyFact> | null | Missing {
    return this.#prove(this.#keys, { text, kind: "key", absent });
  }

  /** The same for whoever asks: its key comes with every question. */
  askerKey(text: string, absent: Absent): Fact<KeyFact> | null | Missing {
    this.#proven.findAsker(text);
    return this.key(text, absent);
  }

  operatorKey(text: string, absent: Absent): Fact<OperatorKeyFact> | null | Missing {
    return this.#prove(this.#operatorKeys, { text, kind: "op", absent });
  }

  #prove<T extends { mac: Buffer; macKeyId: string }>(
    store: FactStore<T>,
    { text, kind, absent }: { text: string; kind: "key" | "op"; absent: Absent },
  ): Fact<T> | null | Missing {
    const proven = this.#proven.find(text);
    const claim = proven ?? this.#proven.claimOf(text);
    if (claim === null || claim.kind !== kind) return null;
    const fact = find(store, claim.id, absent);
    if (fact === null || fact instanceof Promise) return fact;
    return proven !== undefined || this.#proven.prove(text, claim, fact.value) ? fact : null;
  }
}

function find<T>(store: FactStore<T>, id: string, absent: Absent): Fact<T> | null | Missing {
  const fact = store.get(id);
  if (fact !== undefined) return fact;
  if (absent.has(id)) return null;
  return store.fetch(id).then((isThere) => {
    if (!isThere) absent.add(id);
  });
}
